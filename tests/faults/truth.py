"""What is true of all bookings, as one value that tests can compare; and how to forget all of it."""

from __future__ import annotations

from typing import Any

from wagtail.models import ModelLogEntry

from wagtail_calendly.bookings.log import CHANGED
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    Effect,
    PolledEvent,
    WebhookDelivery,
)

BOOKING = (
    "reference",
    "status",
    "payment_status",
    "attention",
    "calendly_event_uri",
    "calendly_invitee_uri",
    "starts_at",
    "ends_at",
)
APPOINTMENT = (
    "invitee_uri",
    "booking__reference",
    "attention",
    "name",
    "email",
    "invitee_status",
    "event_status",
    "rescheduled",
    "old_invitee_uri",
    "new_invitee_uri",
    "canceler_type",
    "no_show_uri",
    "start_time",
    "end_time",
)


def truth() -> Any:
    """Bookings and appointments without what depends on when and how we heard of them."""
    bookings = Booking.objects.order_by("reference").values(*BOOKING)
    appointments = Appointment.objects.order_by("invitee_uri").values(*APPOINTMENT)
    return list(bookings), list(appointments)


def forget() -> None:
    """As if we had heard of nothing."""
    for model in (Effect, Appointment, Booking, WebhookDelivery, PolledEvent):
        model._default_manager.all().delete()
    Connection.objects.update(poll_turn_at=None, last_poll_at=None)


def changes() -> int:
    """How many changes of bookings the log knows."""
    return ModelLogEntry.objects.filter(action=CHANGED).count()
