"""Many at once about one payment; each race beside the same race without the guard, so that we know it is one."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.api.senders import STRIPE
from tests.bookings.paying import PRICE, book, calls, later, paid, priced, stands, truth
from tests.faults.mortal import DUMMY
from tests.faults.test_races import together
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts, signals
from wagtail_calendly.bookings import effects, orders
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.models import Booking, Payment, Request
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import ShownChanged

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
numbers = itertools.count()


@pytest.fixture
def held(live_vendors: Simulator) -> Booking:
    return book(live_vendors, priced())


@pytest.fixture
def confirmed(live_vendors: Simulator, held: Booking) -> Booking:
    paid(live_vendors, held)
    return by_visitors.look(held)


@pytest.fixture
def payments_told() -> Iterator[list[int]]:
    """The bookings that the host was told to be paid."""
    heard: list[int] = []

    def hear(booking: Booking, **kwargs: Any) -> None:
        heard.append(booking.pk)

    signals.booking_paid.connect(hear)
    yield heard
    signals.booking_paid.disconnect(hear)


def all_looked_first(look: Callable[[], Any], act: Callable[[Any], None]) -> None:
    """Without a guard: look whether something is to be done, then do it; all have looked when the first acts."""
    looked = threading.Barrier(CROWD)

    def naive() -> None:
        seen = look()
        looked.wait(20)
        act(seen)

    together(*[naive] * CROWD)


# Paid: by webhook and on the way back


@pytest.mark.survives("webhook-and-return-at-once")
def test_webhooks_and_the_way_back_at_once_are_one_payment(
    live_vendors: Simulator, held: Booking, payments_told: list[int]
) -> None:
    live_vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    payment = paid(live_vendors, held)
    for _ in range(3):
        live_vendors.stripe.tell_again(payment.checkout_id)
    said = [one for one in live_vendors.deliveries() if one["event"].endswith("session.completed")]
    assert len(said) == CROWD // 2

    def post(body: str) -> int:
        secret = live_vendors.stripe.webhook_secret
        return int(STRIPE.post(body.encode(), key=secret).status_code)

    posts = [lambda one=one: post(one["body"]) for one in said]
    told = together(*posts, *[lambda: by_visitors.look(held)] * (CROWD // 2))
    assert [status for status in told if isinstance(status, int)] == [200] * len(said)
    assert stands(held) == ("confirmed", "paid", "")
    assert payments_told == [held.pk]
    changes = ModelLogEntry.objects.filter(data__to__status="confirmed")
    assert (changes.count(), len(mail.outbox)) == (1, 1)
    assert truth(live_vendors) == [(PRICE, 0)]


def test_without_a_guard_all_would_announce_it(live_vendors: Simulator, held: Booking) -> None:
    payment, announced = paid(live_vendors, held), []

    def announce(state: str) -> None:
        if state != "paid":
            Payment.objects.filter(pk=payment.pk).update(state="paid")
            announced.append(payment.pk)

    all_looked_first(lambda: Payment.objects.get(pk=payment.pk).state, announce)
    assert len(announced) == CROWD


# The end of the hold, and a payment


@pytest.mark.survives("paid-while-expiring")
def test_a_slot_that_is_paid_the_moment_its_hold_ends_is_kept_or_not_paid(
    live_vendors: Simulator,
) -> None:
    session_type = priced()
    held = [book(live_vendors, session_type) for _ in range(CROWD // 2)]
    checkouts = {one.pk: by_visitors.pay(one).checkout_id for one in held}
    with later(live_vendors, minutes=31):

        def expire(booking: Booking) -> bool:
            settle(booking.pk, because="clock")
            return False

        acts = [(expire, lambda one: _pays(live_vendors, checkouts[one.pk])) for one in held]
        pairs = zip(held, acts, strict=True)
        together(*[lambda b=b, act=act: act(b) for b, both in pairs for act in both])
        tick()
        tick()
    assert {stands(one)[0] for one in held} <= {"confirmed", "expired"}
    for booking in held:
        is_paid = checkouts[booking.pk] in _captured(live_vendors)
        ends = ("confirmed", "paid", "") if is_paid else ("expired", "unpaid", "")
        assert stands(booking) == ends
        assert _is_in_calendar(live_vendors, booking) == is_paid


def test_without_looking_at_the_checkout_first_what_is_paid_would_be_canceled(
    live_vendors: Simulator, held: Booking
) -> None:
    checkout = by_visitors.pay(held).checkout_id
    looked, paid_now = threading.Barrier(2), threading.Event()

    def cancel() -> None:
        payment = Payment.objects.get()
        looked.wait(20)
        assert payment.state == "open"
        assert paid_now.wait(20)
        accounts.calendly().cancel_event(held.calendly_event_uri, "not paid")

    def pay() -> None:
        looked.wait(20)
        _pays(live_vendors, checkout)
        paid_now.set()

    together(cancel, pay)
    assert checkout in _captured(live_vendors)
    assert not _is_in_calendar(live_vendors, held)


# Workers


@pytest.mark.survives("two-workers")
def test_one_refund_is_made_by_one_of_many_workers(
    live_vendors: Simulator, confirmed: Booking, settings: Any
) -> None:
    settings.TASKS = DUMMY
    Request.objects.create(booking=confirmed, kind="refund", total=500, is_staff=True)
    settle(confirmed.pk, because="test")
    effect = confirmed.effects.get(kind="refund")
    together(*[lambda: effects.perform(effect.pk)] * CROWD)
    assert len(calls(live_vendors, "POST", "/v1/refunds$")) == 1
    assert truth(live_vendors) == [(PRICE, 500)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_without_a_lease_each_worker_would_make_it(
    live_vendors: Simulator, confirmed: Booking
) -> None:
    all_looked_first(
        lambda: confirmed.payments.get().refunds.count(), lambda seen: _give_back(confirmed, 500)
    )
    assert truth(live_vendors) == [(PRICE, 500 * CROWD)]


# Visitors


@pytest.mark.survives("paid-twice-at-once")
def test_however_often_the_button_is_pressed_at_once_it_is_one_checkout(
    live_vendors: Simulator, held: Booking
) -> None:
    payments = together(*[lambda: by_visitors.pay(held).pk] * CROWD)
    assert len(set(payments)) == 1
    tick()
    assert len(live_vendors.stripe.truth()["sessions"]) == 1
    assert held.requests.count() == 1


def test_without_a_guard_each_press_would_open_one(live_vendors: Simulator, held: Booking) -> None:
    def open_(known: int) -> None:
        attempt = Payment(booking=held, amount=PRICE, currency="EUR")
        params = accounts.payments().checkout_params(orders.order(held, attempt, timezone.now()))
        if not known:
            accounts.payments().open_checkout(params, idempotency_key=attempt.attempt)

    all_looked_first(held.payments.count, open_)
    assert len(live_vendors.stripe.truth()["sessions"]) == CROWD


# Staff


@pytest.mark.survives("refunded-twice")
@pytest.mark.parametrize(
    "totals",
    [
        pytest.param([700] * CROWD, id="the same total"),
        pytest.param([300 + 100 * number for number in range(CROWD)], id="different totals"),
    ],
)
def test_what_staff_ask_for_at_once_stands_refunded_once(
    live_vendors: Simulator, confirmed: Booking, totals: list[int]
) -> None:
    staff = User.objects.create_user("staff")

    def refund(total: int) -> None:
        try:
            by_staff.refund(confirmed, total=total, user=staff)
        except ShownChanged:  # more than that is given back by now
            assert total < max(totals)

    together(*[lambda total=total: refund(total) for total in totals])
    tick()
    assert truth(live_vendors) == [(PRICE, max(totals))]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_without_a_total_each_would_be_given_back(
    live_vendors: Simulator, confirmed: Booking
) -> None:
    def give_back(refunded: int) -> None:
        if refunded < 700:
            _give_back(confirmed, 700)

    all_looked_first(lambda: confirmed.payments.get().refunds.count(), give_back)
    assert truth(live_vendors) == [(PRICE, 700 * CROWD)]


def _give_back(booking: Booking, amount: int) -> None:
    """Straight at the provider, by a key of its own."""
    provider, key = accounts.payments(), f"naive:{next(numbers)}"
    params = provider.refund_params(
        payment_intent=booking.payments.get().payment_intent,
        amount=amount,
        currency="EUR",
        effect=key,
        reference=booking.reference,
    )
    provider.refund(params, idempotency_key=key)


def _pays(simulator: Simulator, checkout: str) -> bool:
    """Whether the payer was in time."""
    response = simulator.http.post("/control/stripe/pay", json={"session": checkout, "how": "card"})
    return response.is_success


def _captured(simulator: Simulator) -> set[str]:
    """The checkouts whose money is ours."""
    payments = simulator.stripe.truth()["payments"].values()
    return {one["session"] for one in payments if one["kept"]}


def _is_in_calendar(simulator: Simulator, booking: Booking) -> bool:
    booking.refresh_from_db()
    event = simulator.api("GET", f"/scheduled_events/{booking.calendly_event_id}").json()
    return bool(event["resource"]["status"] == "active")
