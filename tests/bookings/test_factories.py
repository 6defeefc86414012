"""The factories build what the real code would have built."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import AppointmentFactory, BookingFactory, ConfirmedBookingFactory

pytestmark = pytest.mark.django_db


def test_a_confirmed_booking_is_settled_by_the_rules():
    booking = ConfirmedBookingFactory()
    assert booking.status == "confirmed"
    assert booking.calendly_invitee_uri == booking.appointments.get().invitee_uri
    assert booking.starts_at == booking.appointments.get().start_time


def test_an_appointment_in_the_past_makes_it_completed():
    booking = ConfirmedBookingFactory(appointment__start_time=timezone.now() - timedelta(days=1))
    assert booking.status == "completed"


def test_a_priced_session_type_is_never_confirmed():
    booking = ConfirmedBookingFactory(
        terms__session_type__price=5000, terms__session_type__currency="EUR"
    )
    assert (booking.status, booking.attention) == ("awaiting_payment", "")


def test_bookings_and_unlinked_appointments():
    assert BookingFactory().status == "pending"
    assert AppointmentFactory(booking=None).booking is None
