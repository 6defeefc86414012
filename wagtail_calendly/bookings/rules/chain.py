"""Which of a booking's appointments stands for it now."""

from __future__ import annotations

from wagtail_calendly.bookings.rules.facts import AppointmentFacts


def current_of(appointments: tuple[AppointmentFacts, ...]) -> AppointmentFacts | None:
    """The end of the chain of reschedules: the one that no other known one follows."""
    known = {one.invitee for one in appointments}
    followed = {one.old_invitee for one in appointments}
    last = [
        one
        for one in appointments
        if one.invitee not in followed and not (one.is_rescheduled and one.new_invitee in known)
    ]
    return max(
        last or appointments,
        key=lambda one: (not one.is_canceled, one.created_at, one.invitee),
        default=None,
    )


def id_of(uri: str) -> str:
    """The last part of a URI."""
    return uri.rsplit("/", 1)[-1]
