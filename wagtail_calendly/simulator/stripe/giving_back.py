"""Money going back: refunds by us or from the dashboard, and disputes by the payer's bank.

https://docs.stripe.com/refunds
"""

from __future__ import annotations

from functools import partial
from typing import Literal, get_args

from wagtail_calendly.simulator.stripe import events, money_shapes
from wagtail_calendly.simulator.stripe.checkout import add_to_balance
from wagtail_calendly.simulator.stripe.currencies import shown
from wagtail_calendly.simulator.stripe.errors import RefusedError
from wagtail_calendly.simulator.stripe.state import (
    Charge,
    Dispute,
    PaymentIntent,
    Refund,
    Stripe,
    new_id,
)

Outcome = Literal["succeeded", "pending", "failed"]
OUTCOMES: tuple[str, ...] = get_args(Outcome)
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CLOSED = ("won", "lost", "prevented", "warning_closed")
OPENED = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


def refund(
    stripe: Stripe,
    charge: Charge,
    amount: int | None = None,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Refund:
    """Part of a charge, or without an amount the rest; ends as the switch `refund_outcome` says."""
    _ensure_refundable(charge)
    left = charge.amount - charge.refunded
    if amount is not None and amount > left:
        asked, rest = shown(amount, charge.currency), shown(left, charge.currency)
        message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise RefusedError(message, "amount")
    made = Refund(
        new_id("re"), charge, stripe.now(), amount or left, "pending", reason, metadata or {}
    )
    stripe.refunds[made.id] = made
    charge.refunds.append(made)
    if stripe.refund_outcome == "pending":
        _tell(stripe, "created", made)
        return made
    _pay_back(stripe, made, "created")
    if stripe.refund_outcome == "failed":
        due = stripe.now() + stripe.later_seconds
        stripe.later.append((due, partial(_fail_if_it_stands, stripe, made)))
    return made


def _pay_back(stripe: Stripe, made: Refund, happened: str) -> None:
    """The money leaves the balance."""
    made.status = "succeeded"
    made.balance = add_to_balance(stripe, made.charge, -made.amount, "refund", made.id)
    _tell(stripe, happened, made)
    events.of_charge(stripe, "refunded", made.charge)


def _ensure_refundable(charge: Charge) -> None:
    if charge.status != "succeeded":
        intent = charge.intent.id
        message = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
        raise RefusedError(message, "payment_intent")
    if charge.dispute and not charge.dispute.refundable:
        message = f"Charge {charge.id} has been charged back; cannot issue a refund."
        raise RefusedError(message, code="charge_disputed")
    if charge.refunded == charge.amount:
        message = f"Charge {charge.id} has already been refunded."
        raise RefusedError(message, code="charge_already_refunded")


def charge_of(intent: PaymentIntent) -> Charge:
    if intent.charge is None:
        message = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
        raise RefusedError(message, "payment_intent")
    return intent.charge


def _tell(stripe: Stripe, happened: str, made: Refund) -> None:
    shape = money_shapes.refund(made)
    events.tell(stripe, f"refund.{happened}", shape, livemode=made.livemode)


def settle_refund(stripe: Stripe, made: Refund) -> None:
    """A pending refund succeeds."""
    if made.status != "pending":
        raise RefusedError(f"This refund is {made.status}.")
    _pay_back(stripe, made, "updated")


def fail_refund(stripe: Stripe, made: Refund, reason: str = "expired_or_canceled_card") -> None:
    """It came back, also after it had succeeded: the money is on the balance again."""
    if not made.counts:
        raise RefusedError(f"This refund is {made.status}.")
    if made.balance:
        add_to_balance(stripe, made.charge, made.amount, "refund_failure", made.id)
    made.status, made.failure_reason = "failed", reason
    _tell(stripe, "updated", made)
    _tell(stripe, "failed", made)


def _fail_if_it_stands(stripe: Stripe, made: Refund) -> None:
    if made.counts:
        fail_refund(stripe, made)


def dispute(
    stripe: Stripe,
    charge: Charge,
    *,
    amount: int | None = None,
    status: str = "needs_response",
    reason: str = "fraudulent",
) -> Dispute:
    if charge.status != "succeeded" or charge.dispute:
        raise RefusedError("This charge cannot be disputed.")
    made = Dispute(new_id("du"), charge, stripe.now(), amount or charge.amount, reason, status)
    stripe.disputes[made.id] = charge.dispute = made
    _tell_of_dispute(stripe, "created", made)
    return made


def close_dispute(stripe: Stripe, of: Dispute, status: str) -> None:
    if of.status in CLOSED:
        raise RefusedError(f"This dispute is {of.status}.")
    of.status = status
    _tell_of_dispute(stripe, "closed", of)


def _tell_of_dispute(stripe: Stripe, happened: str, of: Dispute) -> None:
    shape = money_shapes.dispute(of)
    events.tell(stripe, f"charge.dispute.{happened}", shape, livemode=of.livemode)
