"""Events: made when something happens, posted to the endpoints that want them, listed for 30 days.

https://docs.stripe.com/webhooks
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from wagtail_calendly.simulator.stripe import money_shapes, shapes
from wagtail_calendly.simulator.stripe.state import (
    Charge,
    CheckoutSession,
    Event,
    PaymentIntent,
    Stripe,
    WebhookEndpoint,
    new_id,
)

SENDER = "stripe"
TYPES = (
    "charge.captured", "charge.dispute.closed", "charge.dispute.created",
    "charge.dispute.funds_reinstated", "charge.dispute.funds_withdrawn", "charge.dispute.updated",
    "charge.expired", "charge.failed", "charge.pending", "charge.refund.updated",
    "charge.refunded", "charge.succeeded", "charge.updated",
    "checkout.session.async_payment_failed", "checkout.session.async_payment_succeeded",
    "checkout.session.completed", "checkout.session.expired", "payment_intent.canceled",
    "payment_intent.created", "payment_intent.payment_failed", "payment_intent.processing",
    "payment_intent.succeeded", "radar.early_fraud_warning.created", "refund.created",
    "refund.failed", "refund.updated", "review.opened",
)  # fmt: skip


@dataclass
class Notice:
    """One event on its way to one endpoint: the target of a delivery."""

    endpoint: WebhookEndpoint
    event: Event

    @property
    def accepting(self) -> bool:
        return self.endpoint.enabled and not self.endpoint.deleted

    def headers(self, body: bytes, at: int) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": self.endpoint.signature(body, at),
        }

    def succeeded(self) -> None:
        self.event.waiting.discard(self.endpoint.id)

    def failed(self) -> None:
        """Stays waiting."""

    def gave_up(self) -> None:
        """Stays waiting: Stripe goes on for three days, and disables an endpoint long after that."""


def tell(stripe: Stripe, type_: str, shape: dict[str, Any], *, livemode: bool) -> None:
    """An event about the object as it is now."""
    event = Event(new_id("evt"), type_, stripe.now(), shape, livemode)
    stripe.events[event.id] = event
    wanting = [
        endpoint
        for endpoint in stripe.endpoints.values()
        if endpoint.wants(type_) and endpoint.livemode == livemode
    ]
    event.waiting = {endpoint.id for endpoint in wanting}
    for endpoint in wanting:
        body = json.dumps(money_shapes.event(event, endpoint.api_version), indent=2).encode()
        notice = Notice(endpoint, event)
        stripe.deliveries.post(
            sender=SENDER, url=endpoint.url, event=type_, body=body, target=notice
        )


def of_session(stripe: Stripe, happened: str, session: CheckoutSession) -> None:
    shape = shapes.session(stripe, session)
    tell(stripe, f"checkout.session.{happened}", shape, livemode=session.livemode)


def of_intent(stripe: Stripe, happened: str, intent: PaymentIntent) -> None:
    shape = shapes.payment_intent(intent)
    tell(stripe, f"payment_intent.{happened}", shape, livemode=intent.livemode)


def of_charge(stripe: Stripe, happened: str, charge: Charge) -> None:
    tell(stripe, f"charge.{happened}", shapes.charge(stripe, charge), livemode=charge.livemode)
