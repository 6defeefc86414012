"""The webhook endpoint at Stripe: made, found, mended, moved and ended, against the simulator."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks.signals import task_finished
from stripe import StripeClient

from tests.fixtures.simulator import Simulator
from tests.fixtures.stripe import SECRET_KEY
from tests.payments.conftest import an_order
from wagtail_calendly import accounts
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.bookings.models import WebhookDelivery
from wagtail_calendly.payments import API_VERSION, EVENTS, Endpoint

pytestmark = pytest.mark.django_db

BASE = "https://www.example.org"
#: Of no version of its own: what it delivers is in the account's.
UNPINNED = {"api_version": None}


@pytest.fixture
def stripe(settings: Any, simulator: Simulator) -> Iterator[Simulator]:
    """Payments at a fresh simulator; no signing secret is known yet."""
    payments = {"SECRET_KEY": SECRET_KEY, "BASE_URL": simulator.url}
    settings.WAGTAIL_CALENDLY = {"PAYMENTS": payments}
    yield simulator
    accounts.close()


def endpoints() -> list[Endpoint]:
    return list(accounts.payments().endpoints())


def made_elsewhere(simulator: Simulator, **params: Any) -> str:
    """An endpoint as the dashboard would make it; its id."""
    client = StripeClient(SECRET_KEY, base_addresses={"api": simulator.url})
    usual = {
        "url": payment_endpoint.address(BASE),
        "enabled_events": list(EVENTS),
        "api_version": API_VERSION,
    }
    given = {name: value for name, value in (usual | params).items() if value is not None}
    return client.v1.webhook_endpoints.create(given).id


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("stripe_webhook", *arguments, stdout=out)
    return out.getvalue()


def know(settings: Any, *secrets: str) -> None:
    settings.WAGTAIL_CALENDLY["PAYMENTS"]["WEBHOOK_SECRETS"] = list(secrets)


def test_it_is_made_for_exactly_our_events_in_the_pinned_version(stripe: Simulator) -> None:
    found = payment_endpoint.create(base=BASE)
    [endpoint] = endpoints()
    segment = payment_endpoint.segments()[0]
    assert endpoint.url == f"{BASE}/calendly/webhooks/stripe/{segment}/"
    assert (endpoint.events, endpoint.api_version) == (EVENTS, API_VERSION)
    assert found.is_well
    assert found.endpoint is not None
    assert found.endpoint.secret


def test_making_it_again_makes_no_other(stripe: Simulator) -> None:
    payment_endpoint.create(base=BASE)
    assert payment_endpoint.create(base=BASE).is_well
    assert len(endpoints()) == 1


@pytest.mark.parametrize(
    "params", [{"enabled_events": ["refund.created"]}, {"enabled_events": ["*"]}]
)
def test_one_with_other_events_is_changed_and_keeps_its_secret(
    stripe: Simulator, params: dict[str, Any]
) -> None:
    old = made_elsewhere(stripe, **params)
    assert payment_endpoint.check(base=BASE).state == "outdated"
    found = payment_endpoint.repair(base=BASE)
    assert found.is_well
    assert [endpoint.id for endpoint in endpoints()] == [old]


def test_one_that_was_switched_off_is_switched_on(stripe: Simulator) -> None:
    old = made_elsewhere(stripe)
    client = StripeClient(SECRET_KEY, base_addresses={"api": stripe.url})
    client.v1.webhook_endpoints.update(old, {"disabled": True})
    assert payment_endpoint.check(base=BASE).state == "disabled"
    assert payment_endpoint.repair(base=BASE).is_well
    assert [endpoint.id for endpoint in endpoints()] == [old]


def test_one_of_another_version_goes_on_until_the_new_one_is_known(stripe: Simulator) -> None:
    old = made_elsewhere(stripe, **UNPINNED)
    assert payment_endpoint.check(base=BASE).state == "outdated"
    found = payment_endpoint.repair(base=BASE)
    assert found.is_well
    assert [other.id for other in found.others] == [old]
    assert len(endpoints()) == 2
    assert payment_endpoint.repair(base=BASE).others == ()
    assert [endpoint.api_version for endpoint in endpoints()] == [API_VERSION]


def test_a_new_key_of_the_site_moves_it(stripe: Simulator, settings: Any) -> None:
    payment_endpoint.create(base=BASE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", [settings.SECRET_KEY]
    found = payment_endpoint.check(base=BASE)
    assert (found.state, len(found.others)) == ("missing", 1)
    found = payment_endpoint.repair(base=BASE)
    assert (found.state, found.others) == ("active", ())
    assert [endpoint.url for endpoint in endpoints()] == [found.url]


def test_only_ours_are_touched(stripe: Simulator) -> None:
    made_elsewhere(stripe, url="https://www.example.org/somebody/elses/")
    made_elsewhere(stripe, url="https://staging.example.org/calendly/webhooks/stripe/abc/")
    payment_endpoint.create(base=BASE)
    payment_endpoint.repair(base=BASE)
    assert payment_endpoint.delete(base=BASE) == 1
    assert len(endpoints()) == 2


# The command


def test_the_command_makes_it_and_hands_over_the_secret_once(
    stripe: Simulator, settings: Any
) -> None:
    said = run("create", "--url", BASE)
    [secret] = [word for word in said.split() if word.startswith("whsec_")]
    assert "WEBHOOK_SECRETS" in said
    assert payment_endpoint.segments()[0] not in said
    know(settings, secret)
    said = run("check", "--url", BASE)
    assert "Stripe delivers here" in said
    assert secret not in said
    assert "Deleted: 1" in run("delete", "--url", BASE)


def test_the_command_fails_while_stripe_does_not_deliver(stripe: Simulator, settings: Any) -> None:
    with pytest.raises(CommandError, match="create"):
        run("check", "--url", BASE)
    made_elsewhere(stripe, enabled_events=["*"])
    with pytest.raises(CommandError, match="repair"):
        run("check", "--url", BASE)
    know(settings, "whsec_1")
    assert "active" in run("repair", "--url", BASE)


def test_the_command_fails_while_what_is_delivered_is_refused(stripe: Simulator) -> None:
    made_elsewhere(stripe)
    with pytest.raises(CommandError, match=r"WEBHOOK_SECRETS.* is empty"):
        run("check", "--url", BASE)


def test_the_command_says_that_another_is_left(stripe: Simulator, settings: Any) -> None:
    know(settings, "whsec_1")
    made_elsewhere(stripe, **UNPINNED)
    said = run("repair", "--url", BASE)
    assert "whsec_" in said
    assert "Others that lead here: 1" in said


@pytest.mark.parametrize(
    ("payments", "reason"), [({}, "SECRET_KEY"), ({"SECRET_KEY": "pk_test_1"}, "not a secret key")]
)
def test_the_command_says_what_stands_in_the_way(
    settings: Any, payments: dict[str, str], reason: str
) -> None:
    settings.WAGTAIL_CALENDLY = {"PAYMENTS": payments}
    with pytest.raises(CommandError, match=reason):
        run("check", "--url", BASE)


def test_a_key_that_may_not_is_named(stripe: Simulator) -> None:
    stripe.stripe.key(SECRET_KEY, permissions=["checkout_session_write"])
    with pytest.raises(CommandError, match="lacks rak_webhook"):
        run("create", "--url", BASE)


@pytest.mark.parametrize("base", ["http://www.example.org", "www.example.org"])
def test_stripe_needs_https(stripe: Simulator, base: str) -> None:
    with pytest.raises(CommandError, match="Stripe needs the https"):
        run("create", "--url", base)


# The whole way


@pytest.mark.django_db(transaction=True)
def test_what_is_paid_at_stripe_arrives(
    stripe: Simulator, live_server: Any, settings: Any, site: Any
) -> None:
    worked = threading.Event()  # the answer is sent before the work

    def finished(**kwargs: Any) -> None:
        worked.set()

    task_finished.connect(finished)
    made = payment_endpoint.create(base=live_server.url).endpoint
    assert made is not None
    know(settings, made.secret)
    stripe.webhooks("duplicate")
    provider = accounts.payments()
    opened = provider.open_checkout(provider.checkout_params(an_order()), idempotency_key="k")
    stripe.stripe.pay(opened.id)
    assert {item["state"] for item in stripe.deliveries(wait=20)} == {"delivered"}
    assert worked.wait(20)
    delivery = WebhookDelivery.objects.get(event="checkout.session.completed")
    assert (delivery.sender, delivery.account) == ("stripe", "stripe")
