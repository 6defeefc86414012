"""What a payment provider can do for us, and what it says: the protocol, and its words as frozen dataclasses.

Money is integer minor units beside an ISO 4217 code in capitals; times are aware UTC. What a provider says are
facts, read fresh; what it posts to our webhook is a hint that names what to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

CheckoutStatus = Literal["open", "complete", "expired"]
CheckoutPaymentStatus = Literal["unpaid", "paid", "no_payment_required"]
RefundStatus = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]
Dispute = Literal["", "open", "won", "lost"]
Mode = Literal["test", "live"]

#: What a provider is given to carry, and gives back: our booking's reference, and the key of the attempt.
REFERENCE = "wagtail_calendly_reference"
ATTEMPT = "wagtail_calendly_attempt"
#: On a refund: the key of the effect that asked for it.
EFFECT = "wagtail_calendly_effect"


@dataclass(frozen=True)
class Order:
    """What one attempt sells, and where the payer goes afterwards. Personal in it: the address to prefill."""

    reference: str
    attempt: str
    title: str
    amount: int
    currency: str
    expires_at: datetime
    success_url: str
    cancel_url: str
    language: str = ""
    email: str = field(default="", repr=False)
    allows_promotion_codes: bool = False
    adds_tax: bool = False


@dataclass(frozen=True)
class RefundSaid:
    """One refund as the provider knows it. `effect` is the key we gave it; empty for one made elsewhere."""

    id: str
    payment_intent: str
    amount: int
    currency: str
    status: RefundStatus
    created_at: datetime
    effect: str = ""


@dataclass(frozen=True)
class CheckoutSaid:
    """One checkout session, its payment, its refunds and its dispute, read in one go.

    `subtotal` is what we asked for, before discount and tax; `total` what the payer was asked for; `captured`
    what was taken so far. `has_failed`: the form was completed, and the money that was to follow did not come.
    `settled_at` is when the money was there, None before that. For a free total, whose completion nobody dates,
    it is `created_at`; for a debit whose settlement the key may not read, it is when it was charged.
    """

    id: str
    status: CheckoutStatus
    payment_status: CheckoutPaymentStatus
    mode: Mode
    reference: str
    attempt: str
    created_at: datetime
    expires_at: datetime
    observed_at: datetime
    currency: str
    subtotal: int
    total: int
    discount: int = 0
    tax: int = 0
    captured: int = 0
    has_failed: bool = False
    settled_at: datetime | None = None
    url: str = field(default="", repr=False)
    payment_intent: str = ""
    receipt_url: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    dispute: Dispute = ""
    refunds: tuple[RefundSaid, ...] = ()


@dataclass(frozen=True)
class Hint:
    """What a webhook or the provider's list of events names: go and read this. Nothing else of it is believed."""

    id: str
    type: str
    mode: Mode
    created_at: datetime
    #: "" where the event names none; then the payment intent leads to it.
    checkout: str = ""
    payment_intent: str = ""
    refund: str = ""
    api_version: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A webhook endpoint at the provider. `secret` is told once only, when it is created."""

    id: str
    url: str
    events: tuple[str, ...]
    api_version: str
    is_enabled: bool
    mode: Mode
    secret: str = field(default="", repr=False)


class PaymentProvider(Protocol):
    """One account at a provider. Every call may raise a `PaymentError`; none touches the database.

    Each call is bounded, and repeated under the same idempotency key where that may help.
    """

    name: str
    mode: Mode

    def within(self, seconds: float) -> PaymentProvider:
        """The same account; from now on all its calls together, retries included, have so many seconds."""
        ...

    def checkout_params(self, order: Order) -> dict[str, Any]:
        """What `open_checkout` sends for an order: plain JSON, to be stored before the first try."""
        ...

    def open_checkout(self, params: Mapping[str, Any], *, idempotency_key: str) -> CheckoutSaid:
        """Open a checkout. The same key and parameters give the same checkout for 23 hours."""
        ...

    def checkout(self, checkout_id: str) -> CheckoutSaid:
        """A checkout as it is now."""
        ...

    def checkout_of(self, payment_intent: str) -> CheckoutSaid | None:
        """The checkout that a payment intent came from; None where it came from none."""
        ...

    def find_checkout(self, attempt: str, *, since: datetime) -> CheckoutSaid | None:
        """The checkout of an attempt whose outcome is unknown, opened not before `since`."""
        ...

    def expire_checkout(self, checkout_id: str) -> CheckoutSaid:
        """Close an open checkout; one that is not open any more is read instead, whatever became of it."""
        ...

    def refund_params(
        self, *, payment_intent: str, amount: int, currency: str, effect: str, reference: str
    ) -> dict[str, Any]:
        """What `refund` sends: plain JSON, to be stored before the first try."""
        ...

    def refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> RefundSaid:
        """Give money back. Raises `PaymentRefused` where more is asked than is left."""
        ...

    def refunds(self, payment_intent: str) -> list[RefundSaid]:
        """All refunds of a payment, made here or elsewhere."""
        ...

    def refund_said(self, refund_id: str) -> RefundSaid:
        """A refund as it is now."""
        ...

    def hints(self, *, since: datetime) -> Iterator[Hint]:
        """What happened since then, oldest first; the provider remembers 30 days."""
        ...

    def hint(
        self,
        body: bytes,
        signature: str,
        *,
        secrets: Iterable[str],
        tolerance: int,
        now: datetime,
    ) -> Hint:
        """What an authentic webhook names. Raises `InvalidPaymentSignature` for any other."""
        ...

    def endpoints(self) -> Iterator[Endpoint]:
        """The webhook endpoints of the account."""
        ...

    def create_endpoint(self, url: str) -> Endpoint:
        """Create an endpoint for exactly the events that we understand."""
        ...

    def update_endpoint(self, endpoint_id: str, url: str) -> Endpoint:
        """Point an endpoint here, for exactly our events, and switch it on; its secret and version stay."""
        ...

    def delete_endpoint(self, endpoint_id: str) -> None:
        """Remove an endpoint."""
        ...

    def dashboard_url(self, payment_intent: str) -> str:
        """Where staff see a payment in full."""
        ...

    def close(self) -> None:
        """Close the connections, for all that share them."""
        ...
