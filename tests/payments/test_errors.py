"""Every way in which Stripe can fail to answer is one of our errors, and none of them repeats what was said."""

from __future__ import annotations

import traceback
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest

from tests.fixtures.loopback import LoopbackServer, hang_up, reply
from tests.payments.conftest import FarEnd, an_order
from wagtail_calendly.payments import (
    PaymentAuthenticationError,
    PaymentError,
    PaymentIdempotencyConflict,
    PaymentNotFound,
    PaymentRateLimited,
    PaymentRefused,
    PaymentUnavailable,
    StripeCheckout,
)

KEY = "sk_test_canaryKey"
REPLAYED = {"Idempotent-Replayed": "true"}


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "invalid_request_error", "code": "amount_too_small"}, PaymentRefused),
        (400, {"type": "idempotency_error"}, PaymentIdempotencyConflict),
        (400, {"type": "invalid_request_error", "code": "rate_limit"}, PaymentRateLimited),
        (401, {"type": "invalid_request_error"}, PaymentAuthenticationError),
        (402, {"type": "card_error", "code": "card_declined"}, PaymentRefused),
        (403, {"type": "invalid_request_error"}, PaymentAuthenticationError),
        (404, {"type": "invalid_request_error", "code": "resource_missing"}, PaymentNotFound),
        (409, {"type": "invalid_request_error", "code": "lock_timeout"}, PaymentUnavailable),
        (429, {"type": "invalid_request_error", "code": "lock_timeout"}, PaymentRateLimited),
        (500, {"type": "api_error"}, PaymentUnavailable),
        (503, {"type": "api_error"}, PaymentUnavailable),
    ],
)
def test_each_refusal_is_an_error_of_ours(
    alone: StripeCheckout, far_end: FarEnd, status: int, error: Any, kind: type[PaymentError]
) -> None:
    far_end.refuse(status, {"Request-Id": "req_1"}, message="No.", **error)
    with pytest.raises(PaymentError) as caught:
        alone.checkout("cs_1")
    assert type(caught.value) is kind
    assert caught.value.request_id == "req_1"


def test_a_refusal_says_what_stripe_calls_it(alone: StripeCheckout, far_end: FarEnd) -> None:
    far_end.refuse(400, code="amount_too_small", param="line_items[0][price_data][unit_amount]")
    with pytest.raises(PaymentRefused, match=r"amount_too_small.*unit_amount") as caught:
        alone.open_checkout({}, idempotency_key="k")
    assert caught.value.code == "amount_too_small"


def test_a_key_that_may_not_says_which_permission_it_lacks(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    far_end.refuse(403, message="Having the 'rak_checkout_session_write' permission would help.")
    with pytest.raises(PaymentAuthenticationError, match="lacks rak_checkout_session_write"):
        alone.open_checkout({}, idempotency_key="k")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 5), ({"Retry-After": "9"}, 9), ({"Retry-After": "0"}, 1), ({"Retry-After": "9999"}, 120),
     ({"Retry-After": "Wed, 21 Oct 2026"}, 5)],
)  # fmt: skip
def test_how_long_to_wait(
    alone: StripeCheckout, far_end: FarEnd, headers: dict[str, str], seconds: float
) -> None:
    far_end.refuse(429, headers)
    with pytest.raises(PaymentRateLimited) as caught:
        alone.checkout("cs_1")
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [500, 502])
def test_a_stored_failure_is_not_worth_repeating(
    alone: StripeCheckout, far_end: FarEnd, status: int
) -> None:
    far_end.refuse(status, REPLAYED, type="api_error")
    with pytest.raises(PaymentIdempotencyConflict):
        alone.open_checkout({}, idempotency_key="k")


def incomplete(request: BaseHTTPRequestHandler) -> None:
    reply(200, b'{"id": "cs', **{"Content-Length": "900"})(request)
    request.close_connection = True


@pytest.mark.survives("stripe-answers-garbage")
@pytest.mark.parametrize(
    "fault",
    [
        hang_up,
        incomplete,
        reply(502, b"<html>Bad gateway</html>"),
        reply(200, b"<html>Welcome to the hotel's network</html>"),
        reply(200, b'{"id": "cs_1"'),
        reply(200, b"[]"),
        reply(200, b"null"),
        reply(200, b"{}"),
        reply(200, b"\xff\xfe"),
        reply(500, b'{"error": "a word"}'),
        reply(302, b"", Location="https://elsewhere.example/"),
    ],
)
def test_what_is_no_answer_leaves_the_outcome_unknown(server: LoopbackServer, fault: Any) -> None:
    server.handlers = [fault]
    provider = StripeCheckout(KEY, base_url=server.url, retries=0)
    with pytest.raises(PaymentUnavailable):
        provider.open_checkout({"mode": "payment"}, idempotency_key="k")
    assert len(server.paths) == 1
    provider.close()


def test_nobody_listens() -> None:
    provider = StripeCheckout(KEY, base_url="http://127.0.0.1:9", retries=0)
    with pytest.raises(PaymentUnavailable, match="ConnectError"):
        provider.checkout("cs_1")
    provider.close()


@pytest.mark.survives("stripe-secrets-in-logs")
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 429, 500])
def test_no_error_and_no_log_repeats_what_was_sent_or_said(
    far_end: FarEnd, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level("INFO", "wagtail_calendly")
    far_end.refuse(
        status,
        {"Request-Id": "req_1"},
        message="Invalid email: canary@example.org",
        code="email_invalid",
    )
    provider = StripeCheckout(KEY, retries=0, transport=far_end)
    params = provider.checkout_params(an_order(email="canary@example.org", title="Canary"))
    with pytest.raises(PaymentError) as caught:
        provider.open_checkout(params, idempotency_key="k")
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    own = "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("wagtail")
    )
    assert "canary" not in (told + own + repr(provider)).lower().replace("test_errors.py", "")
    assert f"POST /v1/checkout/sessions: {status} in " in own
    assert "req_1" in own
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_broken_connection_leads_to_nothing_that_was_sent(
    alone: StripeCheckout, far_end: FarEnd
) -> None:
    far_end.answers = [httpx.ReadTimeout("canary")]
    with pytest.raises(PaymentUnavailable, match="ReadTimeout") as caught:
        alone.refund({"payment_intent": "pi_1"}, idempotency_key="k")
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_logs_name_no_object(
    alone: StripeCheckout, far_end: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "wagtail_calendly")
    far_end.refuse(404)
    for call in (alone.checkout, alone.expire_checkout, alone.refund_said, alone.delete_endpoint):
        with pytest.raises(PaymentError):
            call("cs_live_a1B2")
    own = [record.getMessage() for record in caplog.records if "Stripe GET" in record.getMessage()]
    assert "Stripe GET /v1/checkout/sessions/{id}: 404" in own[0]
    assert "cs_live_a1B2" not in "".join(own)
