"""The session for the visitor's own calendar: an ICS file, and addresses of Google's and Outlook's forms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.where import where

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class Entry:
    """What a calendar is told. Times are aware; `place` is what may be shown to other services."""

    title: str
    start: datetime
    end: datetime
    place: str = ""

    @property
    def google(self) -> str:
        """https://support.google.com/calendar has no page of these parameters; they are in wide use."""
        dates = (
            f"{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}/{self.end.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )
        given = {"action": "TEMPLATE", "text": self.title, "dates": dates, "location": self.place}
        return f"{GOOGLE}?{urlencode(given)}"

    @property
    def outlook(self) -> str:
        given = {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": self.title,
            "startdt": f"{self.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{self.end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "location": self.place,
        }
        return f"{OUTLOOK}?{urlencode(given)}"


def of(booking: Booking) -> bytes:
    """The session of a booking that has a time, as a calendar file."""
    if booking.starts_at is None or booking.ends_at is None:
        raise ValueError("This booking has no time yet.")
    appointment = booking.current_appointment
    place = where(appointment.location) if appointment else None
    return ics(
        Entry(booking.terms.session_type.title, booking.starts_at, booking.ends_at),
        key=booking.token,
        place=(place.link or place.text) if place and not place.is_to_come else "",
        changed_at=(appointment and appointment.event_updated_at) or booking.created_at,
        revision=booking.version,
    )


def ics(entry: Entry, *, key: str, place: str, changed_at: datetime, revision: int) -> bytes:
    """An iCalendar file (RFC 5545). A later file of the same `key` and a higher `revision` replaces it.

    `key` may be secret: only its hash is written, for people pass calendar files on.
    """
    from icalendar import Calendar, Event  # slow to load, and most processes never write a file

    event = Event()
    event.add("uid", hashlib.sha256(key.encode()).hexdigest()[:40] + "@wagtail-calendly")
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(UTC))
    event.add("dtend", entry.end.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("sequence", revision)
    event.add("status", "CONFIRMED")
    if place:
        event.add("location", place)
    calendar = Calendar()
    calendar.add("prodid", "-//wagtail-calendly//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
