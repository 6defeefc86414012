"""What is sent to Stripe: parameters as plain JSON, so that they can be stored before the first try.

https://docs.stripe.com/api/checkout/sessions/create
"""

from __future__ import annotations

import re
from typing import Any

from wagtail_calendly.payments.locales import stripe_locale
from wagtail_calendly.payments.provider import ATTEMPT, EFFECT, REFERENCE, Order

#: Requests and webhooks are in this version, whatever the account's own is.
API_VERSION = "2026-10-28.endive"

EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
)

#: Everything that is read of a checkout, in one call.
PAYMENT = "payment_intent.latest_charge"
REFUNDS = f"{PAYMENT}.refunds"
#: Says when the money of a debit came. A restricted key may lack the permission to read it.
SETTLEMENT = f"{PAYMENT}.balance_transaction"

LONGEST_NAME = 250
MOST_PER_PAGE = 100

#: Addresses that Stripe surely takes: a refused one would keep the payer from paying.
_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,24}")


def checkout_params(order: Order) -> dict[str, Any]:
    """A hosted checkout that sells one session once."""
    carried = {REFERENCE: order.reference, ATTEMPT: order.attempt}
    params: dict[str, Any] = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "submit_type": "book",
        "line_items": [{"quantity": 1, "price_data": _price(order)}],
        "client_reference_id": order.reference,
        "metadata": carried,
        # Stripe does not copy a session's metadata to its payment.
        "payment_intent_data": {"metadata": carried, "description": order.title[:LONGEST_NAME]},
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "locale": stripe_locale(order.language),
        # What is charged is what was shown, in our currency.
        "adaptive_pricing": {"enabled": False},
    }
    if _PLAIN_EMAIL.fullmatch(order.email):
        params["customer_email"] = order.email
    if order.allows_promotion_codes:
        params["allow_promotion_codes"] = True
    if order.adds_tax:
        params["automatic_tax"] = {"enabled": True}
    return params


def refund_params(
    *, payment_intent: str, amount: int, effect: str, reference: str
) -> dict[str, Any]:
    """A refund of so many minor units of the payment's own currency."""
    return {
        "payment_intent": payment_intent,
        "amount": amount,
        "reason": "requested_by_customer",
        "metadata": {EFFECT: effect, REFERENCE: reference},
    }


def endpoint_params(url: str) -> dict[str, Any]:
    """A new webhook endpoint for exactly the events that are understood."""
    return {
        "url": url,
        "enabled_events": list(EVENTS),
        "api_version": API_VERSION,
        "description": "wagtail_calendly",
    }


def endpoint_update_params(url: str) -> dict[str, Any]:
    """What an endpoint should be like; its version cannot be changed."""
    return {"url": url, "enabled_events": list(EVENTS), "disabled": False}


def _price(order: Order) -> dict[str, Any]:
    price: dict[str, Any] = {
        "currency": order.currency.lower(),
        "unit_amount": order.amount,
        "product_data": {"name": order.title[:LONGEST_NAME]},
    }
    if order.adds_tax:
        price["tax_behavior"] = "exclusive"
    return price
