"""What Stripe tells of what happened: signed webhooks, their endpoints, and the list of events behind them.

https://docs.stripe.com/webhooks
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wagtail_calendly.payments import reading, stripe_params
from wagtail_calendly.payments.errors import InvalidPaymentSignature, PaymentUnavailable
from wagtail_calendly.payments.provider import Endpoint, Hint
from wagtail_calendly.payments.stripe_params import EVENTS, MOST_PER_PAGE

if TYPE_CHECKING:
    from wagtail_calendly.payments.connection import Connection


class WebhookCalls:
    """The part of `StripeCheckout` that is about events."""

    _connection: Connection

    def hints(self, *, since: datetime) -> Iterator[Hint]:
        events = self._connection.listed(
            lambda client: client.v1.events.list(
                {
                    "types": list(EVENTS),
                    "created": {"gte": int(since.timestamp())},
                    "limit": MOST_PER_PAGE,
                }
            )
        )
        # Stripe lists the newest first.
        return (reading.read_event(event) for event in reversed(events))

    def hint(
        self,
        body: bytes,
        signature: str,
        *,
        secrets: Iterable[str],
        tolerance: int,
        now: datetime,
    ) -> Hint:
        from wagtail_calendly.payments.signatures import verify

        verify(body, signature, secrets, tolerance=timedelta(seconds=tolerance), now=now)
        try:
            return reading.read_hint(body)
        except PaymentUnavailable:
            raise InvalidPaymentSignature("no_event") from None

    def endpoints(self) -> Iterator[Endpoint]:
        listed = self._connection.listed(
            lambda client: client.v1.webhook_endpoints.list({"limit": MOST_PER_PAGE})
        )
        return (reading.read_endpoint(endpoint) for endpoint in listed)

    def create_endpoint(self, url: str) -> Endpoint:
        params = stripe_params.endpoint_params(url)
        answer = self._connection.ask(
            lambda client: client.v1.webhook_endpoints.create(params)  # type: ignore[arg-type]
        )
        return reading.read_endpoint(answer.data)

    def update_endpoint(self, endpoint_id: str, url: str) -> Endpoint:
        params = stripe_params.endpoint_update_params(url)
        answer = self._connection.ask(
            lambda client: client.v1.webhook_endpoints.update(endpoint_id, params)  # type: ignore[arg-type]
        )
        return reading.read_endpoint(answer.data)

    def delete_endpoint(self, endpoint_id: str) -> None:
        self._connection.ask(lambda client: client.v1.webhook_endpoints.delete(endpoint_id))
