"""What the payment provider says of a checkout and a refund, as columns of rows, and which saying counts more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from wagtail_calendly.bookings.models import Payment, PaymentState, RefundState
from wagtail_calendly.payments import CheckoutSaid, RefundSaid

#: The larger counts more. Paid is final; what was closed can only still turn out paid.
RANKS: Mapping[str, int] = {
    PaymentState.OPENING: 0,
    PaymentState.OPEN: 1,
    PaymentState.PROCESSING: 2,
    PaymentState.FAILED: 3,
    PaymentState.EXPIRED: 3,
    PaymentState.REFUSED: 3,
    PaymentState.PAID: 4,
}
#: That a refund was refused is only our conclusion: whatever the provider says of it counts more.
REFUND_RANKS: Mapping[str, int] = {
    RefundState.ASKED: 0,
    RefundState.REFUSED: 1,
    RefundState.PENDING: 2,
    RefundState.REQUIRES_ACTION: 3,
    RefundState.SUCCEEDED: 4,
    RefundState.FAILED: 5,
    RefundState.CANCELED: 6,
}
#: Stripe's clock has no parts of a second: of two sayings of one second, the later dispute counts more.
_DISPUTES = ("", "open", "lost", "won")


class Key(NamedTuple):
    """How much a saying counts; the largest wins as a whole."""

    rank: int
    observed_at: datetime
    digest: str


class Register(NamedTuple):
    """What was said of one checkout: the columns said together, and how much they count."""

    key: Key
    columns: Mapping[str, Any]

    def is_news_to(self, row: Payment) -> bool:
        """Whether this counts more than what the row holds."""
        if row.observed_at is None:
            return RANKS[row.state] <= self.key.rank
        return Key(RANKS[row.state], row.observed_at, row.digest) < self.key

    def outranks(self) -> Q:
        """The same question, asked by the database while it writes."""
        rank, observed_at, digest = self.key
        same = [state for state, its in RANKS.items() if its == rank]
        lower = [state for state, its in RANKS.items() if its < rank]
        older = Q(observed_at=None) | Q(observed_at__lt=observed_at)
        older |= Q(observed_at=observed_at, digest__lt=digest)
        return Q(state__in=lower) | (Q(state__in=same) & older)

    def assignments(self) -> dict[str, Any]:
        """The columns to write, the key among them."""
        key = {"observed_at": self.key.observed_at, "digest": self.key.digest}
        return {**self.columns, **key}


def of_checkout(said: CheckoutSaid) -> Register:
    """The register of what is said of a checkout and its payment; its refunds have rows of their own."""
    state = state_of(said)
    columns = {
        "state": state,
        "mode": said.mode,
        "checkout_id": said.id,
        "payment_intent": said.payment_intent,
        "url": _web_address(said.url),
        "expires_at": said.expires_at,
        "settled_at": said.settled_at,
        "subtotal": said.subtotal,
        "total": said.total,
        "discount": said.discount,
        "tax": said.tax,
        "captured": said.captured,
        "said_currency": said.currency,
        "email": said.email[:320],
        "receipt_url": _web_address(said.receipt_url),
        "dispute": said.dispute,
    }
    canonical = json.dumps(columns, sort_keys=True, default=str)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    told = f"{_DISPUTES.index(said.dispute)}{digest}"[:64]
    return Register(Key(RANKS[state], said.observed_at, told), columns)


def state_of(said: CheckoutSaid) -> PaymentState:
    """Where the attempt stands. A form that was completed is not paid yet: a debit takes days."""
    if said.status == "open":
        return PaymentState.OPEN
    if said.status == "expired":
        return PaymentState.EXPIRED
    if said.payment_status != "unpaid":
        return PaymentState.PAID
    return PaymentState.FAILED if said.has_failed else PaymentState.PROCESSING


def refund_outranks(said: RefundSaid) -> Q:
    """Whether what is said of a refund counts more than what a row holds."""
    rank = REFUND_RANKS[said.status]
    return Q(state__in=[state for state, its in REFUND_RANKS.items() if its < rank])


def _web_address(url: str) -> str:
    is_one = url.startswith(("https://", "http://")) and len(url) <= 2000
    return url if is_one else ""
