"""Whether staff want an invitee marked as one who did not come, and what of that Calendly must still be told."""

from __future__ import annotations

from datetime import datetime

from wagtail_calendly.bookings.rules.chain import id_of
from wagtail_calendly.bookings.rules.decision import EffectSpec
from wagtail_calendly.bookings.rules.facts import AppointmentFacts, BookingFacts, RequestFacts


def is_marked(facts: BookingFacts, current: AppointmentFacts) -> bool:
    """As staff asked last, if Calendly was not seen to be so yet; else as Calendly says."""
    wish = _wish(facts)
    return wish.kind == "no_show" if wish else current.is_no_show


def due(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> tuple[EffectSpec, ...]:
    """What to tell Calendly: once for each time that somebody asks, so that it never undoes what is done there."""
    wish = _wish(facts)
    if wish is None or now < current.starts_at:
        return ()
    kind = "mark_no_show" if wish.kind == "no_show" else "undo_no_show"
    key = f"{kind}/{id_of(current.invitee)}/{wish.at.isoformat()}"
    return (EffectSpec(kind, key, now, current.invitee),)


def _wish(facts: BookingFacts) -> RequestFacts | None:
    """What was asked for last, while Calendly was not seen to be so."""
    asked = facts.asked("no_show", "came")
    return asked[-1] if asked and not asked[-1].is_met else None
