"""Gathers the models of `snippets/` and `bookings/` under one app label and one migrations/."""

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    DailyTotal,
    Effect,
    PolledEvent,
    RequestCounter,
    Turn,
    WebhookDelivery,
)
from wagtail_calendly.snippets.models import Drift, EventType, SessionType, Terms
from wagtail_calendly.snippets.settings import BookingSettings

__all__ = [
    "Appointment",
    "Booking",
    "BookingSettings",
    "Connection",
    "DailyTotal",
    "Drift",
    "Effect",
    "EventType",
    "PolledEvent",
    "RequestCounter",
    "SessionType",
    "Terms",
    "Turn",
    "WebhookDelivery",
]
