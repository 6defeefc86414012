"""Reads what Stripe says, plain JSON, into the words of `provider`. Pure: no SDK, no network.

https://docs.stripe.com/api/checkout/sessions/object
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar, get_args

from wagtail_calendly.payments.errors import PaymentUnavailable
from wagtail_calendly.payments.provider import (
    ATTEMPT,
    EFFECT,
    REFERENCE,
    CheckoutPaymentStatus,
    CheckoutSaid,
    CheckoutStatus,
    Dispute,
    Endpoint,
    Hint,
    Mode,
    RefundSaid,
    RefundStatus,
)

P = ParamSpec("P")
T = TypeVar("T")
Said = Mapping[str, Any]

#: Methods whose money is there when the charge is made; the others say so by their balance transaction.
AT_ONCE = frozenset({"card", "card_present", "link"})
#: https://docs.stripe.com/api/disputes/object#dispute_object-status
LOST = "lost"
NOT_LOST = frozenset({"won", "warning_closed", "prevented"})

_ID = re.compile(r"[A-Za-z0-9_]{1,255}")


def _reader(read: Callable[P, T]) -> Callable[P, T]:
    """What is not of Stripe's documented form is as good as no answer."""

    @functools.wraps(read)
    def understood(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            pass
        raise PaymentUnavailable("Stripe answered with something that is not understood.")

    return understood


@_reader
def read_checkout(session: Said, *, observed_at: datetime) -> CheckoutSaid:
    """A checkout session, with whatever of its payment intent and charge was expanded."""
    intent = _expanded(session.get("payment_intent"))
    charge = _expanded(intent.get("latest_charge"))
    details = session.get("total_details") or {}
    metadata = session.get("metadata") or {}
    status: CheckoutStatus = _one_of(get_args(CheckoutStatus), session["status"])
    payment_status: CheckoutPaymentStatus = _one_of(
        get_args(CheckoutPaymentStatus), session["payment_status"]
    )
    return CheckoutSaid(
        id=session["id"],
        status=status,
        payment_status=payment_status,
        mode=_mode(session),
        reference=session.get("client_reference_id") or metadata.get(REFERENCE, ""),
        attempt=metadata.get(ATTEMPT, ""),
        created_at=_time(session["created"]),
        expires_at=_time(session["expires_at"]),
        observed_at=observed_at,
        currency=session["currency"].upper(),
        subtotal=int(session["amount_subtotal"]),
        total=int(session["amount_total"]),
        discount=int(details.get("amount_discount") or 0),
        tax=int(details.get("amount_tax") or 0),
        captured=int(intent.get("amount_received") or 0),
        has_failed=(status, payment_status) == ("complete", "unpaid")
        and intent.get("status") in {"requires_payment_method", "canceled"},
        settled_at=_settled_at(session, charge),
        url=session.get("url") or "",
        payment_intent=_id(session.get("payment_intent")),
        receipt_url=charge.get("receipt_url") or "",
        email=(session.get("customer_details") or {}).get("email") or "",
        refunds=tuple(read_refund(refund) for refund in _items(charge.get("refunds"))),
    )


@_reader
def read_refund(refund: Said) -> RefundSaid:
    """One refund. A status that Stripe does not give, or that is new, counts as under way."""
    status: RefundStatus = "pending"
    if refund.get("status") in get_args(RefundStatus):
        status = refund["status"]
    return RefundSaid(
        id=refund["id"],
        payment_intent=_id(refund.get("payment_intent")),
        amount=int(refund["amount"]),
        currency=refund["currency"].upper(),
        status=status,
        created_at=_time(refund["created"]),
        effect=(refund.get("metadata") or {}).get(EFFECT, ""),
    )


@_reader
def read_dispute(disputes: Iterable[Said]) -> Dispute:
    """How the disputes of one payment stand, taken together."""
    statuses = {dispute["status"] for dispute in disputes}
    if not statuses:
        return ""
    if statuses - NOT_LOST - {LOST}:
        return "open"
    return "lost" if LOST in statuses else "won"


@_reader
def read_endpoint(endpoint: Said) -> Endpoint:
    """A webhook endpoint; its secret is there only in the answer to its creation."""
    return Endpoint(
        id=endpoint["id"],
        url=endpoint["url"],
        events=tuple(endpoint["enabled_events"]),
        api_version=endpoint.get("api_version") or "",
        is_enabled=endpoint["status"] == "enabled",
        mode=_mode(endpoint),
        secret=endpoint.get("secret") or "",
    )


@_reader
def read_event(event: Said) -> Hint:
    """What an event is about, in any API version: only names of objects are taken, never their state."""
    if event["object"] != "event":
        raise ValueError("not an event")
    about = event["data"]["object"]
    kind = about.get("object")
    return Hint(
        id=_id(event["id"]),
        type=str(event["type"]),
        mode=_mode(event),
        created_at=_time(event["created"]),
        checkout=_id(about.get("id")) if kind == "checkout.session" else "",
        payment_intent=_id(about.get("id" if kind == "payment_intent" else "payment_intent")),
        refund=_id(about.get("id")) if kind == "refund" else "",
        api_version=str(event.get("api_version") or ""),
    )


def read_hint(body: str | bytes) -> Hint:
    """What the body of a verified webhook is about. Raises `PaymentUnavailable` where it is no event."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    return read_event(event)


def has_more_refunds(session: Said) -> bool:
    """Whether the refunds that were expanded are not all."""
    charge = _expanded(_expanded(session.get("payment_intent")).get("latest_charge"))
    return bool(_expanded(charge.get("refunds")).get("has_more"))


def is_disputed(session: Said) -> bool:
    """Whether there are disputes to be read."""
    charge = _expanded(_expanded(session.get("payment_intent")).get("latest_charge"))
    return bool(charge.get("disputed"))


def _settled_at(session: Said, charge: Said) -> datetime | None:
    """Stripe does not say when a free checkout was completed; its creation stays the same for every reader."""
    if session["payment_status"] == "no_payment_required" and session["status"] == "complete":
        return _time(session["created"])
    if session["payment_status"] != "paid" or not charge:
        return None
    charged_at = _time(charge["created"])
    if (charge.get("payment_method_details") or {}).get("type") in AT_ONCE:
        return charged_at
    settlement = _expanded(charge.get("balance_transaction"))
    return max(charged_at, _time(settlement["created"])) if settlement else charged_at


def _mode(said: Said) -> Mode:
    return "live" if said["livemode"] else "test"


def _one_of(known: tuple[Any, ...], value: Any) -> Any:
    if value not in known:
        raise ValueError("a status that is not documented")
    return value


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _expanded(value: Any) -> Said:
    """The object itself; empty where only its id was sent, or nothing."""
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> list[Said]:
    return list(_expanded(value).get("data") or [])


def _id(value: Any) -> str:
    """The id of an object or of a reference to one; ids become parts of addresses, so others are dropped."""
    given = value.get("id") if isinstance(value, Mapping) else value
    return given if isinstance(given, str) and _ID.fullmatch(given) else ""
