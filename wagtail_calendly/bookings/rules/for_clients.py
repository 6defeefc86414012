"""What staff book for a client: a link of their own to choose a time by, or a time at once."""

from __future__ import annotations

from datetime import datetime

from wagtail_calendly.bookings.rules.decision import EffectSpec
from wagtail_calendly.bookings.rules.facts import BookingFacts


def invited_until(facts: BookingFacts) -> datetime | None:
    """Until when what staff began for a client stays open; None where they began nothing."""
    invited = facts.asked("invite")
    return invited[-1].at + facts.terms.link_valid_for if invited else None


def booking_due(facts: BookingFacts, now: datetime) -> tuple[EffectSpec, ...]:
    """The time that staff chose and Calendly was not seen to have, or to refuse."""
    asked = facts.asked("book")
    if not asked or asked[-1].is_met:
        return ()
    return (EffectSpec("book", f"book/{asked[-1].at.isoformat()}", now),)
