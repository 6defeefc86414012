"""What can happen to a booking: made, canceled, moved, no-show; subscribers hear of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from wagtail_calendly.simulator.calendly import hooks, slots
from wagtail_calendly.simulator.calendly.state import (
    TRACKING_KEYS,
    Calendly,
    Cancellation,
    EventType,
    Invitee,
    NoShow,
    ScheduledEvent,
    new_id,
)
from wagtail_calendly.simulator.clock import iso
from wagtail_calendly.simulator.deliveries import Deliveries

Canceler = Literal["host", "invitee"]


class SlotTakenError(Exception):
    """Somebody else has that time, or it was never on offer."""


@dataclass
class Details:
    """What an invitee fills in."""

    name: str
    email: str
    timezone: str
    first_name: str | None = None
    last_name: str | None = None
    text_reminder_number: str | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    tracking: dict[str, str | None] = field(default_factory=dict)
    guests: list[str] = field(default_factory=list)
    location: dict[str, Any] | None = None
    scheduling_method: str | None = None


class Desk:
    """Takes bookings for one Calendly and sends word of them."""

    def __init__(self, calendly: Calendly, deliveries: Deliveries) -> None:
        self.calendly, self.deliveries = calendly, deliveries

    def is_offered(
        self, event_type: EventType, start: datetime, besides: ScheduledEvent | None = None
    ) -> bool:
        """Whether a visitor could choose that start now."""
        second = timedelta(seconds=1)
        found = slots.free_slots(self.calendly, event_type, start, start + second, besides=besides)
        return any(found)

    def book(self, event_type: EventType, start: datetime, details: Details) -> Invitee:
        """SlotTakenError when no seat is left; hours and notice are the caller's to check."""
        invitee = self._enter(event_type, start, details)
        self._tell("invitee.created", invitee)
        return invitee

    def cancel_event(
        self, event: ScheduledEvent, canceler: Canceler, name: str, reason: str | None
    ) -> Cancellation:
        """Cancel for everyone."""
        made = Cancellation(name, reason, canceler, self.calendly.clock.stamp())
        leaving = event.active_invitees
        event.cancellation = made
        for invitee in leaving:
            self._mark_canceled(invitee, made)
        for invitee in leaving:
            self._tell("invitee.canceled", invitee)
        return made

    def cancel_invitee(self, invitee: Invitee, reason: str | None) -> Cancellation:
        """The invitee steps back; a group event stays active for the others."""
        made = Cancellation(invitee.name, reason, "invitee", self.calendly.clock.stamp())
        self._withdraw(invitee, made)
        self._tell("invitee.canceled", invitee)
        return made

    def reschedule(self, invitee: Invitee, start: datetime, reason: str | None = None) -> Invitee:
        """A new invitee on another event; both sides are told, the canceled one first."""
        kept = invitee.tracking if self.calendly.carry_tracking else {}
        details = Details(
            name=invitee.name,
            email=invitee.email,
            timezone=invitee.timezone,
            first_name=invitee.first_name,
            last_name=invitee.last_name,
            text_reminder_number=invitee.text_reminder_number,
            answers=invitee.answers,
            tracking=kept,
            location=invitee.event.location,
        )
        moved = self._enter(invitee.event.event_type, start, details, besides=invitee.event)
        invitee.rescheduled, invitee.new, moved.old = True, moved, invitee
        made = Cancellation(invitee.name, reason, "invitee", self.calendly.clock.stamp())
        self._withdraw(invitee, made)
        self._tell("invitee.canceled", invitee)
        self._tell("invitee.created", moved)
        return moved

    def mark_no_show(self, invitee: Invitee) -> NoShow:
        mark = NoShow(new_id(), self.calendly.clock.stamp())
        invitee.no_show, invitee.updated_at = mark, mark.created_at
        self._tell("invitee_no_show.created", invitee)
        return mark

    def undo_no_show(self, invitee: Invitee) -> None:
        invitee.no_show, invitee.updated_at = None, self.calendly.clock.stamp()
        self._tell("invitee_no_show.deleted", invitee)

    def _enter(
        self,
        event_type: EventType,
        start: datetime,
        details: Details,
        besides: ScheduledEvent | None = None,
    ) -> Invitee:
        if not slots.seats_left(self.calendly, event_type, start, besides=besides):
            raise SlotTakenError
        stamp = self.calendly.clock.stamp()
        event = slots.joinable(self.calendly, event_type, start)
        if event is None:
            event = self._new_event(event_type, start, details, stamp, besides)
        event.updated_at = stamp
        times = {"created_at": iso(stamp), "updated_at": iso(stamp)}
        event.guests = event.guests + [{"email": guest, **times} for guest in details.guests]
        invitee = self._new_invitee(event, details, stamp)
        event.invitees.append(invitee)
        self.calendly.invitees[invitee.id] = invitee
        return invitee

    def _new_event(
        self,
        event_type: EventType,
        start: datetime,
        details: Details,
        stamp: datetime,
        besides: ScheduledEvent | None,
    ) -> ScheduledEvent:
        host = slots.free_host(self.calendly, event_type, start, besides=besides)
        if host is None:
            raise SlotTakenError
        event = ScheduledEvent(
            id=new_id(),
            event_type=event_type,
            host=host,
            start=start,
            end=start + timedelta(minutes=event_type.duration),
            location=details.location or next(iter(event_type.locations or []), None),
            created_at=stamp,
            updated_at=stamp,
        )
        self.calendly.events[event.id] = event
        return event

    def _new_invitee(self, event: ScheduledEvent, details: Details, stamp: datetime) -> Invitee:
        return Invitee(
            id=new_id(),
            event=event,
            name=details.name,
            email=details.email,
            timezone=details.timezone,
            first_name=details.first_name,
            last_name=details.last_name,
            text_reminder_number=details.text_reminder_number,
            answers=details.answers,
            tracking={key: details.tracking.get(key) for key in TRACKING_KEYS},
            scheduling_method=details.scheduling_method,
            created_at=stamp,
            updated_at=stamp,
        )

    def _withdraw(self, invitee: Invitee, made: Cancellation) -> None:
        if invitee.event.event_type.kind != "group":
            invitee.event.cancellation = made
        self._mark_canceled(invitee, made)

    def _mark_canceled(self, invitee: Invitee, made: Cancellation) -> None:
        invitee.cancellation = made
        invitee.updated_at = invitee.event.updated_at = made.created_at

    def _tell(self, event: str, invitee: Invitee) -> None:
        hooks.tell_of_invitee(self.calendly, self.deliveries, event, invitee)
