"""The API of money: ordering, the checkout's address, canceling for what was shown. Both vendors are stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.conftest import Visitor, code, make_event_type, make_session_type
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings.models import Booking, Payment
from wagtail_calendly.snippets.models import SessionType


@pytest.fixture
def sell(calendly: Simulator, site: Any, settings: Any) -> Iterator[Callable[..., SessionType]]:
    """A session of 60 € at both stand-ins; fields change it."""
    settings.WAGTAIL_CALENDLY |= {
        "PAYMENTS": {
            "SECRET_KEY": calendly.stripe.secret_key,
            "WEBHOOK_SECRETS": [calendly.stripe.webhook_secret],
            "BASE_URL": calendly.url,
            "CHECKOUT_ORIGINS": [calendly.url],
        }
    }
    said = calendly.event_type("consultation")

    def make(**fields: Any) -> SessionType:
        event_type = make_event_type(uri=said["uri"], scheduling_url=said["scheduling_url"])
        given = {"price": 6000, "currency": "EUR", "event_type": event_type, **fields}
        return make_session_type(**given)

    yield make
    accounts.close()


def book(visitor: Visitor, simulator: Simulator, session_type: SessionType) -> Booking:
    """Scheduled at Calendly, and not paid yet."""
    link = visitor.say("scheduling_links", session_type=session_type.pk).json()
    invitee = simulator.book(tracking={"utm_content": link["reference"]})["invitee"]
    visitor.say("confirm", reference=link["reference"], invitee_uri=invitee["uri"])
    return Booking.objects.get()


def test_a_booking_tells_what_is_to_pay(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    said = visitor.ask("booking", booking.token).json()
    assert (said["status"], said["payment_status"]) == ("awaiting_payment", "unpaid")
    assert said["payment"].pop("hold_until")
    assert said["payment"] == {
        "amount": 6000,
        "currency": "EUR",
        "display": "€60",
        "is_payable": True,
        "refunded": 0,
        "refund_pending": 0,
        "refund_if_canceled": 0,
    }


def test_the_checkout_is_started_and_resumed(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    first = visitor.say("checkout", booking.token).json()
    assert first["status"] == "open"
    assert first["url"].startswith(f"{calendly.url}/pay/")
    assert first["expires_at"]
    assert visitor.say("checkout", booking.token).json() == first
    assert Payment.objects.count() == 1


@pytest.mark.survives("price-tampered")
def test_no_price_can_be_sent(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    visitor.say("checkout", booking.token, amount=1, currency="idr")
    (session,) = calendly.stripe.truth()["sessions"].values()
    assert (session["amount_total"], session["currency"]) == (6000, "eur")
    refused = visitor.say("orders", session_type=booking.terms.session_type_id, price=1)
    assert (refused.status_code, code(refused)) == (400, "invalid")


def test_while_stripe_is_down_there_is_no_address_yet(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    calendly.fault("POST /v1/checkout/sessions", status=503, times=9)
    said = visitor.say("checkout", booking.token).json()
    assert (said["status"], said["url"]) == ("opening", None)


def test_what_is_paid_cannot_be_paid_again(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    visitor.say("checkout", booking.token)
    checkout = Payment.objects.get().checkout_id
    calendly.stripe.pay(checkout)
    visitor.get(f"/calendly/bookings/{booking.token}/paid/", {"checkout": checkout})
    assert visitor.ask("booking", booking.token).json()["payment_status"] == "paid"
    refused = visitor.say("checkout", booking.token)
    assert (refused.status_code, code(refused)) == (409, "not_payable")


def test_canceling_gives_back_what_was_shown(visitor, sell, calendly):
    booking = book(visitor, calendly, sell())
    visitor.say("checkout", booking.token)
    checkout = Payment.objects.get().checkout_id
    calendly.stripe.pay(checkout)
    visitor.get(f"/calendly/bookings/{booking.token}/paid/", {"checkout": checkout})
    refused = visitor.say("cancel", booking.token, total=6000)
    assert (refused.status_code, code(refused)) == (409, "shown_changed")
    said = visitor.say("cancel", booking.token, total=0).json()
    assert said["status"] == "canceled"
    again = visitor.say("cancel", booking.token, total=0)
    assert (again.status_code, code(again)) == (409, "not_cancelable")


@pytest.mark.survives("unpaid-address")
def test_a_session_paid_before_has_a_link_only_once_it_is_paid(visitor, sell, calendly):
    session_type = sell(payment_order="before")
    refused = visitor.say("scheduling_links", session_type=session_type.pk)
    assert (refused.status_code, code(refused)) == (409, "pay_first")
    order = visitor.say("orders", session_type=session_type.pk).json()
    assert visitor.say("orders", session_type=session_type.pk).json() == order
    assert code(visitor.say("scheduling_links", session_type=session_type.pk)) == "pay_first"
    assert order["status"] == "awaiting_payment"
    assert visitor.say("checkout", order["token"]).json() == order["checkout"]
    checkout = Payment.objects.get().checkout_id
    calendly.stripe.pay(checkout)
    visitor.get(f"/calendly/bookings/{order['token']}/paid/", {"checkout": checkout})
    link = visitor.say("scheduling_links", session_type=session_type.pk).json()
    assert link["reference"] == order["reference"]
    assert link["url"].startswith(Booking.objects.get().scheduling_link)
    assert link["url"].endswith(f"utm_content={order['reference']}")


def test_what_is_paid_after_cannot_be_ordered(visitor, sell):
    refused = visitor.say("orders", session_type=sell().pk)
    assert (refused.status_code, code(refused)) == (409, "choose_first")


def test_a_free_booking_has_no_payment(visitor, consultation, calendly):
    booking = book(visitor, calendly, consultation)
    assert visitor.ask("booking", booking.token).json()["payment"] is None
    assert code(visitor.say("checkout", booking.token)) == "not_payable"


@pytest.mark.survives("cards-tried-out")
@pytest.mark.usefixtures("within_a_minute")
def test_the_payment_account_has_a_budget(visitor, sell, calendly, settings):
    booking = book(visitor, calendly, sell())
    settings.WAGTAIL_CALENDLY |= {"ACCOUNT_CHECKOUTS_PER_MINUTE": 2}
    answers = [visitor.say("checkout", booking.token) for _try in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) >= 1
