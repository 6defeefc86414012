"""Every webhook of the payment provider is lost: the clock finds what happened all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.bookings.paying import (
    book,
    calls,
    later,
    ordered,
    paid,
    priced,
    stands,
)
from wagtail_calendly.bookings import hints
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Connection, Payment, Refund
from wagtail_calendly.bookings.reconcile import tick


@pytest.fixture
def held(vendors):
    return book(vendors, priced())


@pytest.mark.survives("payments-untold")
def test_one_poll_finds_everything(vendors):
    session_type = priced()
    confirmed, declined, debited, disputed = (book(vendors, session_type) for _ in range(4))
    first = ordered(priced(order="before", title="First pay"))
    paid(vendors, confirmed)
    vendors.stripe.decline(by_visitors.pay(declined).checkout_id)
    paid(vendors, debited, "debit")
    vendors.stripe.dispute(paid(vendors, disputed).checkout_id)
    vendors.stripe.refund(paid(vendors, first).checkout_id, 1000)
    assert hints.poll() == 4
    assert stands(confirmed) == ("confirmed", "paid", "")
    assert stands(declined) == ("awaiting_payment", "unpaid", "")
    assert stands(debited) == ("awaiting_payment", "processing", "")
    assert stands(disputed) == ("confirmed", "disputed", "disputed")
    assert stands(first) == ("awaiting_schedule", "partially_refunded", "")


@pytest.mark.survives("payments-untold")
def test_one_tick_finds_what_happened_weeks_after_the_payment(vendors, held):
    payment = paid(vendors, held)
    tick()
    assert stands(held)[1] == "paid"
    with later(vendors, days=20):
        vendors.stripe.refund(payment.checkout_id)
        tick()
    assert stands(held)[1] == "refunded"


@pytest.mark.survives("payments-untold")
def test_the_first_poll_goes_back_to_the_first_payment(vendors, held):
    """Though nothing is undecided by then, and nobody told of what was given back meanwhile."""
    payment = paid(vendors, held)
    by_visitors.look(held)
    vendors.stripe.refund(payment.checkout_id, 1000)
    with later(vendors, hours=2):
        assert hints.poll() == 1
    assert stands(held)[1] == "partially_refunded"


def test_an_undecided_payment_is_looked_up_by_itself(vendors, held):
    """Though the list of events may not be read."""
    paid(vendors, held)
    vendors.fault("GET /v1/events", status=500, times=99)
    with later(vendors, minutes=2):
        tick()
        tick()
    assert stands(held) == ("confirmed", "paid", "")


def test_nothing_is_asked_where_nothing_was_ever_sold(vendors):
    assert hints.poll() == 0
    assert not calls(vendors, "GET", "events")
    assert Connection.objects.get(account="stripe").last_poll_at


def test_a_poll_begins_where_the_last_one_ended(vendors, held):
    paid(vendors, held)
    with later(vendors, hours=1) as now:
        assert hints.poll() == 1
    vendors.clear_requests()
    with later(vendors, hours=2):
        hints.poll()
        (asked,) = calls(vendors, "GET", "events")
    since = int((now - hints.OVERLAP).timestamp())
    assert str(since) in str(asked["query"])
    assert not calls(vendors, "GET", "sessions")


def test_the_provider_is_polled_once_an_interval(vendors, held):
    paid(vendors, held)
    now = timezone.now()
    assert tick(now).polled == 2
    assert tick(now + timedelta(seconds=299)).polled == 0
    assert tick(now + timedelta(seconds=300)).polled == 2


@pytest.mark.survives("backup-restored")
def test_an_older_backup_of_the_database_catches_up(vendors, held):
    payment = paid(vendors, held)
    vendors.stripe.refund(payment.checkout_id, 1000)
    Payment.objects.all().delete()
    Connection.objects.filter(account="stripe").update(last_poll_at=timezone.now())
    Connection.objects.get_or_create(account="stripe", defaults={"last_poll_at": timezone.now()})
    hints.poll()
    assert stands(held) == ("confirmed", "partially_refunded", "")
    assert Refund.objects.get().amount == 1000


def test_a_provider_that_fails_stops_no_tick(vendors, held):
    paid(vendors, held)
    vendors.fault("GET /v1", status=500, times=99)
    assert tick().polled == 1
    vendors.stripe.key(valid=False)
    vendors.clear_faults()
    with later(vendors, minutes=6):
        assert tick().polled == 1
    assert Connection.objects.get(account="stripe").problem


@pytest.mark.survives("poisoned-row")
def test_one_payment_that_cannot_be_read_keeps_no_other_from_it(vendors):
    broken, fine = book(vendors, priced()), book(vendors, priced())
    poison = paid(vendors, broken)
    paid(vendors, fine)
    vendors.fault(f"GET /v1/checkout/sessions/{poison.checkout_id}", status=500, times=99)
    assert hints.poll() == 1
    assert stands(fine)[1] == "paid"
    vendors.clear_faults()
    hints.poll()
    assert stands(broken)[1] == "paid"
