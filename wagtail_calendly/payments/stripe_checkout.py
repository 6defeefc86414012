"""Stripe Checkout as a payment provider. https://docs.stripe.com/payments/checkout"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, ClassVar

from wagtail_calendly.payments import reading, stripe_params
from wagtail_calendly.payments.errors import (
    PaymentAuthenticationError,
    PaymentRefused,
    PaymentSdkMissing,
)
from wagtail_calendly.payments.keys import mode_of
from wagtail_calendly.payments.provider import (
    ATTEMPT,
    CheckoutSaid,
    Dispute,
    Mode,
    Order,
    RefundSaid,
)
from wagtail_calendly.payments.stripe_params import (
    MOST_PER_PAGE,
    REFUNDS,
    SETTLEMENT,
)
from wagtail_calendly.payments.stripe_webhooks import WebhookCalls

if TYPE_CHECKING:
    import httpx
    import stripe

    from wagtail_calendly.payments.connection import Answer, Connection

API = "https://api.stripe.com"
#: By how much our clock may differ from Stripe's.
CLOCKS = timedelta(minutes=5)


class StripeCheckout(WebhookCalls):
    """One Stripe account, by its secret or restricted key. Implements `PaymentProvider`; safe between threads.

    `timeout` in seconds bounds one attempt; the SDK makes up to `retries` more, under one idempotency key.
    Raises `PaymentSdkMissing`, and `PaymentAuthenticationError` for a key that is none.
    """

    name: ClassVar[str] = "stripe"

    def __init__(
        self,
        secret_key: str,
        *,
        base_url: str = API,
        timeout: float = 10.0,
        retries: int = 2,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        mode = mode_of(secret_key)
        if mode is None:
            raise PaymentAuthenticationError("This is not a secret key of Stripe.")
        self.mode: Mode = mode
        self._connection = _connect(
            secret_key, base_url=base_url, timeout=timeout, retries=retries, transport=transport
        )
        self._may_not_read_settlements = Event()

    def __repr__(self) -> str:
        return f"<StripeCheckout in {self.mode} mode>"

    def within(self, seconds: float) -> StripeCheckout:
        """The same account and connections; from now on all its calls have so many seconds in total."""
        provider = copy.copy(self)
        provider._connection = self._connection.within(seconds)
        return provider

    def close(self) -> None:
        """Close the connections, for all that share them."""
        self._connection.close()

    # Checkouts

    def checkout_params(self, order: Order) -> dict[str, Any]:
        return stripe_params.checkout_params(order)

    def open_checkout(self, params: Mapping[str, Any], *, idempotency_key: str) -> CheckoutSaid:
        answer = self._connection.ask(
            lambda client: client.v1.checkout.sessions.create(
                dict(params),  # type: ignore[arg-type] # stored as JSON, and held to the SDK's types by tests
                {"idempotency_key": idempotency_key},
            )
        )
        said = reading.read_checkout(answer.data, observed_at=answer.observed_at)
        # The stored answer shows the checkout as it was then.
        return self.checkout(said.id) if answer.is_replay else said

    def checkout(self, checkout_id: str) -> CheckoutSaid:
        return self._whole(
            lambda client, expand: client.v1.checkout.sessions.retrieve(
                checkout_id, {"expand": expand}
            )
        )

    def checkout_of(self, payment_intent: str) -> CheckoutSaid | None:
        sessions = self._connection.listed(
            lambda client: client.v1.checkout.sessions.list(
                {"payment_intent": payment_intent, "limit": 1}
            )
        )
        return self.checkout(sessions[0]["id"]) if sessions else None

    def find_checkout(self, attempt: str, *, since: datetime) -> CheckoutSaid | None:
        earliest = int((since - CLOCKS).timestamp())
        sessions = self._connection.listed(
            lambda client: client.v1.checkout.sessions.list(
                {"created": {"gte": earliest}, "limit": MOST_PER_PAGE}
            )
        )
        found = (one for one in sessions if (one.get("metadata") or {}).get(ATTEMPT) == attempt)
        session = next(found, None)
        return self.checkout(session["id"]) if session else None

    def expire_checkout(self, checkout_id: str) -> CheckoutSaid:
        try:
            return self._whole(
                lambda client, expand: client.v1.checkout.sessions.expire(
                    checkout_id, {"expand": expand}
                )
            )
        except PaymentRefused as refusal:
            # Stripe closes open ones only; this one was paid or closed a moment ago, or is still to be closed.
            said = self.checkout(checkout_id)
            if said.status == "open":
                raise refusal from None
            return said

    # Refunds

    def refund_params(
        self, *, payment_intent: str, amount: int, currency: str, effect: str, reference: str
    ) -> dict[str, Any]:
        return stripe_params.refund_params(
            payment_intent=payment_intent, amount=amount, effect=effect, reference=reference
        )

    def refund(self, params: Mapping[str, Any], *, idempotency_key: str) -> RefundSaid:
        answer = self._connection.ask(
            lambda client: client.v1.refunds.create(
                dict(params),  # type: ignore[arg-type]
                {"idempotency_key": idempotency_key},
            )
        )
        said = reading.read_refund(answer.data)
        return self.refund_said(said.id) if answer.is_replay else said

    def refunds(self, payment_intent: str) -> list[RefundSaid]:
        listed = self._connection.listed(
            lambda client: client.v1.refunds.list(
                {"payment_intent": payment_intent, "limit": MOST_PER_PAGE}
            )
        )
        return [reading.read_refund(refund) for refund in listed]

    def refund_said(self, refund_id: str) -> RefundSaid:
        answer = self._connection.ask(lambda client: client.v1.refunds.retrieve(refund_id))
        return reading.read_refund(answer.data)

    def dashboard_url(self, payment_intent: str) -> str:
        part = "" if self.mode == "live" else "test/"
        return f"https://dashboard.stripe.com/{part}payments/{payment_intent}"

    # One checkout in full

    def _whole(
        self, call: Callable[[stripe.StripeClient, list[str]], stripe.StripeObject]
    ) -> CheckoutSaid:
        """A checkout with its payment, refunds and disputes: one call, more where there are disputes."""
        answer = self._with_settlement(call)
        said = reading.read_checkout(answer.data, observed_at=answer.observed_at)
        if reading.is_disputed(answer.data):
            said = replace(said, dispute=self._dispute(said.payment_intent))
        if reading.has_more_refunds(answer.data):
            said = replace(said, refunds=tuple(self.refunds(said.payment_intent)))
        return said

    def _with_settlement(
        self, call: Callable[[stripe.StripeClient, list[str]], stripe.StripeObject]
    ) -> Answer:
        """A restricted key may not read balances; then a debit counts as settled when it was charged."""
        if not self._may_not_read_settlements.is_set():
            with suppress(PaymentAuthenticationError):
                return self._connection.ask(lambda client: call(client, [REFUNDS, SETTLEMENT]))
        answer = self._connection.ask(lambda client: call(client, [REFUNDS]))
        self._may_not_read_settlements.set()
        return answer

    def _dispute(self, payment_intent: str) -> Dispute:
        disputes = self._connection.listed(
            lambda client: client.v1.disputes.list(
                {"payment_intent": payment_intent, "limit": MOST_PER_PAGE}
            )
        )
        return reading.read_dispute(disputes)


def _connect(
    secret_key: str,
    *,
    base_url: str,
    timeout: float,
    retries: int,
    transport: httpx.BaseTransport | None,
) -> Connection:
    try:
        import httpx

        from wagtail_calendly.payments.connection import Connection
    except ModuleNotFoundError as error:
        if error.name != "stripe":
            raise
    else:
        return Connection(
            secret_key,
            base_url=base_url,
            timeout=timeout,
            retries=retries,
            transport=transport or httpx.HTTPTransport(trust_env=False),
        )
    raise PaymentSdkMissing("Stripe's SDK is missing. Run: pip install wagtail-calendly[stripe]")
