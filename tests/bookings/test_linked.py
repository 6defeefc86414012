"""Staff link an appointment to the booking that it belongs to: of those that fit, once, and nothing else moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils import timezone

from tests.factories import (
    AppointmentFactory,
    BookingFactory,
    ConfirmedBookingFactory,
    SessionTypeFactory,
    TermsFactory,
    default_site,
)
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts import given
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import NotPossible
from wagtail_calendly.snippets.models import Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return get_user_model().objects.create_user("staff")


@pytest.fixture
def waiting(terms: Terms) -> Booking:
    """Somebody said that they booked, and was not found."""
    booking = BookingFactory(terms=terms, claimed_at=timezone.now())
    return settle(booking.pk, because="visitor")


@pytest.fixture
def stray(terms: Terms) -> Appointment:
    return AppointmentFactory(
        booking=None, event_type=terms.event_type, email="vi@example.org", reference=""
    )


def test_an_appointment_is_linked_to_the_booking_that_waits_for_it(
    waiting: Booking, stray: Appointment, staff: User
) -> None:
    assert given.candidates(stray) == [waiting]
    assert given.give(stray, waiting, user=staff).status == "confirmed"
    stray.refresh_from_db()
    assert stray.booking == waiting
    with pytest.raises(NotPossible):
        given.give(stray, waiting, user=staff)


def test_only_what_fits_is_offered_whoever_has_the_same_mail(
    terms: Terms, stray: Appointment, staff: User
) -> None:
    taken = ConfirmedBookingFactory(terms=terms, appointment__email=stray.email)
    other = BookingFactory(terms=TermsFactory(), status="awaiting_schedule")
    late = references.mint(
        terms_id=terms.pk, site_id=default_site().pk, now=timezone.now() + timedelta(hours=1)
    )
    later = BookingFactory(terms=terms, reference=late.text, status="pending")
    assert given.candidates(stray) == []
    for booking in (taken, other, later):
        with pytest.raises(NotPossible):
            given.give(stray, booking, user=staff)
    assert Appointment.objects.get(pk=stray.pk).booking is None


def test_what_is_linked_unpaid_waits_for_what_staff_decide(
    reference: Reference, staff: User
) -> None:
    terms = TermsFactory(session_type=SessionTypeFactory(price=6000, currency="EUR"))
    booking = BookingFactory(terms=terms, claimed_at=timezone.now())
    settle(booking.pk, because="visitor")
    stray = AppointmentFactory(booking=None, event_type=terms.event_type)
    linked = given.give(stray, booking, user=staff)
    assert (linked.status, linked.attention) == ("awaiting_payment", "unpaid")
