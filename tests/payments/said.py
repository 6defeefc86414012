"""What Stripe says, as JSON: the least of each object, to be changed by keyword."""

from __future__ import annotations

from typing import Any

from wagtail_calendly.payments import ATTEMPT, REFERENCE

OPENED = 1_800_000_000
CHARGED = OPENED + 600
SETTLED = OPENED + 3 * 86400


def session(**changes: Any) -> dict[str, Any]:
    """A session that was paid by card."""
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "status": "complete",
        "payment_status": "paid",
        "livemode": False,
        "client_reference_id": "reference-1",
        "metadata": {REFERENCE: "reference-1", ATTEMPT: "attempt-1"},
        "created": OPENED,
        "expires_at": OPENED + 1860,
        "currency": "eur",
        "amount_subtotal": 5000,
        "amount_total": 5000,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "url": None,
        "payment_intent": intent(),
        "customer_details": {"email": "payer@example.org"},
        **changes,
    }


def intent(**changes: Any) -> dict[str, Any]:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "succeeded",
        "amount_received": 5000,
        "latest_charge": charge(),
        **changes,
    }


def charge(method: str = "card", settled: int | None = None, **changes: Any) -> dict[str, Any]:
    transaction = {"id": "txn_1", "object": "balance_transaction", "created": settled}
    return {
        "id": "ch_1",
        "object": "charge",
        "created": CHARGED,
        "disputed": False,
        "receipt_url": "https://pay.stripe.example/receipts/1",
        "payment_method_details": {"type": method},
        "balance_transaction": transaction if settled else None,
        "refunds": {"object": "list", "data": [], "has_more": False},
        **changes,
    }


def refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": "re_1",
        "object": "refund",
        "payment_intent": "pi_1",
        "amount": 1000,
        "currency": "eur",
        "status": "succeeded",
        "created": SETTLED,
        "metadata": {},
        **changes,
    }


def event(type_: str = "checkout.session.completed", **about: Any) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "event",
        "type": type_,
        "created": CHARGED,
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": about or session(payment_intent="pi_1")},
    }
