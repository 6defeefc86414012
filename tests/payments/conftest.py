"""What tests of payments start from: the provider at the simulator, or at a far end that answers as told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.fixtures.simulator import Simulator
from tests.fixtures.stripe import SECRET_KEY, StripeHand
from wagtail_calendly.payments import CheckoutSaid, Order, StripeCheckout


class FarEnd(httpx.BaseTransport):
    """Gives out its answers in turn, the last one for ever, and keeps the requests; raises what is an exception."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response | Exception] = []
        self.requests: list[httpx.Request] = []

    def say(self, json: Any, headers: dict[str, str] | None = None) -> None:
        self.answers.append(httpx.Response(200, json=json, headers=headers))

    def refuse(self, status: int, headers: dict[str, str] | None = None, **error: Any) -> None:
        self.answers.append(httpx.Response(status, json={"error": error}, headers=headers))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def sent(self) -> dict[str, list[str]]:
        """What the last request asked for."""
        last = self.requests[-1]
        return parse_qs(last.content.decode() or last.url.query.decode())


def an_order(**changes: Any) -> Order:
    """An hour for 50 €, to be paid within 31 minutes."""
    return Order(
        **{
            "reference": "reference-1",
            "attempt": "attempt-1",
            "title": "Consultation",
            "amount": 5000,
            "currency": "EUR",
            "expires_at": datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=31),
            "success_url": "https://site.example/done/?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://site.example/back/",
            **changes,
        }
    )


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def alone(far_end: FarEnd) -> StripeCheckout:
    """The provider at the far end; nothing is tried again."""
    return StripeCheckout(SECRET_KEY, retries=0, transport=far_end)


@pytest.fixture
def bank(simulator: Simulator) -> StripeHand:
    """Payer, bank and dashboard of the stand-in Stripe."""
    return simulator.stripe


@pytest.fixture
def provider(simulator: Simulator) -> Iterator[StripeCheckout]:
    """The provider at the simulator; nothing is tried again."""
    provider = StripeCheckout(SECRET_KEY, base_url=simulator.url, retries=0)
    yield provider
    provider.close()


@pytest.fixture
def opened(provider: StripeCheckout) -> CheckoutSaid:
    """An open checkout."""
    return provider.open_checkout(provider.checkout_params(an_order()), idempotency_key="open-1")
