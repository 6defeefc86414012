"""The whole business logic: what a booking's facts mean now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules import cases, mails, refunds
from wagtail_calendly.bookings.rules.chain import current_of
from wagtail_calendly.bookings.rules.decision import Decision, EffectSpec
from wagtail_calendly.bookings.rules.facts import BookingFacts, PaymentFacts
from wagtail_calendly.bookings.rules.ledger import Ledger

#: A payment is asked for again so soon after it was opened, in case nobody tells us of it.
LOOK_UP_PAYMENT_AFTER = timedelta(minutes=1)
#: Bank debits take days; after so many, somebody should ask Stripe.
DEBIT_LIMIT = timedelta(days=14)
#: Kinds of effects that a person need not look at when they fail.
HARMLESS = frozenset({"notify", "look_up_payment"})


def decide(facts: BookingFacts, now: datetime) -> Decision:
    """What this booking is at this moment, what must happen outside, and when to ask again."""
    decision = replace(_case(facts, now), payment_status=Ledger(facts).status)
    decision = _with_money(decision, facts, now)
    decision = _with_attention(decision, facts, now)
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


def _with_attention(decision: Decision, facts: BookingFacts, now: datetime) -> Decision:
    """Everything that a person must look at, less what somebody has settled."""
    ledger = Ledger(facts)
    reasons = list(decision.attention)
    failed = [e for e in decision.effects if e.key in facts.dead and e.kind not in HARMLESS]
    is_booked = decision.status in ("confirmed", "awaiting_schedule")
    found = {
        "effect_failed": bool(failed),
        "payment_mismatch": bool(ledger.mismatched),
        "payment_refused": not ledger.is_settled and ledger.is_last_refused,
        "payment_slow": any(one.asked_at + DEBIT_LIMIT <= now for one in ledger.processing),
        "refund_failed": refunds.has_failed(facts, decision.owed),
        "disputed": any(one.dispute in ("open", "lost") for one in facts.payments),
        "refunded_but_booked": is_booked and decision.payment_status == "refunded",
    }
    reasons += [code for code, is_so in found.items() if is_so and code not in reasons]
    settled = _acknowledged(facts)
    return replace(decision, attention=tuple(code for code in reasons if code not in settled))


def _acknowledged(facts: BookingFacts) -> set[str]:
    """The reasons that somebody has settled; who asks for a refund again wants to hear of its failure again."""
    tried_at = max((request.at for request in facts.asked("refund")), default=None)
    return {
        request.code
        for request in facts.asked("acknowledge")
        if request.code != "refund_failed" or tried_at is None or tried_at <= request.at
    }


def _of(payment: PaymentFacts, kind: str, due_at: datetime) -> EffectSpec:
    return EffectSpec(kind, f"{kind}/{payment.attempt}", due_at, payment.attempt)


def _add(decision: Decision, effects: tuple[EffectSpec, ...]) -> Decision:
    return replace(decision, effects=(*decision.effects, *effects))
