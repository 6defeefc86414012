"""The table: each situation a booking can be in, and what it is then. Money and mails are added by `decide`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules import canceling, for_clients, no_shows, policy
from wagtail_calendly.bookings.rules.chain import id_of
from wagtail_calendly.bookings.rules.decision import Decision, EffectSpec
from wagtail_calendly.bookings.rules.facts import AppointmentFacts, BookingFacts
from wagtail_calendly.bookings.rules.ledger import Ledger

#: A claim that left no trace at Calendly for so long is dropped; so is a payment nobody asked for since.
DROPPED_AFTER = timedelta(hours=24)
#: Calendly was asked a moment ago; when to ask again for what was not there yet.
LOOK_UP_AFTER = timedelta(seconds=15)
SUCCESSOR_AFTER = timedelta(minutes=1)
REFRESH_AFTER = timedelta(minutes=1)
#: How often to look again at a booking that waits for an effect.
PATIENCE = timedelta(hours=1)
#: A hold ends a little before the session, and one shorter than this is no time to pay in.
BEFORE_START = timedelta(minutes=5)
SHORTEST_HOLD = timedelta(minutes=10)


def unseen(facts: BookingFacts, now: datetime) -> Decision:
    """The visitor says it is booked; Calendly has not said so yet."""
    claimed_at = facts.claimed_at
    dropped_at = claimed_at and claimed_at + DROPPED_AFTER
    if claimed_at is None or dropped_at is None or dropped_at <= now:
        return Decision("abandoned")
    return Decision("pending", effects=_look_up(facts), next_check_at=dropped_at)


def unscheduled(facts: BookingFacts, now: datetime) -> Decision:
    """Paid before a time is chosen, and none is known yet."""
    ledger = Ledger(facts)
    keeper = ledger.keeper
    settled_at = ledger.waived_at or (keeper and keeper.settled_at)
    if facts.asked("give_back", "cancel"):
        owed = keeper.captured if keeper else 0
        return Decision("canceled", owed=owed, canceled_by="invitee")
    if ledger.is_settled and settled_at:
        valid_until = settled_at + facts.terms.link_valid_for
        if valid_until <= now:
            return Decision("canceled", owed=keeper.captured if keeper else 0)
        return _choosing(facts, now, valid_until)
    if ledger.mismatched or ledger.processing:
        return Decision("awaiting_payment")
    dropped_at = _dropped_at(facts)
    if dropped_at is None or dropped_at <= now:
        if ledger.payable:  # closed first; only then is it known that nobody paid
            return Decision("awaiting_payment", next_check_at=now + PATIENCE)
        return Decision("abandoned")
    return Decision(
        "awaiting_payment",
        effects=_look_up(facts),
        next_check_at=dropped_at,
        is_payable=True,
    )


def invited(facts: BookingFacts, now: datetime) -> Decision:
    """Begun by staff for a client, who need not pay before they choose a time."""
    until = for_clients.invited_until(facts)
    if facts.asked("cancel"):
        return Decision("canceled", canceled_by="host")
    if until is None or until <= now:
        return Decision("abandoned")
    return _choosing(facts, now, until)


def moved(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> Decision:
    """Moved to a time not known yet: it still stands, and nothing is concluded from the old time."""
    key = f"look_up_successor/{id_of(current.invitee)}"
    successor = EffectSpec("look_up_successor", key, now + SUCCESSOR_AFTER, current.invitee)
    is_settled = Ledger(facts).is_settled
    return Decision(
        "confirmed" if is_settled else "awaiting_payment",
        effects=(successor,),
        next_check_at=now + PATIENCE,
        current=current,
        is_payable=not is_settled,
    )


def canceled(facts: BookingFacts, current: AppointmentFacts) -> Decision:
    """Calendly reports it canceled; by whom and when decides what is owed."""
    keeper = Ledger(facts).keeper
    request = policy.covering(facts, current)
    by = current.canceler
    if request:
        by = "host" if request.is_staff else "invitee"
    return Decision(
        "expired" if _is_our_expiry(facts, current) else "canceled",
        current=current,
        canceled_by=by,
        owed=policy.after_cancellation(facts, current, keeper) if keeper else 0,
    )


def held(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> Decision:
    """In the calendar, with nothing left to pay: to come, over, or missed."""
    missed = ("effect_failed",) if canceling.was_missed(facts, current, now) else ()
    marking = no_shows.due(facts, current, now)
    if current.is_no_show:
        return Decision("no_show", attention=missed, effects=marking, current=current)
    if current.ends_at <= now:
        return Decision("completed", attention=missed, effects=marking, current=current)
    to_cancel = canceling.due(facts, current, now)
    effects = (*to_cancel, *marking)
    if current.awaits_join_url:
        key = f"refresh/{id_of(current.invitee)}"
        effects = (*effects, EffectSpec("refresh", key, now + REFRESH_AFTER, current.invitee))
    check_at = current.starts_at if to_cancel else current.ends_at
    return Decision(
        "confirmed", attention=missed, effects=effects, next_check_at=check_at, current=current
    )


def too_late(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> Decision | None:
    """Booked with a link whose money had been asked back, or was due back, by then."""
    keeper = Ledger(facts).keeper
    if not facts.terms.is_paid_before or keeper is None or keeper.settled_at is None:
        return None
    asked_back = [request.at for request in facts.asked("give_back")]
    over_at = min([keeper.settled_at + facts.terms.link_valid_for, *asked_back])
    if facts.asked("waive") or one_before(facts, over_at):
        return None
    return Decision(
        "awaiting_payment",
        attention=("refunded_but_booked",),
        effects=canceling.due(facts, current, now),
        owed=keeper.captured,
        current=current,
    )


def one_before(facts: BookingFacts, moment: datetime) -> bool:
    """Whether a time was chosen by then."""
    return any(one.created_at < moment for one in facts.appointments)


def unpaid(facts: BookingFacts, current: AppointmentFacts, now: datetime) -> Decision:
    """In the calendar and not paid: held for a while, then given back. Nobody is confirmed without money."""
    ledger = Ledger(facts)
    waiting = Decision("awaiting_payment", current=current)
    if canceling.due(facts, current, now):
        return _when_closed(facts, waiting, current, "awaiting_payment", now)
    if ledger.mismatched or ledger.processing:
        return waiting
    hold_until = hold_of(facts, current)
    if hold_until is None:  # booked past the payment: a person decides
        is_ahead = now < current.starts_at
        check_at = current.starts_at if is_ahead else None
        return replace(waiting, attention=("unpaid",), is_payable=is_ahead, next_check_at=check_at)
    if current.starts_at <= now:
        return replace(waiting, attention=("unpaid",))
    if now < hold_until:
        return replace(waiting, next_check_at=hold_until, is_payable=True, hold_until=hold_until)
    if facts.terms.is_group:  # Calendly would cancel everyone
        return replace(waiting, attention=("unpaid",), hold_until=hold_until)
    over = replace(waiting, hold_until=hold_until)
    return _when_closed(facts, over, current, "expired", now)


def hold_of(facts: BookingFacts, current: AppointmentFacts) -> datetime | None:
    """Until when the slot stays ours unpaid; None where it is for staff to decide.

    It begins when the first of the chain was recorded, so that moving the session does not prolong it.
    """
    extended = [r.until for r in facts.asked("extend", "ask_to_pay") if r.until]
    latest = current.starts_at - BEFORE_START
    if facts.terms.is_paid_before or any(one.is_given for one in facts.appointments):
        return min(max(extended), latest) if extended else None
    began = min(one.recorded_at for one in facts.appointments)
    if latest - began < min(SHORTEST_HOLD, facts.terms.hold):
        return began  # no time to pay in: given back at once
    return min(max([began + facts.terms.hold, *extended]), latest)


def _choosing(facts: BookingFacts, now: datetime, until: datetime) -> Decision:
    """A time may be chosen, by a link of the booking's own or by staff."""
    link = EffectSpec("create_link", "create_link", now)
    effects = (
        *_look_up(facts),
        *for_clients.booking_due(facts, now),
        *(() if facts.link_made_at else (link,)),
    )
    return Decision("awaiting_schedule", effects=effects, next_check_at=until)


def _when_closed(
    facts: BookingFacts, waiting: Decision, current: AppointmentFacts, status: str, now: datetime
) -> Decision:
    """Cancel the event only when no attempt can be paid any more; until then, what is open is closed first."""
    if Ledger(facts).payable:
        return replace(waiting, next_check_at=now + PATIENCE)
    return replace(
        waiting,
        status=status,
        effects=(canceling.cancel_event(current, now),),
        next_check_at=now + PATIENCE,
    )


def _is_our_expiry(facts: BookingFacts, current: AppointmentFacts) -> bool:
    """Whether the host's cancellation is our own, of a slot that nobody paid in time."""
    ledger = Ledger(facts)
    hold_until = hold_of(facts, current)
    if not facts.terms.charge or ledger.waived_at or hold_until is None:
        return False
    if current.canceler == "invitee" or policy.covering(facts, current):
        return False
    in_time = ledger.was_settled_before(current.canceled_at)
    return current.canceled_at >= hold_until - policy.CLOCK_TOLERANCE and not in_time


def _look_up(facts: BookingFacts) -> tuple[EffectSpec, ...]:
    """The visitor says it is booked: ask Calendly."""
    if facts.claimed_at is None:
        return ()
    key = f"look_up/{facts.claimed_at.isoformat()}"
    return (EffectSpec("look_up", key, facts.claimed_at + LOOK_UP_AFTER),)


def _dropped_at(facts: BookingFacts) -> datetime | None:
    """When a payment before its time is waited for no more; a client's has as long as their link."""
    asked = [request.at for request in facts.asked("pay")]
    asked += [payment.asked_at for payment in facts.payments]
    ends = [moment + DROPPED_AFTER for moment in asked]
    return max([*ends, *filter(None, [for_clients.invited_until(facts)])], default=None)
