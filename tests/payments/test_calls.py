"""How Stripe is called: pinned, within a time budget, repeated under one key, and apart from the SDK's globals."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stripe

from tests.fixtures.loopback import LoopbackServer, hang
from tests.fixtures.stripe import SECRET_KEY
from tests.payments.conftest import FarEnd
from tests.payments.said import charge, event, intent, refund, session
from wagtail_calendly.payments import (
    API_VERSION,
    PaymentAuthenticationError,
    PaymentError,
    PaymentRefused,
    PaymentUnavailable,
    StripeCheckout,
)

REPLAYED = {"Idempotent-Replayed": "true"}


def listed(path: str, *data: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "url": path, "data": data, "has_more": has_more}


def test_each_call_is_in_the_pinned_version_with_our_key(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    far_end.say(session())
    alone.checkout("cs_1")
    [request] = far_end.requests
    assert request.headers["Stripe-Version"] == API_VERSION
    assert request.headers["Authorization"] == f"Bearer {SECRET_KEY}"
    assert "wagtail-calendly/" in request.headers["User-Agent"]
    assert str(request.url).startswith("https://api.stripe.com/v1/checkout/sessions/cs_1?")
    assert request.extensions["timeout"]["read"] == 10


def test_the_globals_of_the_sdk_stay_the_sites(alone: StripeCheckout) -> None:
    assert (stripe.api_key, stripe.default_http_client) == (None, None)
    assert stripe.api_base == "https://api.stripe.com"


@pytest.mark.survives("stripe-fails-once")
def test_a_failure_is_repeated_under_the_same_key(far_end: FarEnd) -> None:
    provider = StripeCheckout(SECRET_KEY, retries=1, transport=far_end)
    far_end.answers = [httpx.ReadError("cut")]
    far_end.say(session(status="open", payment_status="unpaid", payment_intent=None))
    assert provider.open_checkout({}, idempotency_key="open:1").status == "open"
    assert [one.headers["Idempotency-Key"] for one in far_end.requests] == ["open:1"] * 2


def test_too_many_requests_are_not_made_more(far_end: FarEnd) -> None:
    far_end.refuse(429)
    with pytest.raises(PaymentError):
        StripeCheckout(SECRET_KEY, retries=2, transport=far_end).checkout("cs_1")
    assert len(far_end.requests) == 1


# The time budget


def test_a_call_ends_when_its_time_is_over(server: LoopbackServer) -> None:
    server.handlers = [hang]
    provider = StripeCheckout(SECRET_KEY, base_url=server.url, retries=2)
    started = time.monotonic()
    with pytest.raises(PaymentUnavailable):
        provider.within(0.3).checkout("cs_1")
    assert time.monotonic() - started < 0.45
    provider.close()


def test_nothing_is_repeated_that_would_outlast_the_time(
    far_end: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.5)
    far_end.refuse(500)
    started = time.monotonic()
    with pytest.raises(PaymentUnavailable):
        StripeCheckout(SECRET_KEY, retries=2, transport=far_end).within(0.4).checkout("cs_1")
    assert time.monotonic() - started < 0.4
    assert len(far_end.requests) == 1


def test_the_time_is_for_all_calls_together(alone: StripeCheckout, far_end: FarEnd) -> None:
    far_end.say(session())
    hurried = alone.within(100).within(5)
    assert hurried.within(100).checkout("cs_1").id == "cs_test_1"
    assert far_end.requests[-1].extensions["timeout"]["read"] <= 5
    with pytest.raises(PaymentUnavailable, match="Try again"):
        alone.within(0).checkout("cs_1")
    assert len(far_end.requests) == 1
    assert alone.checkout("cs_1").id == "cs_test_1"


# What is read in one go


def test_a_checkout_is_read_in_one_call(alone: StripeCheckout, far_end: FarEnd) -> None:
    far_end.say(session(), {"Date": "Fri, 15 Jan 2027 12:00:00 GMT"})
    said = alone.checkout("cs_1")
    assert said.observed_at.isoformat() == "2027-01-15T12:00:00+00:00"
    assert len(far_end.requests) == 1
    assert [value for name, value in far_end.sent.items() if name.startswith("expand")] == [
        ["payment_intent.latest_charge.refunds"],
        ["payment_intent.latest_charge.balance_transaction"],
    ]


def test_disputes_are_asked_for_only_where_there_are_some(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    disputed = intent(latest_charge=charge(disputed=True))
    far_end.say(session(payment_intent=disputed))
    far_end.say(listed("/v1/disputes", {"object": "dispute", "id": "du_1", "status": "lost"}))
    assert alone.checkout("cs_1").dispute == "lost"
    assert far_end.sent["payment_intent"] == ["pi_1"]


def test_more_refunds_than_come_along_are_listed(alone: StripeCheckout, far_end: FarEnd) -> None:
    many = {
        "object": "list",
        "data": [refund()],
        "has_more": True,
        "url": "/v1/charges/ch_1/refunds",
    }
    far_end.say(session(payment_intent=intent(latest_charge=charge(refunds=many))))
    far_end.say(listed("/v1/refunds", refund(id="re_1"), has_more=True))
    far_end.say(listed("/v1/refunds", refund(id="re_2")))
    assert [one.id for one in alone.checkout("cs_1").refunds] == ["re_1", "re_2"]
    assert far_end.sent["starting_after"] == ["re_1"]


@pytest.mark.survives("stripe-narrow-key")
def test_a_key_that_may_not_read_balances_is_enough(alone: StripeCheckout, far_end: FarEnd) -> None:
    far_end.refuse(403)
    far_end.say(session())
    assert alone.within(5).checkout("cs_1").status == "complete"
    assert alone.checkout("cs_1").status == "complete"
    assert len(far_end.requests) == 3
    assert "expand[1]" not in far_end.sent


def test_a_key_that_may_read_nothing_is_not_taken_for_a_narrow_one(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    far_end.refuse(401)
    with pytest.raises(PaymentAuthenticationError):
        alone.checkout("cs_1")
    far_end.answers.clear()
    far_end.say(session())
    alone.checkout("cs_1")
    assert "expand[1]" in far_end.sent


def test_a_stored_answer_is_read_anew(alone: StripeCheckout, far_end: FarEnd) -> None:
    stale = session(status="open", payment_status="unpaid", payment_intent=None)
    far_end.say(stale, REPLAYED)
    far_end.say(session())
    assert alone.open_checkout({}, idempotency_key="k").payment_status == "paid"
    far_end.answers.clear()
    far_end.say(refund(status="pending"), REPLAYED)
    far_end.say(refund(status="failed"))
    assert alone.refund({}, idempotency_key="k").status == "failed"


@pytest.mark.survives("paid-while-canceling")
def test_what_is_not_open_any_more_is_read_instead(alone: StripeCheckout, far_end: FarEnd) -> None:
    far_end.refuse(400, message='Only Checkout Sessions with a status in ["open"] can be expired.')
    far_end.say(session())
    assert alone.expire_checkout("cs_1").payment_status == "paid"


def test_what_cannot_be_closed_and_is_still_open_is_an_error(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    far_end.refuse(400, code="something_else")
    far_end.say(session(status="open", payment_status="unpaid", payment_intent=None))
    with pytest.raises(PaymentRefused, match="something_else"):
        alone.expire_checkout("cs_1")


def test_events_come_oldest_first_over_all_pages(alone: StripeCheckout, far_end: FarEnd) -> None:
    events = [{**event(), "id": f"evt_{number}"} for number in (3, 2, 1)]
    far_end.say(listed("/v1/events", *events[:2], has_more=True))
    far_end.say(listed("/v1/events", *events[2:]))
    hints = alone.hints(since=datetime(2027, 1, 15, tzinfo=UTC))
    assert [hint.id for hint in hints] == ["evt_1", "evt_2", "evt_3"]


def test_two_providers_do_not_mix_up_their_keys(far_end: FarEnd) -> None:
    far_end.say(session())
    for key in ("sk_test_one", "rk_live_two", "sk_test_one"):
        StripeCheckout(key, transport=far_end).checkout("cs_1")
    sent = [request.headers["Authorization"] for request in far_end.requests]
    assert sent == [f"Bearer {key}" for key in ("sk_test_one", "rk_live_two", "sk_test_one")]


@pytest.mark.parametrize("key", ["", "pk_test_1", "pk_live_1", "whsec_1", "sk_1", "sk_test_\r\nX"])
def test_what_is_no_secret_key_is_not_sent_anywhere(key: str) -> None:
    with pytest.raises(PaymentAuthenticationError) as caught:
        StripeCheckout(key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "mode", "part"), [("sk_test_1", "test", "test/"), ("rk_live_1", "live", "")]
)
def test_the_mode_follows_from_the_key(key: str, mode: str, part: str) -> None:
    provider = StripeCheckout(key)
    assert provider.mode == mode
    assert provider.dashboard_url("pi_1") == f"https://dashboard.stripe.com/{part}payments/pi_1"
    provider.close()


def test_the_sdk_is_loaded_with_the_first_provider_and_what_the_site_told_it_stays() -> None:
    program = (
        "import json, sys\n"
        "from wagtail_calendly.payments import StripeCheckout\n"
        "before = 'stripe' in sys.modules\n"
        "import stripe\n"
        "stripe.set_app_info('the-site')\n"
        "StripeCheckout('sk_test_x')\n"
        "print(json.dumps([before, stripe.app_info['name'], stripe.api_key]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert json.loads(ran.stdout) == [False, "the-site", None]
