"""The whole business logic: what a booking's facts mean now. Pure; knows the standard library only.

Times are aware UTC. Statuses, kinds of effects and reasons for attention are the public values of `models`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: A claim that left no trace at Calendly for so long is dropped.
DROPPED_AFTER = timedelta(hours=24)
#: Calendly was asked a moment ago; when to ask again for what was not there yet.
LOOK_UP_AFTER = timedelta(seconds=15)
SUCCESSOR_AFTER = timedelta(minutes=1)
REFRESH_AFTER = timedelta(minutes=1)
#: How often to look again at a booking that waits for an effect.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class AppointmentFacts:
    """What Calendly said of one invitee and the event they are invited to."""

    invitee: str
    event: str
    old_invitee: str
    new_invitee: str
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_canceled: bool
    is_rescheduled: bool
    is_no_show: bool
    canceler: str
    awaits_join_url: bool


@dataclass(frozen=True)
class BookingFacts:
    """Everything known of one booking. `price` in minor units; `dead` are the keys of effects that failed for good."""

    claimed_at: datetime | None
    price: int
    appointments: tuple[AppointmentFacts, ...]
    dead: frozenset[str] = frozenset()


@dataclass(frozen=True)
class EffectSpec:
    """Something that must happen outside, not before `due_at`; `key` names it within its booking."""

    kind: str
    key: str
    due_at: datetime
    invitee: str = ""


@dataclass(frozen=True)
class Decision:
    """What the facts mean. `current` is the invitee who stands for the booking now, if any."""

    status: str
    payment_status: str
    attention: tuple[str, ...] = ()
    effects: tuple[EffectSpec, ...] = ()
    next_check_at: datetime | None = None
    current: AppointmentFacts | None = None
    canceled_by: str = ""


def decide(facts: BookingFacts, now: datetime) -> Decision:
    """What this booking is at this moment, what must happen outside, and when to ask again."""
    current = current_of(facts.appointments)
    payment = "unpaid" if facts.price else "not_required"
    if current is None:
        decision = _unseen(facts.claimed_at, payment, now)
    elif current.is_canceled and current.is_rescheduled:
        decision = _moved(current, payment, now)
    elif current.is_canceled:
        decision = Decision("canceled", payment, current=current, canceled_by=current.canceler)
    elif facts.price:
        decision = _unpaid(current, payment)
    else:
        decision = _held(current, payment, now)
    return _with_failures(decision, facts.dead)


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


def _unseen(claimed_at: datetime | None, payment: str, now: datetime) -> Decision:
    """The visitor says it is booked; Calendly has not said so yet."""
    dropped_at = claimed_at and claimed_at + DROPPED_AFTER
    if claimed_at is None or dropped_at is None or dropped_at <= now:
        return Decision("abandoned", payment)
    key = f"look_up/{claimed_at.isoformat()}"
    look_up = EffectSpec("look_up", key, claimed_at + LOOK_UP_AFTER)
    return Decision("pending", payment, effects=(look_up,), next_check_at=dropped_at)


def _moved(current: AppointmentFacts, payment: str, now: datetime) -> Decision:
    """Moved to a time not known yet: it still stands, and nothing is concluded from the old time."""
    successor = EffectSpec(
        "look_up_successor",
        f"look_up_successor/{_id(current.invitee)}",
        now + SUCCESSOR_AFTER,
        current.invitee,
    )
    status = "confirmed" if payment == "not_required" else "awaiting_payment"
    return Decision(
        status, payment, effects=(successor,), next_check_at=now + PATIENCE, current=current
    )


def _unpaid(current: AppointmentFacts, payment: str) -> Decision:
    """Nobody is confirmed without settled money; as long as none can be settled, staff must look."""
    return Decision("awaiting_payment", payment, attention=("unpaid",), current=current)


def _held(current: AppointmentFacts, payment: str, now: datetime) -> Decision:
    """A free session that is in the calendar: to come, over, or missed."""
    if current.is_no_show:
        return Decision("no_show", payment, current=current)
    if current.ends_at <= now:
        return Decision("completed", payment, current=current)
    effects: tuple[EffectSpec, ...] = ()
    if current.awaits_join_url:
        key = f"refresh/{_id(current.invitee)}"
        effects = (EffectSpec("refresh", key, now + REFRESH_AFTER, current.invitee),)
    return Decision(
        "confirmed", payment, effects=effects, next_check_at=current.ends_at, current=current
    )


def _with_failures(decision: Decision, dead: frozenset[str]) -> Decision:
    """An effect that is still wanted and failed for good needs staff."""
    if not any(effect.key in dead for effect in decision.effects):
        return decision
    return replace(decision, attention=(*decision.attention, "effect_failed"))


def _id(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
