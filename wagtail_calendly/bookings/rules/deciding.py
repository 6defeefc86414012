"""The whole business logic: what a booking's facts mean now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules import attention, cases, mails, refunds
from wagtail_calendly.bookings.rules.attention import DEBIT_LIMIT
from wagtail_calendly.bookings.rules.chain import current_of
from wagtail_calendly.bookings.rules.decision import Decision, EffectSpec
from wagtail_calendly.bookings.rules.facts import BookingFacts, PaymentFacts
from wagtail_calendly.bookings.rules.ledger import Ledger

#: A payment is asked for again so soon after it was opened, in case nobody tells us of it.
LOOK_UP_PAYMENT_AFTER = timedelta(minutes=1)


def decide(facts: BookingFacts, now: datetime) -> Decision:
    """What this booking is at this moment, what must happen outside, and when to ask again."""
    decision = replace(_case(facts, now), payment_status=Ledger(facts).status)
    decision = _with_money(decision, facts, now)
    decision = attention.found(decision, facts, now)
    return _add(decision, mails.due(facts, decision, now))


def _case(facts: BookingFacts, now: datetime) -> Decision:
    ledger = Ledger(facts)
    current = current_of(facts.appointments)
    if current is None:
        is_ahead = facts.terms.is_paid_before or ledger.paid or ledger.mismatched
        if facts.terms.charge and is_ahead:
            return cases.unscheduled(facts, now)
        if facts.asked("invite"):
            return cases.invited(facts, now)
        return cases.unseen(facts, now)
    if current.is_canceled and current.is_rescheduled:
        return cases.moved(facts, current, now)
    if current.is_canceled:
        return cases.canceled(facts, current)
    if ledger.is_settled:
        return cases.too_late(facts, current, now) or cases.held(facts, current, now)
    return cases.unpaid(facts, current, now)


def _with_money(decision: Decision, facts: BookingFacts, now: datetime) -> Decision:
    """Open what was asked for, close what may not be paid any more, follow what is open, give back what is owed."""
    effects: list[EffectSpec] = []
    checks: list[datetime] = []
    for payment in facts.payments:
        if payment.state == "opening" and decision.is_payable:
            effects.append(_of(payment, "open_checkout", now))
        elif payment.is_payable and not decision.is_payable:
            effects.append(_of(payment, "expire_checkout", now))
        if payment.state in ("open", "processing"):
            due_at = payment.asked_at + LOOK_UP_PAYMENT_AFTER
            effects.append(_of(payment, "look_up_payment", due_at))
        if payment.state == "processing":
            checks.append(payment.asked_at + DEBIT_LIMIT)
    effects += refunds.due(facts, decision.owed, now)
    later = [check for check in checks if check > now]
    if decision.next_check_at:
        later.append(decision.next_check_at)
    return replace(
        _add(decision, tuple(effects)),
        owed=refunds.target(facts, decision.owed),
        next_check_at=min(later, default=None),
    )


def _of(payment: PaymentFacts, kind: str, due_at: datetime) -> EffectSpec:
    return EffectSpec(kind, f"{kind}/{payment.attempt}", due_at, payment.attempt)


def _add(decision: Decision, effects: tuple[EffectSpec, ...]) -> Decision:
    return replace(decision, effects=(*decision.effects, *effects))
