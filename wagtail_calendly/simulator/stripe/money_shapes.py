"""Refunds, disputes, balance transactions, events and webhook endpoints as the API shows them."""

from __future__ import annotations

from typing import Any

from wagtail_calendly.simulator.stripe.state import (
    VERSION,
    BalanceTransaction,
    Charge,
    Dispute,
    Event,
    Refund,
    WebhookEndpoint,
)

Shape = dict[str, Any]


def refund(of: Refund) -> Shape:
    return {
        "id": of.id,
        "object": "refund",
        "amount": of.amount,
        "balance_transaction": of.balance.id if of.balance else None,
        "charge": of.charge.id,
        "created": of.created,
        "currency": of.charge.currency,
        "destination_details": None,
        "failure_balance_transaction": None,
        "metadata": of.metadata,
        "payment_intent": of.charge.intent.id,
        "reason": of.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": of.status,
        "transfer_reversal": None,
        **({"pending_reason": "insufficient_funds"} if of.status == "pending" else {}),
        **({"failure_reason": of.failure_reason} if of.failure_reason else {}),
    }


def refunds(of: Charge) -> Shape:
    """The ten newest, as a list within a charge."""
    newest = [refund(one) for one in reversed(of.refunds)]
    url = f"/v1/charges/{of.id}/refunds"
    return {"object": "list", "data": newest[:10], "has_more": len(newest) > 10, "url": url}


def dispute(of: Dispute) -> Shape:
    return {
        "id": of.id,
        "object": "dispute",
        "amount": of.amount,
        "balance_transactions": [],
        "charge": of.charge.id,
        "created": of.created,
        "currency": of.charge.currency,
        "is_charge_refundable": of.refundable,
        "livemode": of.livemode,
        "metadata": {},
        "payment_intent": of.charge.intent.id,
        "reason": of.reason,
        "status": of.status,
    }


def balance_transaction(of: BalanceTransaction) -> Shape:
    return {
        "id": of.id,
        "object": "balance_transaction",
        "amount": of.amount,
        "available_on": of.created + 2 * 24 * 3600,
        "created": of.created,
        "currency": of.currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": of.amount,
        "reporting_category": of.type,
        "source": of.source,
        "status": "pending",
        "type": of.type,
    }


def event(of: Event, api_version: str | None = None) -> Shape:
    """`api_version` is the endpoint's where it is posted; a list has the account's."""
    return {
        "id": of.id,
        "object": "event",
        "api_version": api_version or VERSION,
        "created": of.created,
        "data": {"object": of.object},
        "livemode": of.livemode,
        "pending_webhooks": len(of.waiting),
        "request": {"id": None, "idempotency_key": None},
        "type": of.type,
    }


def endpoint(of: WebhookEndpoint) -> Shape:
    """Without its secret, which is shown only once."""
    return {
        "id": of.id,
        "object": "webhook_endpoint",
        "api_version": of.api_version,
        "application": None,
        "created": of.created,
        "description": of.description,
        "enabled_events": of.enabled_events,
        "livemode": of.livemode,
        "metadata": of.metadata,
        "status": "enabled" if of.enabled else "disabled",
        "url": of.url,
    }
