"""What a person must look at, and why: each reason is settled with the grounds that were seen, not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules import refunds
from wagtail_calendly.bookings.rules.decision import Decision, Ground
from wagtail_calendly.bookings.rules.facts import BookingFacts
from wagtail_calendly.bookings.rules.ledger import Ledger

#: Bank debits take days; after so many, somebody should ask Stripe.
DEBIT_LIMIT = timedelta(days=14)
#: Kinds of effects that a person need not look at when they fail.
HARMLESS = frozenset({"notify", "look_up_payment"})


def found(decision: Decision, facts: BookingFacts, now: datetime) -> Decision:
    """The same decision with every reason that nobody has settled, and its grounds."""
    grounds = [
        *map(Ground, decision.attention),
        *_of_effects(decision, facts),
        *_of_payments(facts, now),
        *_of_refunds(decision, facts),
    ]
    seen = {(ack.code, about) for ack in facts.asked("acknowledge") for about in ack.seen}
    left = tuple(dict.fromkeys(ground for ground in grounds if ground not in seen))
    return replace(
        decision, attention=tuple(dict.fromkeys(ground.code for ground in left)), grounds=left
    )


def _of_effects(decision: Decision, facts: BookingFacts) -> Iterator[Ground]:
    """One that is tried again and fails again is another ground."""
    died = dict(facts.dead)
    for effect in decision.effects:
        if effect.key in died and effect.kind not in HARMLESS:
            yield Ground("effect_failed", f"{effect.key} {died[effect.key].isoformat()}")


def _of_payments(facts: BookingFacts, now: datetime) -> Iterator[Ground]:
    ledger = Ledger(facts)
    for payment in ledger.mismatched:
        yield Ground("payment_mismatch", payment.attempt)
    if not ledger.is_settled and ledger.last_refused:
        yield Ground("payment_refused", ledger.last_refused.attempt)
    for payment in ledger.processing:
        if payment.asked_at + DEBIT_LIMIT <= now:
            yield Ground("payment_slow", payment.attempt)
    for payment in facts.payments:
        if payment.dispute in ("open", "lost"):
            yield Ground("disputed", f"{payment.attempt} {payment.dispute}")


def _of_refunds(decision: Decision, facts: BookingFacts) -> Iterator[Ground]:
    for payment in refunds.failed(facts, decision.owed):
        yield Ground("refund_failed", f"{payment.attempt} {payment.failures}")
    is_booked = decision.status in ("confirmed", "awaiting_schedule")
    if is_booked and decision.payment_status == "refunded":
        yield Ground("refunded_but_booked")
