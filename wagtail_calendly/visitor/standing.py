"""How a booking stands, for its visitor: one sentence, when, where, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from django.utils import timezone

from wagtail_calendly import conf
from wagtail_calendly.bookings import when, where
from wagtail_calendly.bookings.calendars import Entry
from wagtail_calendly.bookings.models import Appointment, Booking, Status
from wagtail_calendly.bookings.when import When
from wagtail_calendly.bookings.where import Where
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import address, words

WAITING = frozenset({Status.PENDING, Status.AWAITING_PAYMENT, Status.AWAITING_SCHEDULE})
PLANNED = frozenset({Status.CONFIRMED, Status.AWAITING_PAYMENT})


@dataclass(frozen=True)
class Standing:
    """What templates read of a booking."""

    booking: Booking

    @cached_property
    def session_type(self) -> SessionType:
        return self.booking.terms.session_type

    @cached_property
    def appointment(self) -> Appointment | None:
        """What Calendly said of the current time."""
        uri = self.booking.calendly_invitee_uri
        return self.booking.appointments.filter(invitee_uri=uri).first() if uri else None

    @property
    def sentence(self) -> words.Sentence:
        by_host = self.appointment is not None and self.appointment.canceler_type == "host"
        if self.booking.status == Status.CANCELED and by_host:
            return words.CANCELED_BY_HOST
        return words.SENTENCES[self.booking.status]

    @cached_property
    def when(self) -> When | None:
        """In the zone that the visitor chose in Calendly."""
        if self.booking.starts_at is None or self.booking.ends_at is None:
            return None
        zone = self.appointment.timezone if self.appointment else ""
        return when.for_visitor(self.booking.starts_at, self.booking.ends_at, zone)

    @cached_property
    def when_for_host(self) -> When | None:
        return when.for_host(self.when) if self.when else None

    @cached_property
    def where(self) -> Where | None:
        if self.appointment is None or self.booking.status not in PLANNED:
            return None
        return where.where(self.appointment.location)

    @property
    def is_planned(self) -> bool:
        """Whether there is a time to come that can be noted, moved or canceled."""
        return (
            self.booking.status in PLANNED
            and self.booking.starts_at is not None
            and self.booking.starts_at > timezone.now()
        )

    @cached_property
    def entry(self) -> Entry | None:
        """What the visitor's calendar is told, while there is a time to come."""
        if not self.is_planned or self.when is None:
            return None
        place = self.where.public if self.where else ""
        return Entry(self.session_type.title, self.when.start, self.when.end, place)

    @property
    def reschedule_url(self) -> str:
        return self._own_page(self.appointment.reschedule_url if self.appointment else "")

    @property
    def cancel_url(self) -> str:
        return self._own_page(self.appointment.cancel_url if self.appointment else "")

    @property
    def is_waiting(self) -> bool:
        """Whether more is about to be known without the visitor doing anything."""
        to_come = self.where is not None and self.where.is_to_come
        return self.booking.status in WAITING or (self.is_planned and to_come)

    @property
    def mark(self) -> str:
        """Changes with anything that the visitor would see change; says nothing to anyone else."""
        start = int(self.booking.starts_at.timestamp()) if self.booking.starts_at else 0
        link = int(bool(self.where and self.where.link))
        # A move to the very same time still changes the links to Calendly's pages.
        links = crc32(self.booking.calendly_invitee_uri.encode())
        return f"{self.booking.status}-{start}-{link}-{links:x}"

    def _own_page(self, url: str) -> str:
        """One of Calendly's own pages; nothing else is linked to, whatever an answer held."""
        origins = conf.load().account(self.booking.account).booking_origins
        return url if self.is_planned and address.is_at(url, origins) else ""
