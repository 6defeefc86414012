"""Stripe's switches: act as payer, bank or dashboard; keys, codes, endpoints, outcomes, the truth."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from wagtail_calendly.simulator.control.forms import RefusedError
from wagtail_calendly.simulator.stripe import (
    checkout,
    endpoints,
    events,
    giving_back,
    money_shapes,
    seed,
    shapes,
)
from wagtail_calendly.simulator.stripe.errors import StripeError
from wagtail_calendly.simulator.stripe.state import (
    CheckoutSession,
    Key,
    PaymentIntent,
    Refund,
    Stripe,
)
from wagtail_calendly.simulator.world import World

Given = dict[str, Any]
Act = Callable[[Stripe, Given], Any]
Thing = TypeVar("Thing")


def act(does: Act) -> Callable[[World, Given], Awaitable[Any]]:
    """A switch made of an act; what the act refuses is the reason given."""

    @wraps(does)
    async def switch(world: World, given: Given) -> Any:
        checkout.sweep(world.stripe)
        try:
            return does(world.stripe, given)
        except StripeError as why:
            raise RefusedError(str(why), why.status) from None

    return switch


def _find(kind: str, among: dict[str, Thing], id_: str) -> Thing:
    if id_ not in among:
        raise RefusedError(f"There is no {kind} {id_}.", 404)
    return among[id_]


def _session(stripe: Stripe, given: Given) -> CheckoutSession:
    return _find("session", stripe.sessions, given["session"])


def _intent(stripe: Stripe, given: Given) -> PaymentIntent:
    """By its own id or its session's."""
    if "session" in given:
        found = _session(stripe, given).intent
        if found is None:
            raise RefusedError("Nobody has tried to pay that session.", 409)
        return found
    return _find("payment intent", stripe.intents, given["payment_intent"])


def _refund(stripe: Stripe, given: Given) -> Refund:
    return _find("refund", stripe.refunds, given["refund"])


@act
def pay(stripe: Stripe, given: Given) -> Any:
    """`{session, how?, code?, email?}`; how: card, declined, debit, debit_succeeds, debit_fails."""
    session, how = _session(stripe, given), given.get("how", "card")
    if how not in checkout.WAYS:
        raise RefusedError(f"The ways to pay are {', '.join(checkout.WAYS)}.")
    if given.get("code"):
        checkout.apply_code(stripe, session, given["code"])
    try:
        checkout.pay(stripe, session, how, given.get("email", "payer@example.org"))
    except checkout.DeclinedError:
        """Says the session, which is still open."""
    return shapes.session(stripe, session)


@act
def settle(stripe: Stripe, given: Given) -> Any:
    intent = _pending(stripe, given)
    checkout.settle_debit(stripe, intent)
    return shapes.session(stripe, intent.session)


@act
def fail(stripe: Stripe, given: Given) -> Any:
    intent = _pending(stripe, given)
    checkout.fail_debit(stripe, intent)
    return shapes.session(stripe, intent.session)


def _pending(stripe: Stripe, given: Given) -> PaymentIntent:
    intent = _intent(stripe, given)
    if intent.status != "processing":
        raise RefusedError("No debit is under way for it.", 409)
    return intent


@act
def expire(stripe: Stripe, given: Given) -> Any:
    session = _session(stripe, given)
    checkout.expire(stripe, session)
    return shapes.session(stripe, session)


@act
def refund(stripe: Stripe, given: Given) -> Any:
    """`{payment_intent | session, amount?}`, as from the dashboard."""
    charge = giving_back.charge_of(_intent(stripe, given))
    made = giving_back.refund(stripe, charge, given.get("amount"), "requested_by_customer")
    return money_shapes.refund(made)


@act
def settle_refund(stripe: Stripe, given: Given) -> Any:
    made = _refund(stripe, given)
    giving_back.settle_refund(stripe, made)
    return money_shapes.refund(made)


@act
def fail_refund(stripe: Stripe, given: Given) -> Any:
    made = _refund(stripe, given)
    giving_back.fail_refund(stripe, made)
    return money_shapes.refund(made)


@act
def refund_outcome(stripe: Stripe, given: Given) -> Any:
    """`{outcome}` of new refunds: succeeded; pending until settled; failed, after it succeeded."""
    if given["outcome"] not in giving_back.OUTCOMES:
        raise RefusedError(f"The outcomes are {', '.join(giving_back.OUTCOMES)}.")
    stripe.refund_outcome = given["outcome"]
    return {"outcome": stripe.refund_outcome}


@act
def dispute(stripe: Stripe, given: Given) -> Any:
    """`{payment_intent | session, status?, amount?}`."""
    status = given.get("status", "needs_response")
    if status not in giving_back.OPENED:
        raise RefusedError(f"A dispute opens as {', '.join(giving_back.OPENED)}.")
    charge = giving_back.charge_of(_intent(stripe, given))
    made = giving_back.dispute(stripe, charge, amount=given.get("amount"), status=status)
    return money_shapes.dispute(made)


@act
def close_dispute(stripe: Stripe, given: Given) -> Any:
    """`{payment_intent | session, status}`: won, lost, prevented, warning_closed."""
    if given["status"] not in giving_back.CLOSED:
        raise RefusedError(f"A dispute closes as {', '.join(giving_back.CLOSED)}.")
    found = giving_back.charge_of(_intent(stripe, given)).dispute
    if found is None:
        raise RefusedError("That payment is not disputed.", 409)
    giving_back.close_dispute(stripe, found, given["status"])
    return money_shapes.dispute(found)


@act
def code(stripe: Stripe, given: Given) -> Any:
    """`{code, percent_off?, active?}`."""
    percent, active = int(given.get("percent_off", 10)), bool(given.get("active", True))
    seed.add_code(stripe, str(given["code"]), percent, active=active)
    return {"codes": sorted(stripe.codes)}


@act
def key(stripe: Stripe, given: Given) -> None:
    """`{key?, valid?, permissions?}`; an unknown key is added, null permissions mean all."""
    value = given.get("key") or seed.DEFAULT_KEY
    known = stripe.keys.setdefault(value, Key(value))
    known.valid, known.permissions = bool(given.get("valid", True)), given.get("permissions")


@act
def endpoint(stripe: Stripe, given: Given) -> Any:
    """`{url, secret?, enabled_events?, api_version?, livemode?}`; the answer shows the secret."""
    made = endpoints.add(
        stripe,
        url=given["url"],
        secret=given.get("secret", ""),
        enabled_events=given.get("enabled_events") or list(events.TYPES),
        livemode=bool(given.get("livemode", False)),
        api_version=given.get("api_version"),
    )
    return {**money_shapes.endpoint(made), "secret": made.secrets[0]}


@act
def roll_secret(stripe: Stripe, given: Given) -> Any:
    """`{endpoint, secret}`: from now on both sign; with `secret` null only the newest."""
    found = _find("endpoint", stripe.endpoints, given["endpoint"])
    new = given.get("secret")
    found.secrets = [new, *found.secrets] if new else found.secrets[:1]
    return money_shapes.endpoint(found)


@act
def account(stripe: Stripe, given: Given) -> Any:
    """`{later_seconds?, tax_ready?, tax_percent?}`: when debits end by themselves; Stripe Tax."""
    for name in ("later_seconds", "tax_ready", "tax_percent"):
        setattr(stripe, name, given.get(name, getattr(stripe, name)))
    return {name: getattr(stripe, name) for name in ("later_seconds", "tax_ready", "tax_percent")}


@act
def tell_again(stripe: Stripe, given: Given) -> Any:
    """`{session, happened}`: a second event for one change, as Stripe sometimes makes."""
    happened = given["happened"]
    if f"checkout.session.{happened}" not in events.TYPES:
        raise RefusedError("Sessions are completed, expired, async_payment_succeeded or _failed.")
    events.of_session(stripe, happened, _session(stripe, given))


@act
def truth(stripe: Stripe, given: Given) -> Any:
    """Where the money is: `{sessions: {id: …}, payments: {payment intent: …}}`."""
    return {
        "sessions": {id_: shapes.session(stripe, item) for id_, item in stripe.sessions.items()},
        "payments": {id_: _payment(item) for id_, item in stripe.intents.items()},
    }


def _payment(intent: PaymentIntent) -> Given:
    """`refunded` is what was or will be given back, `kept` what is left of the captured."""
    charge = intent.charge
    refunded = charge.refunded if charge else 0
    return {
        "session": intent.session.id,
        "status": intent.status,
        "currency": intent.session.currency,
        "captured": intent.received,
        "refunded": refunded,
        "kept": intent.received - refunded,
        "dispute": charge.dispute.status if charge and charge.dispute else None,
        "refunds": [money_shapes.refund(made) for made in charge.refunds] if charge else [],
    }
