"""What the desk tells of money: in the list, on a booking's page, in its story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from tests.desk.conftest import paid_booking, priced_terms
from tests.factories import ConfirmedBookingFactory
from tests.fixtures.stripe import StripeHand
from wagtail_calendly import accounts
from wagtail_calendly.bookings.models import Booking, Effect, Refund, Request

pytestmark = pytest.mark.django_db

INDEX = "/admin/calendly/bookings/"


@pytest.fixture
def provider(settings: Any) -> Any:
    """Stripe is configured; nothing is asked of it."""
    settings.WAGTAIL_CALENDLY = {
        **settings.WAGTAIL_CALENDLY,
        "PAYMENTS": {"SECRET_KEY": StripeHand.secret_key},
    }
    yield
    accounts.close()


def _page(client: Client, booking: Booking) -> str:
    return client.get(reverse("bookings:inspect", args=[booking.pk])).content.decode()


def _refund(booking: Booking, **more: Any) -> Refund:
    given = {"amount": 1000, "state": "succeeded", "effect": f"{booking.pk}/r"} | more
    return Refund.objects.create(payment=booking.payments.all()[0], **given)


@pytest.mark.usefixtures("provider")
def test_a_bookings_page_tells_its_money(owner: Client) -> None:
    booking = paid_booking(discount=600, tax=1100)
    _refund(booking)
    _refund(booking, effect="", refund_id="re_1", amount=500, state="failed")
    Request.objects.create(
        booking=booking, kind="refund", total=1000, is_staff=True, reason="kindness"
    )
    Effect.objects.create(
        booking=booking, kind="notify", key="k", state="done", params={"subject": "paid"}
    )
    page = _page(owner, booking)
    for text in (
        "€60",
        "After choosing a time, held for 30 minutes",
        "you get 50% back",
        "€6 off by a code",
        "of it €11 tax",
        "test mode",
        f"https://dashboard.stripe.com/test/payments/pi_{booking.pk}",
        "<dt>Given back</dt><dd>€10</dd>",
        "<dt>Kept</dt><dd>€50</dd>",
        "given back",
        "at Stripe",
        "A user who is gone",
        "Refund: €10 given back in all",
        "kindness",
        "Paid: your session is booked",
        "Stripe: €60 were paid.",
        "Stripe: refund of €5, failed.",
        "Payment: from “unpaid” to “paid”",
    ):
        assert text in page, text


@pytest.mark.usefixtures("provider")
def test_a_payment_of_another_mode_has_no_link(owner: Client) -> None:
    assert "dashboard.stripe.com" not in _page(owner, paid_booking(mode="live"))


def test_a_page_without_a_provider_still_tells_the_money(owner: Client) -> None:
    assert "<dt>Paid</dt><dd>€60</dd>" in _page(owner, paid_booking())


def test_the_story_tells_retries_and_errors(owner: Client) -> None:
    booking = paid_booking()
    soon = now() + timedelta(minutes=3)
    tried = {"booking": booking, "kind": "refund", "next_try_at": soon}
    Effect.objects.create(**tried, key="a", tries=2, error="PaymentUnavailable: no answer.")
    Effect.objects.create(**tried, key="b", error="OtherMode: left alone.")
    Effect.objects.create(**tried, key="c", state="dead", finished_at=soon, error="PaymentRefused")
    page = _page(owner, booking)
    for text in (
        "Tried 2 times: give the money back.",
        "PaymentUnavailable: no answer. Tried again at this time.",
        "Put off until now: give the money back.",
        "Given up: give the money back.",
    ):
        assert text in page, text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("processing", "€60 are on their way."),
        ("failed", "€60 did not come."),
        ("expired", "the payment page was closed unpaid (€60)."),
    ],
)
def test_what_became_of_an_attempt_is_told(owner: Client, state: str, told: str) -> None:
    booking = paid_booking(state=state, captured=0, settled_at=None)
    assert told in _page(owner, booking)


def test_a_dispute_is_told(owner: Client) -> None:
    page = _page(owner, paid_booking(dispute="open"))
    assert "The payer disputes the payment" in page
    assert "Give money back" not in page


def test_the_list_tells_payment_and_amount(owner: Client) -> None:
    paid, unpaid = paid_booking(), ConfirmedBookingFactory(terms=priced_terms())
    _refund(paid)
    ConfirmedBookingFactory()
    page = owner.get(INDEX).content.decode()
    assert "€60, of it €10 given back" in page
    shown = owner.get(INDEX, {"payment_status": "unpaid"}).context["object_list"]
    assert list(shown) == [unpaid]
