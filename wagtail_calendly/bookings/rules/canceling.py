"""What was asked to be canceled, for one or for all of an event, and what of that Calendly must still be told."""

from __future__ import annotations

from datetime import datetime

from wagtail_calendly.bookings.rules.chain import id_of
from wagtail_calendly.bookings.rules.decision import EffectSpec
from wagtail_calendly.bookings.rules.facts import AppointmentFacts, BookingFacts, RequestFacts


def due(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> tuple[EffectSpec, ...]:
    """What a request to cancel asks of Calendly."""
    if not _asked(facts, current) or current.starts_at <= now:
        return ()
    return (cancel_event(current, now),)


def was_missed(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> bool:
    """Whether the session begins although it was asked in time to cancel it: Calendly could not be reached."""
    asked = _asked(facts, current)
    return any(request.at < current.starts_at <= now for request in asked)


def _asked(facts: BookingFacts, current: AppointmentFacts) -> tuple[RequestFacts, ...]:
    """Of a group session all places or none: its visitors can leave by themselves only."""
    for_all = facts.asked_for_all(current.event)
    return for_all if facts.terms.is_group else (*for_all, *facts.asked("cancel"))


def cancel_event(current: AppointmentFacts, now: datetime) -> EffectSpec:
    """To be done once for each appointment."""
    key = f"cancel_event/{id_of(current.invitee)}"
    return EffectSpec("cancel_event", key, now, current.invitee)
