"""What is true: bookings, what Calendly said of them, what must happen outside, what senders delivered."""

from wagtail_calendly.bookings.models.account import Connection, PolledEvent, RequestCounter
from wagtail_calendly.bookings.models.booking import (
    Appointment,
    Booking,
    BookingQuerySet,
    new_token,
)
from wagtail_calendly.bookings.models.money import (
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Request,
    new_attempt,
)
from wagtail_calendly.bookings.models.note import Note
from wagtail_calendly.bookings.models.numbers import DailyTotal, Turn
from wagtail_calendly.bookings.models.statuses import Attention, PaymentStatus, Status
from wagtail_calendly.bookings.models.tombstone import Tombstone
from wagtail_calendly.bookings.models.work import Effect, WebhookDelivery, Work

__all__ = [
    "Appointment",
    "Attention",
    "Booking",
    "BookingQuerySet",
    "Connection",
    "DailyTotal",
    "Effect",
    "Note",
    "Payment",
    "PaymentState",
    "PaymentStatus",
    "PolledEvent",
    "Refund",
    "RefundState",
    "Request",
    "RequestCounter",
    "Status",
    "Tombstone",
    "Turn",
    "WebhookDelivery",
    "Work",
    "new_attempt",
    "new_token",
]
