"""What the facts mean, as frozen dataclasses: statuses, kinds and reasons are the public values of `models`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from wagtail_calendly.bookings.rules.facts import AppointmentFacts


@dataclass(frozen=True)
class EffectSpec:
    """Something that must happen outside, not before `due_at`; `key` names it within its booking.

    `subject` is what it is done to: an invitee, an attempt, the name of a mail. `amount` is money to give back.
    """

    kind: str
    key: str
    due_at: datetime
    subject: str = ""
    amount: int = 0


class Ground(NamedTuple):
    """A reason for attention, and what it is about, so that another of the same kind is told apart from it."""

    code: str
    about: str = ""


@dataclass(frozen=True)
class Decision:
    """What the facts mean. `current` is the invitee who stands for the booking now, if any.

    `attention` are the reasons that nobody has settled yet, `grounds` all that there is to each of them.

    `is_payable`: a visitor who asks to pay now is let. `owed`: what is to stand refunded of the payment that
    counts.
    """

    status: str
    payment_status: str = "not_required"
    attention: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    effects: tuple[EffectSpec, ...] = ()
    next_check_at: datetime | None = None
    current: AppointmentFacts | None = None
    canceled_by: str = ""
    hold_until: datetime | None = None
    is_payable: bool = False
    owed: int = 0

    def about(self, code: str) -> list[str]:
        """The grounds of one reason for attention, as somebody sees them who settles it."""
        return sorted(ground.about for ground in self.grounds if ground.code == code)
