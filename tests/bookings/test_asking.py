"""What visitors and staff may ask for, against both vendors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from tests.bookings.paying import (
    PRICE,
    book,
    calls,
    later,
    learn,
    ordered,
    paid,
    priced,
    stands,
    truth,
)
from tests.factories import default_site
from wagtail_calendly.bookings import effects, record
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.log import CHANGED
from wagtail_calendly.bookings.models import Appointment, Booking, Payment
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import (
    InvalidReference,
    NotPayable,
    NotPossible,
    ShownChanged,
)

pytestmark = pytest.mark.usefixtures("vendors")


@pytest.fixture
def staff(db):
    return get_user_model().objects.create_user("staff")


@pytest.fixture
def held(vendors):
    """Booked, and to be paid within half an hour."""
    return book(vendors, priced())


@pytest.fixture
def confirmed(vendors, held):
    """Booked two days ahead or so, and paid."""
    paid(vendors, held)
    learn(held)
    assert stands(held) == ("confirmed", "paid", "")
    return held


def test_the_visitor_is_sent_to_a_checkout(vendors, held):
    payment = by_visitors.pay(held)
    session = vendors.stripe.truth()["sessions"][payment.checkout_id]
    assert payment.url == session["url"]
    assert (session["amount_subtotal"], session["currency"]) == (PRICE, "eur")
    assert (payment.state, payment.mode, payment.amount) == ("open", "test", PRICE)
    assert stands(held) == ("awaiting_payment", "unpaid", "")
    assert held.requests.get().kind == "pay"


@pytest.mark.survives("paid-twice-at-once")
def test_who_asks_again_resumes_the_same_checkout(vendors, held):
    first = by_visitors.pay(held)
    assert by_visitors.pay(held) == first
    assert len(calls(vendors, "POST", "sessions$")) == 1
    assert held.requests.count() == 1


def test_a_checkout_that_was_closed_is_followed_by_a_new_one(vendors, held):
    first = by_visitors.pay(held)
    vendors.stripe.expire(first.checkout_id)
    Payment.objects.update(expires_at=timezone.now())
    second = by_visitors.pay(held)
    assert second.attempt != first.attempt
    assert second.url
    first.refresh_from_db()
    assert first.state == "expired"


def test_what_is_paid_is_not_payable(confirmed):
    with pytest.raises(NotPayable):
        by_visitors.pay(confirmed)
    assert confirmed.payments.count() == 1


def test_a_slot_that_is_held_no_longer_is_not_payable(vendors, held):
    with later(vendors, minutes=31), pytest.raises(NotPayable):
        by_visitors.pay(held)


@pytest.mark.survives("stripe-does-not-answer")
def test_a_provider_that_is_down_never_raises(vendors, held):
    vendors.fault("POST /v1/checkout/sessions", status=503, times=99)
    payment = by_visitors.pay(held)
    assert (payment.state, payment.url) == ("opening", "")
    assert payment.sent_at
    vendors.clear_faults()
    with later(vendors, minutes=2):
        effects.perform_due()
        assert by_visitors.pay(held).url


def test_nothing_is_begun_when_the_visitor_has_waited_long_enough(held):
    Payment.objects.create(booking=held, amount=PRICE, currency="EUR")
    settle(held.pk, because="test")
    with effects.in_a_hurry(0):
        assert effects.perform_due() == 0
    assert effects.perform_due() == 1


# Paid before


def test_a_session_paid_before_begins_with_its_visitors_post(vendors):
    booking = ordered(priced(order="before"))
    assert stands(booking) == ("pending", "not_required", "")
    paid(vendors, booking)
    assert stands(booking) == ("awaiting_payment", "unpaid", "")
    [change] = registry.get_logs_for_instance(booking).filter(action=CHANGED)
    assert change.data["to"]["status"] == "awaiting_payment"
    learn(booking)
    assert stands(booking) == ("awaiting_schedule", "paid", "")
    effects.perform_due()
    booking.refresh_from_db()
    assert booking.scheduling_link.startswith("http")
    assert booking.link_made_at


def test_only_sessions_paid_before_are_ordered(vendors):
    from tests.bookings.paying import mint

    reference = mint(priced()).text
    with pytest.raises(NotPossible):
        by_visitors.order(reference, site=default_site())
    with pytest.raises(InvalidReference):
        by_visitors.order(reference, site=None)
    with pytest.raises(InvalidReference):
        by_visitors.order("x", site=default_site())


def test_what_nobody_paid_may_be_asked_for_again(vendors):
    booking = ordered(priced(order="before"))
    by_visitors.pay(booking)
    with later(vendors, hours=25):
        tick()
        tick()
        assert stands(booking)[0] == "abandoned"
        assert by_visitors.pay(booking).url
        assert stands(booking)[0] == "awaiting_payment"
        assert booking.payments.count() == 2


def test_no_time_suits(vendors):
    booking = ordered(priced(order="before"))
    paid(vendors, booking)
    learn(booking)
    by_visitors.give_back(booking)
    assert stands(booking) == ("canceled", "refunded", "")
    assert truth(vendors) == [(PRICE, PRICE)]
    by_visitors.give_back(booking)
    assert truth(vendors) == [(PRICE, PRICE)]


def test_nothing_is_given_back_that_way_once_a_time_is_chosen(confirmed):
    with pytest.raises(NotPossible):
        by_visitors.give_back(confirmed)


# Canceling


def test_a_visitor_cancels_and_gets_what_they_were_shown(vendors, confirmed):
    shown = by_visitors.refund_if_canceled(confirmed, timezone.now())
    assert shown == PRICE // 2
    by_visitors.cancel(confirmed, total=shown)
    effects.perform_due()
    assert stands(confirmed) == ("canceled", "partially_refunded", "")
    assert truth(vendors) == [(PRICE, shown)]
    event = vendors.api("GET", f"/scheduled_events/{confirmed.calendly_event_id}").json()
    assert event["resource"]["status"] == "canceled"


def test_who_is_shown_more_than_is_owed_is_asked_again(confirmed):
    with pytest.raises(ShownChanged) as refusal:
        by_visitors.cancel(confirmed, total=PRICE)
    assert refusal.value.total == by_visitors.refund_if_canceled(confirmed, timezone.now())
    assert not confirmed.requests.filter(kind="cancel").exists()


def test_what_was_shown_a_moment_ago_still_counts(vendors, confirmed):
    Appointment.objects.update(start_time=timezone.now() + timedelta(hours=23, minutes=55))
    Booking.objects.all().mark_due()
    assert by_visitors.refund_if_canceled(confirmed, timezone.now()) == 0
    vendors.fault("GET /scheduled_events", status=500, times=30)
    by_visitors.cancel(confirmed, total=PRICE // 2)
    assert confirmed.requests.get(kind="cancel").total == PRICE // 2
    by_visitors.cancel(confirmed, total=0)
    assert confirmed.requests.filter(kind="cancel").count() == 1


def test_an_unpaid_booking_is_canceled_after_its_checkout_is_closed(vendors, held):
    payment = by_visitors.pay(held)
    by_visitors.cancel(held, total=0)
    effects.perform_due()
    assert stands(held) == ("canceled", "unpaid", "")
    payment.refresh_from_db()
    assert payment.state == "expired"
    closed, canceled = calls(vendors, "POST", "expire$|cancellation$")
    assert closed["path"].endswith("expire")
    assert canceled["path"].endswith("cancellation")


def test_a_group_session_is_never_canceled_for_one(vendors):
    booking = ordered(priced("workshop", "before"))
    paid(vendors, booking)
    learn(booking)
    reference = booking.reference
    vendors.book("workshop", tracking={"utm_content": reference})
    poll()
    assert stands(booking)[0] == "confirmed"
    by_visitors.cancel(booking, total=0)
    effects.perform_due()
    assert stands(booking)[0] == "confirmed"
    assert not calls(vendors, "POST", "cancellation$")


def test_what_is_over_cannot_be_canceled(vendors, confirmed):
    by_visitors.cancel(confirmed, total=0)
    effects.perform_due()
    with pytest.raises(NotPossible):
        by_visitors.cancel(confirmed, total=0)


# Staff


@pytest.mark.survives("refunded-twice")
def test_two_of_the_staff_ask_for_the_same_total(vendors, confirmed, staff):
    by_staff.refund(confirmed, total=4000, user=staff)
    by_staff.refund(confirmed, total=4000, user=staff)
    assert truth(vendors) == [(PRICE, 4000)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    for total in (3999, PRICE + 1):
        with pytest.raises(ShownChanged):
            by_staff.refund(confirmed, total=total, user=staff)
    by_staff.refund(confirmed, total=PRICE, user=staff)
    assert truth(vendors) == [(PRICE, PRICE)]
    assert stands(confirmed) == ("confirmed", "refunded", "refunded_but_booked")
    by_staff.acknowledge(confirmed, code="refunded_but_booked", user=staff)
    assert stands(confirmed) == ("confirmed", "refunded", "")


@pytest.mark.survives("refund-fails")
def test_a_refund_that_failed_is_made_again_when_staff_ask(vendors, confirmed, staff):
    by_staff.refund(confirmed, total=1000, user=staff)
    vendors.stripe.fail_refund(confirmed.payments.get().refunds.get().refund_id)
    record.payment(_read(confirmed))
    tick()
    assert stands(confirmed) == ("confirmed", "paid", "refund_failed")
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    assert truth(vendors) == [(PRICE, 1000)]


def test_a_hold_is_extended(vendors, held, staff):
    until = timezone.now() + timedelta(hours=2)
    by_staff.extend(held, until=until, user=staff)
    held.refresh_from_db()
    assert held.hold_until == until
    with later(vendors, hours=1):
        assert by_visitors.pay(held).url
    with pytest.raises(NotPossible):
        by_staff.extend(held, until=held.starts_at + timedelta(minutes=1), user=staff)


def test_a_payment_is_waived(vendors, held, staff):
    payment = by_visitors.pay(held)
    by_staff.waive(held, user=staff)
    assert stands(held) == ("confirmed", "not_required", "")
    payment.refresh_from_db()
    assert payment.state == "expired"
    with pytest.raises(NotPossible):
        by_staff.waive(held, user=staff)


def test_staff_cancel_with_the_total_they_chose(vendors, confirmed, staff):
    by_staff.cancel(confirmed, total=PRICE, captured=PRICE, user=staff, reason="ill")
    effects.perform_due()
    assert stands(confirmed) == ("canceled", "refunded", "")
    assert truth(vendors) == [(PRICE, PRICE)]


def test_only_what_waits_is_acknowledged(held, staff):
    with pytest.raises(NotPossible):
        by_staff.acknowledge(held, code="disputed", user=staff)


def test_requests_are_logged_without_their_reasons(confirmed, staff):
    by_staff.refund(confirmed, total=100, user=staff, reason="private")
    entry = ModelLogEntry.objects.get(
        action="wagtail_calendly.booking.requested", data__kind="refund"
    )
    assert (entry.user, entry.data) == (staff, {"kind": "refund", "total": 100})
    assert entry.message == "Asked for: refund"


# Booked past the site


@pytest.fixture
def stranger(vendors):
    """Somebody who booked a priced session directly at Calendly."""
    session_type = priced()
    uri = vendors.book("consultation")["invitee"]["uri"]
    poll()
    appointment = Appointment.objects.get(invitee_uri=uri)
    assert (appointment.booking, appointment.attention) == (None, "not_through_site")
    return appointment, session_type


@pytest.mark.survives("booked-past-payment")
def test_an_adopted_appointment_waits_for_what_staff_decide(vendors, stranger, staff):
    appointment, session_type = stranger
    booking = by_staff.adopt(
        appointment, session_type=session_type, site=default_site(), user=staff
    )
    assert stands(booking) == ("awaiting_payment", "unpaid", "unpaid")
    entry = ModelLogEntry.objects.get(action="wagtail_calendly.booking.requested")
    assert (entry.user, entry.message) == (staff, "Made for an appointment that had no booking")
    with later(vendors, days=1):
        tick()
        assert stands(booking) == ("awaiting_payment", "unpaid", "unpaid")
    with pytest.raises(NotPossible):
        by_staff.adopt(appointment, session_type=session_type, site=default_site(), user=staff)


def test_an_adopted_appointment_is_asked_to_pay(vendors, stranger, staff):
    appointment, session_type = stranger
    booking = by_staff.adopt(
        appointment, session_type=session_type, site=default_site(), user=staff
    )
    until = timezone.now() + timedelta(hours=3)
    by_staff.ask_to_pay(booking, until=until, user=staff)
    assert stands(booking) == ("awaiting_payment", "unpaid", "")
    paid(vendors, booking)
    learn(booking)
    assert stands(booking) == ("confirmed", "paid", "")


def test_an_adopted_appointment_is_waived_or_canceled(vendors, stranger, staff):
    appointment, session_type = stranger
    site = default_site()
    booking = by_staff.adopt(appointment, session_type=session_type, site=site, user=staff)
    by_staff.waive(booking, user=staff)
    assert stands(booking) == ("confirmed", "not_required", "")
    by_staff.cancel(booking, total=0, captured=0, user=staff)
    assert stands(booking)[0] == "canceled"


def _read(booking):
    from wagtail_calendly import accounts

    return accounts.payments().checkout(booking.payments.get().checkout_id)
