"""Records facts: merges them so that order and repetition cannot matter, and marks the booking as due.

Locks are always taken in the order booking, then appointment.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from wagtail_calendly.bookings import links, said
from wagtail_calendly.bookings.models import Appointment, Booking, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.calendly import Invitee, ScheduledEvent
from wagtail_calendly.snippets.models import EventType


def claim(
    reference: Reference, *, invitee_uri: str = "", tracking: dict[str, str] | None = None
) -> Booking:
    """The visitor says that it is booked. Raises `InvalidReference` when its terms are gone."""
    booking = links.booking_of(reference)
    said_now: dict[str, Any] = {}
    if booking.claimed_at is None or booking.status == Status.ABANDONED:
        said_now["claimed_at"] = timezone.now()
    if invitee_uri and booking.claimed_invitee_uri != invitee_uri:
        said_now["claimed_invitee_uri"] = invitee_uri
    if tracking and booking.tracking != tracking:
        said_now["tracking"] = tracking
    if said_now:
        Booking.objects.filter(pk=booking.pk).mark_due(**said_now)
        booking.refresh_from_db()
    return booking


def appointment(
    invitee: Invitee, event: ScheduledEvent, *, account: str = "default"
) -> Appointment | None:
    """Calendly says this of an invitee and their event.

    None when it belongs to no booking and the site ignores such appointments. What it changes of a booking
    is for `settle` to say: every booking touched is marked as due.
    """
    registers = said.of_invitee(invitee), said.of_event(event)
    row = Appointment.objects.filter(invitee_uri=invitee.uri).first()
    if row is None or any(register.is_news_to(row) for register in registers):
        in_transaction(lambda: _merge(invitee.uri, event.uri, registers, account))
    links.renew(invitee.uri)
    return Appointment.objects.filter(invitee_uri=invitee.uri).first()


def _merge(uri: str, event_uri: str, registers: tuple[said.Register, ...], account: str) -> None:
    """Write each register that counts more than the one stored. Right whoever else writes meanwhile."""
    Booking.objects.filter(appointments__invitee_uri=uri).mark_due()
    fresh = Appointment(invitee_uri=uri, event_uri=event_uri, account=account)
    Appointment.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Appointment.objects.filter(invitee_uri=uri)
    for register in registers:
        row.filter(register.outranks()).update(**register.assignments())
    mirrored = EventType.objects.filter(uri=OuterRef("event_type_uri"))
    row.update(event_type=Subquery(mirrored.values("pk")[:1]))
