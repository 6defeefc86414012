"""How each sender of webhooks signs, so that one security test serves them all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from stripe import WebhookSignature

from tests.fixtures.simulator import SIGNING_KEY
from wagtail_calendly.bookings import payment_endpoint, subscriptions
from wagtail_calendly.calendly import sign

TOLERANCE = 300


@dataclass(frozen=True)
class Sender:
    """`path` of the webhook, `header` that carries what `sign` makes of body, key and time.

    `settings` with these keys; `say` makes an event about which we know nothing, with any payload.
    """

    name: str
    account: str
    header: str
    sign: Callable[[bytes, str, int], str]
    path: Callable[[], str]
    settings: Callable[..., dict[str, Any]]
    say: Callable[[dict[str, Any]], dict[str, Any]]

    def body(self, number: int = 1, **payload: Any) -> bytes:
        """A delivery that is authentic, and means nothing to us."""
        return json.dumps(
            self.say({"email": "canary@example.org", "number": number, **payload})
        ).encode()

    def post(
        self,
        body: bytes,
        *,
        key: str = SIGNING_KEY,
        age: int = 0,
        path: str = "",
        client: Client | None = None,
        **more: Any,
    ) -> Any:
        """Deliver it as the sender would; `age` in seconds, negative for a clock that is fast."""
        signature = self.sign(body, key, int(time.time()) - age)
        return self.send(body, {self.header: signature}, path=path, client=client, **more)

    def send(
        self,
        body: bytes,
        headers: dict[str, str],
        *,
        path: str = "",
        client: Client | None = None,
        **more: Any,
    ) -> Any:
        client = client or Client(enforce_csrf_checks=True)
        return client.post(
            path or self.path(),
            body,
            content_type="application/json",
            headers=headers,
            **more,
        )


#: Headers that are none, or could only be made without the key.
GARBAGE = (
    "x",
    "t=,v1=",
    "t=1,v1=é",
    f"t={2**70},v1={'0' * 64}",
    f"v1={'0' * 64}",
    "t=1",
    "t=-1,v1=" + "0" * 64,
    "t=1,v1=" + "0" * 100_000,
    ",".join(["t=1,v1=" + "0" * 64] * 20),
)


def calendly_settings(*keys: str) -> dict[str, Any]:
    return {"ACCOUNTS": {"default": {"TOKEN": "t", "WEBHOOK_SIGNING_KEYS": list(keys)}}}


def stripe_settings(*keys: str) -> dict[str, Any]:
    return {"PAYMENTS": {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": list(keys)}}


def _calendly_path() -> str:
    segment = subscriptions.segments("default")[0]
    return reverse("wagtail_calendly:calendly_webhook", args=["default", segment])


def _stripe_path() -> str:
    return payment_endpoint.path(payment_endpoint.segments()[0])


def _stripe_signature(body: bytes, key: str, timestamp: int) -> str:
    try:
        return WebhookSignature.generate_signature_header(body.decode(), key, timestamp)
    except UnicodeDecodeError:  # the SDK signs text only
        return sign(body, key, timestamp)


def _by_calendly(payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "event": "contact.created",
        "created_at": "2026-12-01T09:00:01.000000Z",
        "payload": payload,
    }


def _by_stripe(payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "event",
        "type": "contact.created",
        "created": 1_800_000_000,
        "livemode": False,
        "data": {"object": payload},
    }


CALENDLY = Sender(
    name="calendly",
    account="default",
    header="Calendly-Webhook-Signature",
    sign=sign,
    path=_calendly_path,
    settings=calendly_settings,
    say=_by_calendly,
)
STRIPE = Sender(
    name="stripe",
    account=payment_endpoint.ALIAS,
    header="Stripe-Signature",
    sign=_stripe_signature,
    path=_stripe_path,
    settings=stripe_settings,
    say=_by_stripe,
)

SENDERS = [CALENDLY, STRIPE]
