"""Staff say that an invitee did not come, or that they did after all. Calendly is told; no money moves by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail_calendly.bookings import rules
from wagtail_calendly.bookings.acts.doing import do, refuse_unless
from wagtail_calendly.bookings.models import Booking, Effect, Request, Status
from wagtail_calendly.bookings.requests import Standing, ask

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: A session that took place as far as we know.
HELD = (Status.CONFIRMED, Status.COMPLETED, Status.NO_SHOW)


def is_markable(held: Standing) -> bool:
    """Whether the session has begun, and nobody has said that the invitee did not come."""
    current = _began(held)
    return current is not None and not rules.is_marked(held.facts, current)


def is_marked(held: Standing) -> bool:
    """Whether there is a mark to take back, or one on its way."""
    current = _began(held)
    return current is not None and rules.is_marked(held.facts, current)


def mark(booking: Booking, *, user: AbstractBaseUser, reason: str = "") -> Booking:
    """The invitee did not come. Raises `NotPossible` before the session begins."""

    def check(held: Standing) -> dict[str, Any] | None:
        if is_marked(held):
            return None
        refuse_unless(is_markable(held), "The session has not begun, or was canceled.")
        return {"reason": reason}

    ask(booking, Request.Kind.NO_SHOW, check, user=user)
    return do(booking, Request.Kind.NO_SHOW, Effect.Kind.MARK_NO_SHOW)


def undo(booking: Booking, *, user: AbstractBaseUser, reason: str = "") -> Booking:
    """The invitee did come. Raises `NotPossible` where there never was a session."""

    def check(held: Standing) -> dict[str, Any] | None:
        if is_markable(held):
            return None
        refuse_unless(is_marked(held), "Nobody is marked.")
        return {"reason": reason}

    ask(booking, Request.Kind.CAME, check, user=user)
    return do(booking, Request.Kind.CAME, Effect.Kind.UNDO_NO_SHOW)


def _began(held: Standing) -> rules.AppointmentFacts | None:
    """The appointment whose time has come, of a booking that nothing is missing of."""
    current = held.decision.current
    is_over = held.decision.status in HELD and current and not current.is_canceled
    return current if current and is_over and current.starts_at <= held.now else None
