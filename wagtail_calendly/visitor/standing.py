"""How a booking stands, for its visitor: one sentence, when, where, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from zlib import crc32

from django.utils import timezone

from wagtail_calendly import conf
from wagtail_calendly.bookings import when, where
from wagtail_calendly.bookings.calendars import Entry
from wagtail_calendly.bookings.models import Appointment, Booking, PaymentState, Status
from wagtail_calendly.bookings.when import When
from wagtail_calendly.bookings.where import Where
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import address, money_words, words
from wagtail_calendly.visitor.agreed import Agreed
from wagtail_calendly.visitor.bill import Bill
from wagtail_calendly.visitor.paying import Paying
from wagtail_calendly.visitor.steps import Step, of_status

WAITING = frozenset({Status.PENDING, Status.AWAITING_PAYMENT, Status.AWAITING_SCHEDULE})
PLANNED = frozenset({Status.CONFIRMED, Status.AWAITING_PAYMENT})


@dataclass(frozen=True)
class Standing:
    """What templates read of a booking."""

    booking: Booking
    #: They have just come back from the payment page, which says that they paid.
    is_back_from_paying: bool = False

    @cached_property
    def session_type(self) -> SessionType:
        return self.booking.terms.session_type

    @cached_property
    def appointment(self) -> Appointment | None:
        """What Calendly said of the current time."""
        uri = self.booking.calendly_invitee_uri
        return self.booking.appointments.filter(invitee_uri=uri).first() if uri else None

    @cached_property
    def paying(self) -> Paying | None:
        """What there is to tell of money; None of a free session."""
        return Paying(self.booking) if self.booking.terms.charge else None

    @cached_property
    def agreed(self) -> Agreed:
        start = self.when.start.astimezone(self.when.zone) if self.when else None
        return Agreed(self.booking.terms, start=start, now=timezone.now())

    @property
    def sentence(self) -> words.Sentence:
        if self.booking.status == Status.CANCELED and self._is_canceled_by_host:
            return words.CANCELED_BY_HOST
        if self.is_confirming:
            return money_words.CONFIRMING
        of_money = money_words.of(self.paying) if self.paying else None
        return of_money or words.SENTENCES[self.booking.status]

    @property
    def steps(self) -> list[Step]:
        return of_status(self.booking.status, self.agreed)

    @property
    def bill(self) -> Bill | None:
        return Bill(self.paying, self.agreed, self.zone) if self.paying else None

    @property
    def is_confirming(self) -> bool:
        """They say that they paid, and the provider has not told us yet: no word of failure meanwhile."""
        paying = self.paying
        open_one = paying.undecided if paying and self.is_back_from_paying else None
        return open_one is not None and open_one.state == PaymentState.OPEN

    @property
    def is_payable(self) -> bool:
        """Whether the button to pay is offered now."""
        paying = self.paying
        if paying is None or self.is_confirming or not paying.is_payable:
            return False
        return not paying.is_opening or paying.is_stuck

    @property
    def is_choosing(self) -> bool:
        """Whether it is paid, and the calendar is there to choose a time."""
        return self.booking.status == Status.AWAITING_SCHEDULE and bool(
            self.booking.scheduling_link and self.paying and not self.paying.is_canceling
        )

    @property
    def is_cancelable(self) -> bool:
        """Whether our own page cancels it. Free sessions are canceled at Calendly."""
        if self.paying is None or self.paying.is_canceling or self.paying.is_over:
            return False
        if self.appointment is None:
            return self.booking.status == Status.AWAITING_SCHEDULE
        return self.is_planned

    @property
    def zone(self) -> str:
        """The name of the zone that the visitor chose in Calendly; empty where none is known."""
        return self.appointment.timezone if self.appointment else ""

    @cached_property
    def when(self) -> When | None:
        """In the zone that the visitor chose in Calendly."""
        if self.booking.starts_at is None or self.booking.ends_at is None:
            return None
        return when.for_visitor(self.booking.starts_at, self.booking.ends_at, self.zone)

    @cached_property
    def when_for_host(self) -> When | None:
        return when.for_host(self.when) if self.when else None

    @cached_property
    def where(self) -> Where | None:
        if self.appointment is None or self.booking.status not in PLANNED:
            return None
        found = where.where(self.appointment.location)
        if found and self.booking.status == Status.AWAITING_PAYMENT:
            return replace(found, link="")  # the way in is for sessions that are booked for good
        return found

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
        """What the visitor's calendar is told, while there is a time to come that is theirs for good."""
        if not self.is_planned or self.when is None or self.booking.status != Status.CONFIRMED:
            return None
        place = self.where.public if self.where else ""
        return Entry(self.session_type.title, self.when.start, self.when.end, place)

    @property
    def reschedule_url(self) -> str:
        if self.paying and (self.paying.is_canceling or self.paying.is_over):
            return ""
        return self._own_page(self.appointment.reschedule_url if self.appointment else "")

    @property
    def cancel_url(self) -> str:
        return self._own_page(self.appointment.cancel_url if self.appointment else "")

    @property
    def leave_url(self) -> str:
        """Where a visitor takes themselves out of a group session that they asked to cancel."""
        paying = self.paying
        return self.cancel_url if paying and paying.is_leaving_group else ""

    @property
    def is_waiting(self) -> bool:
        """Whether more is about to be known without the visitor doing anything."""
        to_come = self.where is not None and self.where.is_to_come
        is_moving = self.paying is not None and (self.paying.is_canceling or self.paying.coming > 0)
        return self.booking.status in WAITING or is_moving or (self.is_planned and to_come)

    @property
    def mark(self) -> str:
        """Changes with anything that the visitor would see change; says nothing to anyone else."""
        start = int(self.booking.starts_at.timestamp()) if self.booking.starts_at else 0
        link = int(bool(self.where and self.where.link))
        # A move to the very same time still changes the links to Calendly's pages.
        links = crc32(
            f"{self.booking.calendly_invitee_uri} {self.booking.scheduling_link}".encode()
        )
        money = f"-{self.paying.mark}-{self.is_confirming:d}" if self.paying else ""
        return f"{self.booking.status}-{start}-{link}-{links:x}{money}"

    @property
    def _is_canceled_by_host(self) -> bool:
        """What is canceled here for its visitor, Calendly reports as the host's doing."""
        if self.paying:
            return self.paying.decision.canceled_by == "host"
        return self.appointment is not None and self.appointment.canceler_type == "host"

    def _own_page(self, url: str) -> str:
        """One of Calendly's own pages; nothing else is linked to, whatever an answer held."""
        origins = conf.load().account(self.booking.account).booking_origins
        return url if self.is_planned and address.is_at(url, origins) else ""
