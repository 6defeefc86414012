"""What the facts mean, as frozen dataclasses: statuses, kinds and reasons are the public values of `models`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True)
class Decision:
    """What the facts mean. `current` is the invitee who stands for the booking now, if any.

    `is_payable`: a visitor who asks to pay now is let. `owed`: what is to stand refunded of the payment that
    counts.
    """

    status: str
    payment_status: str = "not_required"
    attention: tuple[str, ...] = ()
    effects: tuple[EffectSpec, ...] = ()
    next_check_at: datetime | None = None
    current: AppointmentFacts | None = None
    canceled_by: str = ""
    hold_until: datetime | None = None
    is_payable: bool = False
    owed: int = 0
