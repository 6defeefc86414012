"""Money goes its own ways: late, twice, back, disputed, or unheard of. In the end it agrees with the calendar."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.bookings.paying import (
    PRICE,
    book,
    calls,
    deliver,
    later,
    paid,
    priced,
    stands,
    truth,
)
from tests.faults.truth import changes
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import effects, orders, settle
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.models import Booking, Connection, Effect, Payment, WebhookDelivery
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.exceptions import NotPossible
from wagtail_calendly.snippets.terms import publish

pytestmark = pytest.mark.django_db

CONFIRMED = ("confirmed", "paid", "")
OPENING = "POST /v1/checkout/sessions"


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_user("staff")


def work(rounds: int = 2) -> None:
    """The clock, and what follows from it."""
    for _ in range(rounds):
        tick()


def in_calendar(vendors: Simulator, booking: Booking) -> str:
    event = vendors.api("GET", f"/scheduled_events/{booking.calendly_event_id}").json()
    return str(event["resource"]["status"])


# Told late, never, twice, in another order


@pytest.mark.survives("payments-untold")
@pytest.mark.parametrize("is_listed", [False, True], ids=["asked for", "found in the list"])
def test_nobody_tells_of_a_payment_and_the_clock_finds_it(
    vendors: Simulator, held: Booking, is_listed: bool
) -> None:
    """No webhook arrives, and the payer never returns."""
    work(1)
    paid(vendors, held)
    if is_listed:
        Effect.objects.filter(kind="look_up_payment").update(state="dead")
    with later(vendors, minutes=6):
        work()
    assert stands(held) == CONFIRMED
    assert truth(vendors) == [(PRICE, 0)]


@pytest.mark.survives("return-before-webhook")
def test_the_way_back_alone_confirms_and_the_webhook_adds_nothing(
    vendors: Simulator, held: Booking
) -> None:
    vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    paid(vendors, held)
    vendors.fault("GET /v1/checkout/sessions", status=500, times=9)
    assert by_visitors.look(held).status == "awaiting_payment"
    vendors.clear_faults()
    with later(vendors, minutes=2):
        assert by_visitors.look(held).status == "confirmed"
        logged = changes()
        assert set(deliver(vendors)) == {"done"}
    assert changes() == logged
    assert stands(held) == CONFIRMED


@pytest.mark.survives("any-order-of-payments")
def test_deliveries_of_stripe_end_the_same_in_every_order(
    vendors: Simulator, held: Booking
) -> None:
    """Paid, given back in part, and said to have expired although it was paid; each comes twice."""
    vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    checkout = paid(vendors, held).checkout_id
    vendors.stripe.refund(checkout, 1000)
    vendors.stripe.tell_again(checkout, "expired")
    kinds = ["checkout.session.completed", "checkout.session.expired", "refund.created"]
    fresh = Payment.objects.values().get()
    ends = set()
    for order in itertools.permutations(kinds):
        held.payments.get().refunds.all().delete()
        Payment.objects.update(**fresh)
        WebhookDelivery.objects.all().delete()
        assert deliver(vendors, order[0]) == ["done"]
        assert deliver(vendors, order[1]) == ["done"]
        assert deliver(vendors, order[2]) == ["done"]
        assert deliver(vendors, *order) == []
        ends.add((*stands(held), held.payments.get().refunds.get().amount))
    assert ends == {("confirmed", "partially_refunded", "", 1000)}


# Stripe does not answer as it should


@pytest.mark.survives("stripe-does-not-answer")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 429}, id="too many requests"),
        pytest.param({"status": 429, "code": "lock_timeout"}, id="somebody else is at it"),
        pytest.param({"status": 502, "html": True, "perform": True}, id="a proxy answers"),
        pytest.param({"truncate": True}, id="half an answer"),
    ],
)
def test_a_checkout_that_cannot_be_opened_now_is_opened_later_and_once(
    vendors: Simulator, held: Booking, fault: dict[str, Any]
) -> None:
    vendors.fault(OPENING, times=None, **fault)
    assert by_visitors.pay(held).url == ""
    assert stands(held) == ("awaiting_payment", "unpaid", "")
    vendors.clear_faults()
    with later(vendors, minutes=5):
        effects.perform_due()
    assert held.payments.get().url
    assert len(vendors.stripe.truth()["sessions"]) == 1
    asked = calls(vendors, "POST", "sessions$")
    assert len({(one["idempotency_key"], str(one["body"])) for one in asked}) == 1


# What is paid is not what was agreed


@pytest.mark.survives("price-changed")
def test_a_price_that_changes_while_somebody_pays_is_that_of_the_next(
    vendors: Simulator, held: Booking
) -> None:
    payment = by_visitors.pay(held)
    session_type = held.terms.session_type
    session_type.price = 2 * PRICE
    session_type.save()
    publish(session_type)
    assert by_visitors.pay(held).url == payment.url
    paid(vendors, held)
    assert by_visitors.look(held).status == "confirmed"
    assert by_visitors.pay(book(vendors, session_type)).amount == 2 * PRICE
    assert truth(vendors) == [(PRICE, 0)]


@pytest.mark.survives("amount-mismatch")
@pytest.mark.parametrize(("amount", "currency"), [(100, "EUR"), (PRICE, "USD")])
def test_another_amount_or_currency_than_agreed_confirms_nothing(
    vendors: Simulator, held: Booking, amount: int, currency: str
) -> None:
    payment = Payment.objects.create(
        booking=held, amount=amount, currency=currency, sent_at=timezone.now(), mode="test"
    )
    provider = accounts.payments()
    params = provider.checkout_params(orders.order(held, payment, timezone.now()))
    vendors.stripe.pay(provider.open_checkout(params, idempotency_key="x").id)
    with later(vendors, minutes=6):
        settle.settle(held.pk, because="test")
        effects.perform_due()
        Connection.objects.update(poll_turn_at=None)
        work()
        assert stands(held) == ("awaiting_payment", "paid", "payment_mismatch")
    with later(vendors, days=1):
        work()
    assert truth(vendors) == [(amount, 0)]
    assert in_calendar(vendors, held) == "active"


@pytest.mark.survives("codes-and-taxes")
@pytest.mark.parametrize(
    ("code", "tax", "captured"),
    [("TEN", 0, PRICE - PRICE // 10), ("FREE", 0, 0), (None, 19, PRICE * 119 // 100)],
)
def test_codes_and_taxes_change_what_is_paid_and_not_what_was_agreed(
    vendors: Simulator, code: str | None, tax: int, captured: int
) -> None:
    vendors.stripe.account(tax_ready=True, tax_percent=tax)
    session_type = priced(allows_promotion_codes=bool(code), adds_tax=bool(tax))
    booking = book(vendors, session_type)
    paid(vendors, booking, code=code)
    by_visitors.look(booking)
    assert stands(booking) == CONFIRMED
    assert booking.payments.get().captured == captured


# Debits


@pytest.mark.survives("debit-takes-days")
@pytest.mark.parametrize("is_good", [True, False])
def test_a_debit_keeps_its_slot_until_the_bank_has_said(
    vendors: Simulator, held: Booking, is_good: bool
) -> None:
    payment = paid(vendors, held, "debit")
    by_visitors.look(held)
    with later(vendors, days=1):
        work()
        assert stands(held) == ("awaiting_payment", "processing", "")
        assert in_calendar(vendors, held) == "active"
        bank = vendors.stripe
        (bank.settle_debit if is_good else bank.fail_debit)(payment.checkout_id)
        Connection.objects.update(poll_turn_at=None)
        Effect.objects.filter(kind="look_up_payment").update(next_try_at=timezone.now())
        work(3)
        assert stands(held) == (CONFIRMED if is_good else ("expired", "unpaid", ""))
        assert in_calendar(vendors, held) == ("active" if is_good else "canceled")


# Going away while paying


@pytest.mark.survives("paid-while-canceling")
def test_who_cancels_while_paying_gets_back_what_is_owed(vendors: Simulator, held: Booking) -> None:
    paid(vendors, held)
    by_visitors.cancel(held, total=0)
    work(3)
    assert stands(held) == ("canceled", "partially_refunded", "")
    assert in_calendar(vendors, held) == "canceled"
    assert truth(vendors) == [(PRICE, PRICE // 2)]


@pytest.mark.survives("moved-while-paying")
@pytest.mark.parametrize("is_paid_first", [True, False])
def test_who_moves_while_paying_pays_once_and_gets_nothing_back(
    vendors: Simulator, held: Booking, is_paid_first: bool
) -> None:
    payment = by_visitors.pay(held)
    if is_paid_first:
        vendors.stripe.pay(payment.checkout_id)
    moved = vendors.reschedule(held.calendly_invitee_uri)["new"]
    if not is_paid_first:
        vendors.stripe.pay(payment.checkout_id)
    with later(vendors, minutes=6):
        work(3)
    assert stands(held) == CONFIRMED
    assert held.calendly_invitee_uri == moved["invitee"]["uri"]
    assert truth(vendors) == [(PRICE, 0)]
    assert in_calendar(vendors, held) == "active"


# Money that goes back


@pytest.mark.survives("refunded-elsewhere")
def test_what_is_given_back_in_the_dashboard_is_counted_and_cancels_nothing(
    vendors: Simulator, confirmed: Booking, staff: User
) -> None:
    vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    checkout = confirmed.payments.get().checkout_id
    for amount in (1000, 500):
        vendors.stripe.refund(checkout, amount)
    deliver(vendors)
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    refunds = confirmed.payments.get().refunds
    assert sorted(refunds.values_list("effect", "amount")) == [("", 500), ("", 1000)]
    by_staff.refund(confirmed, total=2000, user=staff)
    assert truth(vendors) == [(PRICE, 2000)]
    vendors.stripe.refund(checkout)
    deliver(vendors)
    work()
    assert stands(confirmed) == ("confirmed", "refunded", "refunded_but_booked")
    assert in_calendar(vendors, confirmed) == "active"
    assert truth(vendors) == [(PRICE, PRICE)]


@pytest.mark.survives("disputed")
@pytest.mark.parametrize(
    ("outcome", "ends"),
    [("won", CONFIRMED), ("lost", ("confirmed", "disputed", "disputed"))],
)
def test_a_dispute_stops_refunds_and_cancels_nothing(
    vendors: Simulator, confirmed: Booking, staff: User, outcome: str, ends: tuple[str, str, str]
) -> None:
    vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    checkout = confirmed.payments.get().checkout_id
    vendors.stripe.dispute(checkout)
    deliver(vendors)
    assert stands(confirmed) == ("confirmed", "disputed", "disputed")
    with pytest.raises(NotPossible):
        by_staff.refund(confirmed, total=1000, user=staff)
    vendors.stripe.close_dispute(checkout, outcome)
    with later(vendors, minutes=1):
        deliver(vendors)
        work()
    assert stands(confirmed) == ends
    assert in_calendar(vendors, confirmed) == "active"
    assert not calls(vendors, "POST", "/v1/refunds$")


@pytest.mark.survives("canceled-at-calendly")
@pytest.mark.parametrize(("by", "owed"), [("invitee", PRICE // 2), ("host", PRICE)])
def test_who_cancels_at_calendly_decides_what_comes_back(
    vendors: Simulator, confirmed: Booking, by: str, owed: int
) -> None:
    vendors.cancel(confirmed.calendly_invitee_uri, by=by)
    with later(vendors, minutes=6):
        work(3)
    status = "refunded" if owed == PRICE else "partially_refunded"
    assert stands(confirmed) == ("canceled", status, "")
    assert truth(vendors) == [(PRICE, owed)]
