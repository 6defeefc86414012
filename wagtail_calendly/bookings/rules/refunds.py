"""Which refunds must be made now, so that what is owed stands refunded and never more."""

from __future__ import annotations

from datetime import datetime

from wagtail_calendly.bookings.rules.decision import EffectSpec
from wagtail_calendly.bookings.rules.facts import BookingFacts, PaymentFacts
from wagtail_calendly.bookings.rules.ledger import Ledger


def target(facts: BookingFacts, owed: int) -> int:
    """What is to stand refunded of the payment that counts: owed, or asked for by staff, if that is more."""
    asked = [request.total or 0 for request in facts.asked("refund")]
    keeper = Ledger(facts).keeper
    return min(max([owed, *asked]), keeper.captured) if keeper else 0


def due(facts: BookingFacts, owed: int, now: datetime) -> tuple[EffectSpec, ...]:
    """The refunds to make. A row that was written and not answered yet is asked for again by its own key."""
    ledger = Ledger(facts)
    wanted: list[EffectSpec] = []
    if ledger.keeper:
        wanted += _of(ledger.keeper, target(facts, owed), facts, now)
    for payment in ledger.surplus:
        wanted += _of(payment, payment.captured, facts, now)
    return tuple(wanted)


def failed(facts: BookingFacts, owed: int) -> list[PaymentFacts]:
    """The payments whose money is owed and could not be given back, where nobody asked to try again since."""
    ledger = Ledger(facts)
    left = [(one, one.captured) for one in ledger.surplus]
    if ledger.keeper:
        left.append((ledger.keeper, target(facts, owed)))
    return [
        one
        for one, wanted in left
        if one.dispute not in ("open", "lost")
        and one.refunded < wanted
        and one.failures > _failures_seen(facts)
    ]


def _of(payment: PaymentFacts, wanted: int, facts: BookingFacts, now: datetime) -> list[EffectSpec]:
    asked = [
        EffectSpec("refund", refund.effect, now, payment.attempt, refund.amount)
        for refund in payment.refunds
        if refund.state == "asked"
    ]
    # Stripe refuses to refund what is disputed, and what was lost is gone.
    # https://docs.stripe.com/refunds#refund-disputed-payments
    if payment.dispute in ("open", "lost"):
        return asked
    missing = wanted - payment.refunded
    if missing <= 0 or payment.failures > _failures_seen(facts):
        return asked
    key = f"refund/{payment.attempt}/{wanted}/{payment.failures}"
    return [*asked, EffectSpec("refund", key, now, payment.attempt, missing)]


def _failures_seen(facts: BookingFacts) -> int:
    return max((request.failures_seen for request in facts.asked("refund")), default=0)
