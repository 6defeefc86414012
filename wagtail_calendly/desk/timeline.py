"""What happened to a booking, in order and in plain words: facts, decisions, effects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from wagtail_calendly.bookings.models import Appointment, Booking, Effect


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: str
    text: str
    note: str = ""

    @property
    def icon(self) -> str:
        return {"fact": "info-circle", "decision": "check", "effect": "cog"}[self.kind]


def timeline(booking: Booking) -> list[Moment]:
    """Everything known of this booking, oldest first."""
    moments = [*_claims(booking), *_decisions(booking)]
    for appointment in booking.appointments.all():
        moments += _appointment(appointment)
    for effect in booking.effects.all():
        moments += _effect(effect)
    return sorted(moments, key=lambda moment: moment.at)


def _claims(booking: Booking) -> Iterator[Moment]:
    if booking.claimed_at:
        yield Moment(
            booking.claimed_at, "fact", _("The visitor's browser said that a time was booked.")
        )


def _appointment(appointment: Appointment) -> Iterator[Moment]:
    text = (
        _("Calendly: moved to a new time.")
        if appointment.old_invitee_uri
        else _("Calendly: a time was booked.")
    )
    yield Moment(appointment.invitee_created_at or appointment.recorded_at, "fact", text)
    if appointment.canceled_at and not appointment.rescheduled:
        by_host = appointment.canceler_type == "host"
        text = (
            _("Calendly: canceled by the host.")
            if by_host
            else _("Calendly: canceled by the invitee.")
        )
        yield Moment(appointment.canceled_at, "fact", text, appointment.cancel_reason)
    if appointment.no_show_uri and appointment.invitee_updated_at:
        yield Moment(
            appointment.invitee_updated_at, "fact", _("Calendly: the invitee did not come.")
        )


def _decisions(booking: Booking) -> Iterator[Moment]:
    for entry in registry.get_logs_for_instance(booking).select_related("user"):
        yield Moment(entry.timestamp, "decision", str(entry.message))


def _effect(effect: Effect) -> Iterator[Moment]:
    name = effect.get_kind_display()
    yield Moment(effect.created_at, "effect", _("To do: %(effect)s.") % {"effect": name})
    if effect.finished_at:
        yield Moment(effect.finished_at, "effect", _outcome(effect, name), effect.error)
    elif effect.tries:
        text = _("Tried %(tries)d times: %(effect)s.") % {"tries": effect.tries, "effect": name}
        yield Moment(effect.next_try_at, "effect", text, effect.error)


def _outcome(effect: Effect, name: Any) -> str:
    words = {
        Effect.State.DONE: _("Done: %(effect)s."),
        Effect.State.IGNORED: _("No longer needed: %(effect)s."),
        Effect.State.DEAD: _("Given up: %(effect)s."),
    }
    return words[Effect.State(effect.state)] % {"effect": name}
