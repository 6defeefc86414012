"""What the payment provider says: every order of it ends the same, and nothing of others is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations_with_replacement, permutations

import pytest

from tests.bookings.stories import START
from tests.factories import BookingFactory, SessionTypeFactory
from wagtail_calendly import signals
from wagtail_calendly.bookings import record
from wagtail_calendly.bookings.models import Booking, Payment, Refund
from wagtail_calendly.bookings.paid import of_checkout
from wagtail_calendly.payments import CheckoutSaid, RefundSaid

pytestmark = pytest.mark.django_db

ATTEMPT = "attempt-of-the-visitor"


@pytest.fixture
def booking():
    session_type = SessionTypeFactory(price=6000, currency="EUR", payment_order="after")
    return BookingFactory(terms__session_type=session_type)


@pytest.fixture
def payment(booking):
    return Payment.objects.create(
        booking=booking, attempt=ATTEMPT, amount=6000, currency="EUR", sent_at=START, mode="test"
    )


def said(minute: int = 0, /, **changes) -> CheckoutSaid:
    told = CheckoutSaid(
        id="cs_test_1",
        status="open",
        payment_status="unpaid",
        mode="test",
        reference="",
        attempt=ATTEMPT,
        created_at=START,
        expires_at=START + timedelta(minutes=30),
        observed_at=START + timedelta(minutes=minute),
        currency="EUR",
        subtotal=6000,
        total=6000,
        url="https://checkout.stripe.com/c/pay/cs_test_1",
    )
    return replace(told, **changes)


def closed(minute: int, /, **changes) -> CheckoutSaid:
    done = {"status": "complete", "url": "", "payment_intent": "pi_1"}
    return said(minute, **done | changes)


def paid(minute: int, /, **changes) -> CheckoutSaid:
    settled = {
        "payment_status": "paid",
        "captured": 6000,
        "settled_at": START + timedelta(minutes=3),
    }
    return closed(minute, **settled | changes)


def refunded(number: int = 1, /, **changes) -> RefundSaid:
    told = RefundSaid(
        id=f"re_{number}",
        payment_intent="pi_1",
        amount=1000,
        currency="EUR",
        status="pending",
        created_at=START,
    )
    return replace(told, **changes)


SAYINGS = {
    "open": said(),
    "processing": closed(2),
    "failed": closed(4, has_failed=True),
    "expired": said(5, status="expired", url=""),
    "paid": paid(3),
    "free": paid(3, payment_status="no_payment_required", captured=0, total=0),
    "disputed": paid(6, dispute="open"),
    "won in the same second": paid(6, dispute="won"),
}


def columns() -> dict:
    return Payment.objects.values().get()


@pytest.mark.survives("any-order-of-payments")
@pytest.mark.parametrize(
    "names", [*combinations_with_replacement(SAYINGS, 3)], ids=lambda names: ", ".join(names)
)
def test_every_order_ends_the_same(payment, names):
    ends = []
    begun = columns()
    for order in set(permutations(names)):
        Payment.objects.update(**begun)
        for name in order:
            record.payment(SAYINGS[name])
        ends.append(columns())
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("open", "open"),
        ("processing", "processing"),
        ("failed", "failed"),
        ("expired", "expired"),
        ("paid", "paid"),
        ("free", "paid"),
    ],
)
def test_where_an_attempt_stands(payment, name, state):
    assert record.payment(SAYINGS[name]).state == state


def test_that_it_was_paid_counts_more_than_any_later_saying(payment):
    for name in ("paid", "expired", "open"):
        record.payment(SAYINGS[name])
    assert columns()["state"] == "paid"
    assert columns()["captured"] == 6000


def test_what_is_known_marks_no_booking_as_due(payment):
    record.payment(paid(3, refunds=(refunded(),)))
    Booking.objects.update(next_check_at=None)
    record.payment(paid(3, refunds=(refunded(),)))
    assert Booking.objects.get().next_check_at is None
    record.payment(paid(3, refunds=(refunded(status="failed"),)))
    assert Booking.objects.get().next_check_at


def test_news_are_told_by_the_row_as_by_the_database(payment):
    for one in SAYINGS.values():
        record.payment(one)
        row = Payment.objects.get()
        for other in SAYINGS.values():
            register = of_checkout(other)
            by_database = Payment.objects.filter(register.outranks()).exists()
            assert register.is_news_to(row) == by_database


def test_an_attempt_is_found_by_any_of_its_names(payment):
    record.payment(paid(3))
    assert record.payment(paid(4, attempt="")) == payment
    assert record.payment(paid(5, attempt="", id="cs_other")) == payment
    assert record.payment(paid(6, attempt="", id="cs_x", payment_intent="pi_x")) is None


@pytest.mark.survives("other-mode")
def test_another_mode_is_never_recorded(payment):
    assert record.payment(paid(3, mode="live")) is None
    assert columns()["state"] == "opening"


@pytest.mark.parametrize("reference", ["", "of-another-site"])
def test_a_checkout_of_others_is_ignored(booking, reference):
    assert record.payment(paid(3, reference=reference)) is None
    assert not Payment.objects.exists()


@pytest.mark.survives("backup-restored")
def test_an_attempt_whose_row_is_gone_is_made_again(booking):
    told = paid(3, reference=booking.reference, refunds=(refunded(),))
    payment = record.payment(told)
    assert (payment.booking, payment.attempt, payment.state) == (booking, ATTEMPT, "paid")
    assert payment.refunds.get().amount == 1000
    # A booking has one undecided attempt at most.
    for attempt in ("first", "second"):
        record.payment(said(attempt=attempt, id=attempt, reference=booking.reference))
    assert booking.payments.filter(state="open").count() == 1


# Refunds


def test_a_refund_finds_the_row_that_asked_for_it(payment):
    ours = Refund.objects.create(payment=payment, effect="refund/x/1000/0", amount=1000)
    record.payment(paid(3, refunds=(refunded(effect=ours.effect), refunded(2))))
    ours.refresh_from_db()
    assert (ours.refund_id, ours.state) == ("re_1", "pending")
    elsewhere = Refund.objects.get(refund_id="re_2")
    assert elsewhere.effect == ""
    # A second one under the same key would be lost money if it had no row.
    record.refund(payment, refunded(3, effect=ours.effect))
    assert Refund.objects.count() == 3


@pytest.mark.parametrize(
    "order", [*permutations(["pending", "succeeded", "failed"])], ids=lambda order: ", ".join(order)
)
def test_every_order_of_a_refund_ends_the_same(payment, order):
    for status in order:
        record.refund(payment, refunded(status=status))
    assert Refund.objects.get().state == "failed"


def test_what_the_provider_says_counts_more_than_that_we_think_it_refused(payment):
    Refund.objects.create(payment=payment, effect="x", amount=1000, state="refused")
    assert record.refund(payment, refunded(effect="x", status="succeeded")).state == "succeeded"
    assert Refund.objects.count() == 1


def test_a_refund_is_told_once(payment, django_capture_on_commit_callbacks):
    heard = []

    def hear(booking, amount, **arguments):
        heard.append((booking.pk, amount))

    signals.booking_refunded.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        for status in ("pending", "succeeded", "succeeded", "failed"):
            record.refund(payment, refunded(status=status))
        record.refund(payment, refunded(2, status="failed"))
    signals.booking_refunded.disconnect(hear)
    assert heard == [(payment.booking_id, 1000)]
