"""What happens to a checkout: opened, paid, declined, settled or failed later, expired.

https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, Literal, get_args

from wagtail_calendly.simulator.stripe import events
from wagtail_calendly.simulator.stripe.currencies import minimum, rounded
from wagtail_calendly.simulator.stripe.errors import RefusedError
from wagtail_calendly.simulator.stripe.state import (
    BalanceTransaction,
    Charge,
    CheckoutSession,
    PaymentIntent,
    PromotionCode,
    Stripe,
    new_id,
)

How = Literal["card", "declined", "debit", "debit_succeeds", "debit_fails"]
WAYS: tuple[str, ...] = get_args(How)
DECLINED = "Your card was declined."
RETURNED = "The bank returned the debit: the account has too little money."


class DeclinedError(Exception):
    """The card was not charged; the session stays open."""


def tax_on(stripe: Stripe, session: CheckoutSession) -> int:
    """What the tax will be once the payer has said where they live."""
    if not session.taxed:
        return 0
    net = Decimal(session.subtotal - session.discount)
    return rounded(net * stripe.tax_percent / 100, session.currency)


def apply_code(stripe: Stripe, session: CheckoutSession, code: str) -> None:
    """An empty one takes the discount away again."""
    _ensure_open(session)
    session.code = _code(stripe, session, code.strip().upper()) if code.strip() else None


def _code(stripe: Stripe, session: CheckoutSession, code: str) -> PromotionCode:
    found = stripe.codes.get(code)
    if found is None or not found.active or not session.asked.get("allow_promotion_codes"):
        raise RefusedError("This code is invalid.", code="promotion_code_invalid")
    left = session.subtotal - rounded(
        Decimal(session.subtotal) * found.percent_off / 100, session.currency
    )
    if 0 < left < minimum(session.currency):
        raise RefusedError("This code cannot be used with this purchase.", code="amount_too_small")
    return found


def pay(stripe: Stripe, session: CheckoutSession, how: How, email: str) -> None:
    """Completes the session, or raises DeclinedError. Nothing is charged where the total is 0."""
    _ensure_open(session)
    session.email = session.asked.get("customer_email") or email
    tax = tax_on(stripe, session)
    total = session.subtotal - session.discount + tax
    if total == 0:
        _complete(stripe, session, tax, "no_payment_required")
        return
    session.intent = session.intent or _new_intent(stripe, session)
    session.intent.amount = total
    if how == "declined":
        _decline(stripe, session.intent)
    if how == "card":
        _take(stripe, session.intent, _new_charge(stripe, session.intent, "card"))
        _complete(stripe, session, tax, "paid")
        return
    _begin_debit(stripe, session.intent, how)
    _complete(stripe, session, tax, "unpaid")


def _ensure_open(session: CheckoutSession) -> None:
    if session.status != "open":
        raise RefusedError(f"This Checkout Session is {session.status}.")


def _complete(stripe: Stripe, session: CheckoutSession, tax: int, payment_status: Any) -> None:
    session.tax, session.status, session.payment_status = tax, "complete", payment_status
    events.of_session(stripe, "completed", session)


def _new_intent(stripe: Stripe, session: CheckoutSession) -> PaymentIntent:
    intent = PaymentIntent(new_id("pi"), session, stripe.now(), session.total)
    stripe.intents[intent.id] = intent
    return intent


def _new_charge(stripe: Stripe, intent: PaymentIntent, method: Any) -> Charge:
    charge = Charge(new_id("ch"), intent, stripe.now(), intent.amount, method)
    stripe.charges[charge.id] = intent.charge = charge
    return charge


def _decline(stripe: Stripe, intent: PaymentIntent) -> None:
    charge = _new_charge(stripe, intent, "card")
    _fail(stripe, intent, charge, "card_declined", DECLINED)
    raise DeclinedError(DECLINED)


def _begin_debit(stripe: Stripe, intent: PaymentIntent, how: How) -> None:
    _new_charge(stripe, intent, "sepa_debit")
    intent.status, intent.error = "processing", None
    events.of_intent(stripe, "processing", intent)
    due = stripe.now() + stripe.later_seconds
    if how == "debit_succeeds":
        stripe.later.append((due, partial(settle_debit, stripe, intent)))
    if how == "debit_fails":
        stripe.later.append((due, partial(fail_debit, stripe, intent)))


def _take(stripe: Stripe, intent: PaymentIntent, charge: Charge) -> None:
    """The money is there: only now it is on the balance."""
    charge.status = "succeeded"
    charge.balance = add_to_balance(stripe, charge, charge.amount, "charge", charge.id)
    intent.status, intent.error = "succeeded", None
    events.of_charge(stripe, "succeeded", charge)
    events.of_intent(stripe, "succeeded", intent)


def add_to_balance(
    stripe: Stripe, charge: Charge, amount: int, type_: str, source: str
) -> BalanceTransaction:
    transaction = BalanceTransaction(
        new_id("txn"), stripe.now(), amount, charge.currency, type_, source, charge.livemode
    )
    stripe.balances[transaction.id] = transaction
    return transaction


def _fail(stripe: Stripe, intent: PaymentIntent, charge: Charge, code: str, message: str) -> None:
    charge.status, charge.failure = "failed", (code, message)
    intent.status = "requires_payment_method"
    intent.error = {"type": "card_error", "code": code, "message": message, "charge": charge.id}
    events.of_charge(stripe, "failed", charge)
    events.of_intent(stripe, "payment_failed", intent)


def _pending(intent: PaymentIntent) -> Charge | None:
    return intent.charge if intent.charge and intent.status == "processing" else None


def settle_debit(stripe: Stripe, intent: PaymentIntent) -> None:
    """The bank has paid; nothing if the debit is not under way any more."""
    if charge := _pending(intent):
        _take(stripe, intent, charge)
        intent.session.payment_status = "paid"
        events.of_session(stripe, "async_payment_succeeded", intent.session)


def fail_debit(stripe: Stripe, intent: PaymentIntent) -> None:
    if charge := _pending(intent):
        _fail(stripe, intent, charge, "insufficient_funds", RETURNED)
        events.of_session(stripe, "async_payment_failed", intent.session)


def expire(stripe: Stripe, session: CheckoutSession) -> None:
    if session.status != "open":
        raise RefusedError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of `{session.status}`."
        )
    session.status = "expired"
    if session.intent:
        session.intent.status = "canceled"
        events.of_intent(stripe, "canceled", session.intent)
    events.of_session(stripe, "expired", session)


def sweep(stripe: Stripe) -> None:
    """Do what the time has come for: debits that end, refunds that fail, sessions that expire."""
    now = stripe.now()
    due = [action for at, action in stripe.later if at <= now]
    stripe.later = [(at, action) for at, action in stripe.later if at > now]
    for action in due:
        action()
    for session in stripe.sessions.values():
        if session.status == "open" and session.expires_at <= now:
            expire(stripe, session)
