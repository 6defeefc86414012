"""What the stand-in Stripe knows: sessions, payments, refunds, disputes, events, endpoints, keys."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid4

from wagtail_calendly.simulator.clock import Clock
from wagtail_calendly.simulator.deliveries import Deliveries
from wagtail_calendly.simulator.stripe.currencies import rounded

VERSION = "2026-10-28.endive"
DAY = 24 * 3600


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex[:24]}"


@dataclass
class Key:
    """`permissions` None is a secret key, a list a restricted one; write includes read."""

    value: str
    valid: bool = True
    permissions: list[str] | None = None

    @property
    def livemode(self) -> bool:
        return "_live_" in self.value

    def may(self, permission: str) -> bool:
        write = permission.removesuffix("_read").removesuffix("_write") + "_write"
        return (
            self.permissions is None or permission in self.permissions or write in self.permissions
        )


@dataclass
class PromotionCode:
    id: str
    code: str
    percent_off: int
    active: bool = True


@dataclass
class CheckoutSession:
    """`asked` are the checked parameters; amounts are in minor units, times Unix seconds."""

    id: str
    asked: dict[str, Any]
    created: int
    expires_at: int
    livemode: bool
    currency: str
    subtotal: int
    status: Literal["open", "complete", "expired"] = "open"
    payment_status: Literal["unpaid", "paid", "no_payment_required"] = "unpaid"
    email: str | None = None
    code: PromotionCode | None = None
    tax: int = 0
    intent: PaymentIntent | None = None
    message: str = ""

    @property
    def discount(self) -> int:
        percent = self.code.percent_off if self.code else 0
        return rounded(Decimal(self.subtotal) * percent / 100, self.currency)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.tax

    @property
    def taxed(self) -> bool:
        return bool(self.asked.get("automatic_tax", {}).get("enabled"))


@dataclass
class PaymentIntent:
    id: str
    session: CheckoutSession
    created: int
    amount: int
    status: str = "requires_payment_method"
    error: dict[str, Any] | None = None
    charge: Charge | None = None

    @property
    def livemode(self) -> bool:
        return self.session.livemode

    @property
    def received(self) -> int:
        return self.amount if self.status == "succeeded" else 0


@dataclass
class BalanceTransaction:
    """Money reaching (or leaving) the balance; `source` is the charge or refund."""

    id: str
    created: int
    amount: int
    currency: str
    type: str
    source: str
    livemode: bool


@dataclass
class Charge:
    id: str
    intent: PaymentIntent
    created: int
    amount: int
    method: Literal["card", "sepa_debit"]
    status: Literal["succeeded", "pending", "failed"] = "pending"
    failure: tuple[str, str] | None = None
    balance: BalanceTransaction | None = None
    refunds: list[Refund] = field(default_factory=list)
    dispute: Dispute | None = None

    @property
    def livemode(self) -> bool:
        return self.intent.livemode

    @property
    def currency(self) -> str:
        return self.intent.session.currency

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds if refund.counts)


@dataclass
class Refund:
    id: str
    charge: Charge
    created: int
    amount: int
    status: str
    reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    failure_reason: str | None = None
    balance: BalanceTransaction | None = None

    @property
    def livemode(self) -> bool:
        return self.charge.livemode

    @property
    def counts(self) -> bool:
        return self.status not in ("failed", "canceled")


@dataclass
class Dispute:
    id: str
    charge: Charge
    created: int
    amount: int
    reason: str
    status: str = "needs_response"

    @property
    def livemode(self) -> bool:
        return self.charge.livemode

    @property
    def refundable(self) -> bool:
        return self.status in ("won", "prevented") or self.status.startswith("warning_")


@dataclass
class Event:
    """`waiting` holds the ids of the endpoints that have not taken it yet."""

    id: str
    type: str
    created: int
    object: dict[str, Any]
    livemode: bool
    waiting: set[str] = field(default_factory=set)


@dataclass
class WebhookEndpoint:
    """Signs with each of `secrets`: two while one is being replaced."""

    id: str
    url: str
    enabled_events: list[str]
    api_version: str | None
    created: int
    livemode: bool
    secrets: list[str]
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    enabled: bool = True
    deleted: bool = False

    def wants(self, event: str) -> bool:
        return self.enabled and (event in self.enabled_events or "*" in self.enabled_events)

    def signature(self, body: bytes, at: int) -> str:
        signed = f"{at}.".encode() + body
        digests = [hmac.digest(secret.encode(), signed, "sha256").hex() for secret in self.secrets]
        return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])


class Stripe:
    """Everything it knows; `seed.plant` fills it. `later` holds what happens by itself, and when."""

    def __init__(self, clock: Clock, public_origin: str, deliveries: Deliveries) -> None:
        self.clock, self.public_origin, self.deliveries = clock, public_origin, deliveries
        self.keys: dict[str, Key] = {}
        self.sessions: dict[str, CheckoutSession] = {}
        self.intents: dict[str, PaymentIntent] = {}
        self.charges: dict[str, Charge] = {}
        self.balances: dict[str, BalanceTransaction] = {}
        self.refunds: dict[str, Refund] = {}
        self.disputes: dict[str, Dispute] = {}
        self.events: dict[str, Event] = {}
        self.endpoints: dict[str, WebhookEndpoint] = {}
        self.codes: dict[str, PromotionCode] = {}
        self.later: list[tuple[int, Callable[[], None]]] = []
        self.refund_outcome = "succeeded"
        self.later_seconds = 60
        self.tax_ready, self.tax_percent = True, 19

    def now(self) -> int:
        return int(self.clock.now().timestamp())
