"""Gathers the models of `snippets/` and `bookings/` under one app label and one migrations/."""

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    Effect,
    PolledEvent,
    RequestCounter,
    WebhookDelivery,
)
from wagtail_calendly.snippets.models import Drift, EventType, SessionType, Terms
from wagtail_calendly.snippets.settings import BookingSettings

__all__ = [
    "Appointment",
    "Booking",
    "BookingSettings",
    "Connection",
    "Drift",
    "Effect",
    "EventType",
    "PolledEvent",
    "RequestCounter",
    "SessionType",
    "Terms",
    "WebhookDelivery",
]
