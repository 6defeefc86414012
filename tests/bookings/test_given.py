"""Paid before: where Calendly drops our reference from a single-use link, its holder says whose the time is."""

from __future__ import annotations

import pytest

from tests.bookings.paying import learn, ordered, paid, priced, stands
from tests.factories import default_site
from wagtail_calendly.bookings import confirm, effects
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Appointment
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.exceptions import NotOurBooking


@pytest.fixture
def waiting(vendors):
    """Paid, with a link made, and no time chosen."""
    booking = ordered(priced(order="before"))
    paid(vendors, booking)
    learn(booking)
    effects.perform_due()
    assert stands(booking) == ("awaiting_schedule", "paid", "")
    assert booking.link_made_at
    return booking


def say(booking, made, *, is_held):
    uri = made["invitee"]["uri"]
    return confirm.confirm(booking.reference, uri, site=default_site(), is_held=is_held)


@pytest.mark.survives("reference-dropped")
def test_the_holder_of_the_booking_says_whose_the_time_is(vendors, waiting):
    made = vendors.book()
    assert say(waiting, made, is_held=True).status == "confirmed"
    assert Appointment.objects.get().given_reference == waiting.reference
    moved = vendors.reschedule(made["invitee"]["uri"])
    poll()
    waiting.refresh_from_db()
    assert waiting.calendly_invitee_uri == moved["new"]["invitee"]["uri"]


@pytest.mark.survives("reference-dropped")
def test_nobody_else_may_say_so_and_the_time_waits_for_staff(vendors, waiting):
    made = vendors.book()
    with pytest.raises(NotOurBooking):
        say(waiting, made, is_held=False)
    poll()
    appointment = Appointment.objects.get()
    assert (appointment.booking, appointment.attention) == (None, "not_through_site")
    assert stands(waiting) == ("awaiting_schedule", "paid", "")


def test_a_time_that_was_booked_before_the_link_was_made_is_somebody_elses(vendors):
    vendors.clock(-3600)
    made = vendors.book()
    vendors.clock(0)
    booking = ordered(priced(order="before"))
    paid(vendors, booking)
    learn(booking)
    effects.perform_due()
    with pytest.raises(NotOurBooking):
        say(booking, made, is_held=True)


def test_a_time_of_another_event_type_or_booking_is_refused(vendors, waiting):
    with pytest.raises(NotOurBooking):
        say(waiting, vendors.book("workshop"), is_held=True)
    theirs = vendors.book(tracking={"utm_content": ordered(priced(order="before")).reference})
    with pytest.raises(NotOurBooking):
        say(waiting, theirs, is_held=True)
    made = vendors.book()
    say(waiting, made, is_held=True)
    other = ordered(priced(order="before"))
    paid(vendors, other)
    learn(other)
    effects.perform_due()
    with pytest.raises(NotOurBooking):
        say(other, made, is_held=True)


def test_what_nobody_paid_for_is_not_given(vendors):
    booking = ordered(priced(order="before"))
    with pytest.raises(NotOurBooking):
        say(booking, vendors.book(), is_held=True)


@pytest.mark.survives("reference-dropped")
def test_while_calendly_is_down_the_holders_word_is_kept(vendors, waiting):
    made = vendors.book()
    vendors.fault("GET", status=500, times=99)
    assert say(waiting, made, is_held=True).status == "awaiting_schedule"
    vendors.clear_faults()
    learn(waiting, "look_up")
    assert stands(waiting) == ("confirmed", "paid", "")


def test_a_time_chosen_before_the_money_was_asked_back_stands(vendors, waiting):
    """The look before the refund finds it."""
    vendors.book(tracking={"utm_content": waiting.reference})
    by_visitors.give_back(waiting)
    tick()
    assert stands(waiting) == ("confirmed", "paid", "")
    assert not [one for one in vendors.requests() if one["path"].endswith("/v1/refunds")]
