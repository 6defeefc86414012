"""Asks Calendly for what a reference or an invitee URI stands for. Reads only; the answers are facts to record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from wagtail_calendly.bookings import health, links
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.chains import CLOCK_TOLERANCE
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.calendly import (
    CalendlyClient,
    CalendlyNotFound,
    InvalidCalendlyURI,
    Invitee,
    ScheduledEvent,
)
from wagtail_calendly.snippets.models import EventType


class Found(NamedTuple):
    """`given_reference`: the booking that it belongs to, where Calendly has dropped the reference."""

    invitee: Invitee
    event: ScheduledEvent
    given_reference: str = ""


def read(invitee_uri: str, *, client: CalendlyClient) -> tuple[Invitee, ScheduledEvent]:
    """An invitee and their event as they are now. Raises a `CalendlyError`."""
    invitee = client.invitee(invitee_uri)
    return invitee, client.scheduled_event(invitee.event)


def of_booking(booking: Booking, *, client: CalendlyClient) -> Found | None:
    """Who booked with this booking's reference, or whom its holder names. Raises a `CalendlyError`."""
    reference = references.read(booking.reference)
    if booking.claimed_invitee_uri:
        try:
            found = Found(*read(booking.claimed_invitee_uri, client=client))
        except (CalendlyNotFound, InvalidCalendlyURI):
            pass  # a visitor's word; the search decides
        else:
            if found.invitee.tracking.utm_content == reference.text:
                return found
            if links.may_be_given(booking, found.invitee, found.event):
                return found._replace(given_reference=reference.text)
    return _search(reference, booking.terms.event_type, client)


def _search(reference: Reference, event_type: EventType, client: CalendlyClient) -> Found | None:
    since = reference.minted_at - CLOCK_TOLERANCE
    for event in _candidates(event_type, since, client):
        for invitee in client.invitees(event.uri):
            if invitee.tracking.utm_content == reference.text:
                return Found(invitee, event)
    return None


def _candidates(
    event_type: EventType, since: datetime, client: CalendlyClient
) -> Iterator[ScheduledEvent]:
    """Events of this type that may have been booked since then: a group's may be older than its invitees."""
    scope = health.scope(event_type.account, client=client)
    for event in client.scheduled_events(
        user=scope.user, organization=scope.organization, min_start_time=since
    ):
        changed_at = max(filter(None, (event.created_at, event.updated_at)), default=since)
        if event.event_type == event_type.uri and (event_type.is_group or changed_at >= since):
            yield event
