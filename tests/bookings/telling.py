"""Tells a story's deliveries to the database, and shows the rows that they leave behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from tests.bookings.stories import LATER, SOON, read
from wagtail_calendly.bookings import record
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.reference import read as read_reference
from wagtail_calendly.bookings.settle import settle

CLAIM = b"claim"


def hear(body: bytes, text: str, now: Any = SOON) -> Appointment | None:
    """One delivery, or the browser's claim, recorded and settled."""
    if body == CLAIM:
        booking = record.claim(read_reference(text))
        settle(booking.pk, because="visitor", now=now)
        return None
    appointment = record.appointment(*read(body))
    if appointment and appointment.booking_id:
        settle(appointment.booking_id, because="webhook", now=now)
    return appointment


def ends(deliveries: Iterable[bytes], text: str) -> Any:
    """The rows that these deliveries leave behind, soon and later; rolled back."""
    with transaction.atomic():
        for body in deliveries:
            hear(body, text)
        soon = rows(SOON)
        later = rows(LATER)
        transaction.set_rollback(True)
    return soon, later


def rows(now: Any) -> Any:
    for pk in Booking.objects.values_list("pk", flat=True):
        settle(pk, because="test", now=now)
    passing = {"id", "token", "version", "created_at", "recorded_at", "claimed_at", "booking_id"}

    def plain(model: Any) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if name not in passing}
            for row in model.objects.values().order_by(
                "reference" if model is Booking else "invitee_uri"
            )
        ]

    links = Appointment.objects.values_list("invitee_uri", "booking__reference")
    return plain(Booking), plain(Appointment), sorted(links, key=str)
