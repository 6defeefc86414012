"""Checkout sessions: create, retrieve, list, expire.

https://docs.stripe.com/api/checkout/sessions
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from wagtail_calendly.simulator.stripe import checkout, currencies, shapes
from wagtail_calendly.simulator.stripe.access import Call
from wagtail_calendly.simulator.stripe.errors import InvalidError
from wagtail_calendly.simulator.stripe.paging import PAGE, page
from wagtail_calendly.simulator.stripe.params import (
    Address,
    Choice,
    Email,
    Flag,
    Integer,
    Kind,
    Many,
    Metadata,
    Record,
    Text,
)
from wagtail_calendly.simulator.stripe.state import DAY, CheckoutSession, Stripe

SHORTEST, LONGEST = 30 * 60, DAY
LOCALES = tuple(
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt "
    "nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW".split()
)
ENABLED = Record({"enabled": Flag()}, ("enabled",))
PRODUCT = Record(
    {
        "name": Text(),
        "description": Text(),
        "images": Many(Address(), 8),
        "metadata": Metadata(),
        "tax_code": Text(),
    },
    ("name",),
)
PRICE = Record(
    {
        "currency": Text(3),
        "unit_amount": Integer(),
        "product_data": PRODUCT,
        "tax_behavior": Choice(("exclusive", "unspecified")),
    },
    ("currency", "unit_amount", "product_data"),
)
LINE_ITEM = Record(
    {"quantity": Integer(1, 999_999), "price_data": PRICE}, ("quantity", "price_data")
)
PAYMENT_INTENT_DATA = Record(
    {
        "description": Text(1000),
        "metadata": Metadata(),
        "receipt_email": Email(),
        "statement_descriptor_suffix": Text(22),
    }
)
CREATE: dict[str, Kind] = {
    "adaptive_pricing": Record({"enabled": Flag()}),
    "allow_promotion_codes": Flag(),
    "automatic_tax": ENABLED,
    "cancel_url": Address(),
    "client_reference_id": Text(200),
    "customer_creation": Choice(("always", "if_required")),
    "customer_email": Email(),
    "expires_at": Integer(),
    "line_items": Many(LINE_ITEM),
    "locale": Choice(LOCALES),
    "metadata": Metadata(),
    "mode": Choice(("payment",)),
    "payment_intent_data": PAYMENT_INTENT_DATA,
    "submit_type": Choice(("auto", "book", "donate", "pay")),
    "success_url": Address(),
    "ui_mode": Choice(("hosted_page",)),
}
LIST: dict[str, Kind] = {
    **PAGE,
    "payment_intent": Text(255),
    "status": Choice(("complete", "expired", "open")),
}


def create(call: Call) -> dict[str, Any]:
    asked = call.read(CREATE, "mode", "line_items", "success_url")
    stripe, now = call.stripe, call.stripe.now()
    currency, subtotal = _priced(asked["line_items"])
    expires_at = asked.get("expires_at", now + LONGEST)
    _ensure_in_time(expires_at - now)
    _ensure_tax(stripe, asked)
    livemode = call.key.livemode
    session = CheckoutSession(
        id=f"cs_{'live' if livemode else 'test'}_a1{uuid4().hex}{uuid4().hex[:24]}",
        asked=asked,
        created=now,
        expires_at=expires_at,
        livemode=livemode,
        currency=currency,
        subtotal=subtotal,
    )
    stripe.sessions[session.id] = session
    return shapes.session(stripe, session)


def _priced(items: list[dict[str, Any]]) -> tuple[str, int]:
    """The currency of all items, and their sum."""
    if not items:
        raise InvalidError("Missing required param: line_items.", "line_items", "parameter_missing")
    path = "line_items[0][price_data]"
    currency = items[0]["price_data"]["currency"].lower()
    currencies.check_currency(currency, f"{path}[currency]")
    for item in items:
        price = item["price_data"]
        if price["currency"].lower() != currency:
            raise InvalidError("All prices must have the same currency.", f"{path}[currency]")
        currencies.check_unit(price["unit_amount"], currency, f"{path}[unit_amount]")
    subtotal = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
    currencies.check_total(subtotal, currency)
    return currency, subtotal


def _ensure_in_time(seconds: int) -> None:
    if seconds < SHORTEST:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        )
        raise InvalidError(message, "expires_at")
    if seconds > LONGEST:
        message = (
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        )
        raise InvalidError(message, "expires_at")


def _ensure_tax(stripe: Stripe, asked: dict[str, Any]) -> None:
    if asked.get("automatic_tax", {}).get("enabled") and not stripe.tax_ready:
        raise InvalidError(
            "You must have a valid head office address to enable automatic tax calculation.",
            "automatic_tax",
        )


def retrieve(call: Call) -> dict[str, Any]:
    call.read()
    return shapes.session(call.stripe, _named(call))


def _named(call: Call) -> CheckoutSession:
    return call.named("checkout.session", call.stripe.sessions)


def list_(call: Call) -> dict[str, Any]:
    asked = call.read(LIST)
    found = [session for session in call.visible(call.stripe.sessions) if _fits(session, asked)]
    return page(call, asked, found, lambda session: shapes.session(call.stripe, session))


def _fits(session: CheckoutSession, asked: dict[str, Any]) -> bool:
    intent = session.intent.id if session.intent else None
    by_intent = asked.get("payment_intent", intent) == intent
    return by_intent and asked.get("status", session.status) == session.status


def expire(call: Call) -> dict[str, Any]:
    call.read()
    session = _named(call)
    checkout.expire(call.stripe, session)
    return shapes.session(call.stripe, session)
