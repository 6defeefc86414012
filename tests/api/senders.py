"""How each sender of webhooks signs, so that one security test serves them all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.fixtures.simulator import SIGNING_KEY
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.calendly import sign

TOLERANCE = 300


@dataclass(frozen=True)
class Sender:
    """`path` of an account's webhook, `header` that carries what `sign` makes of body, key and time."""

    name: str
    header: str
    sign: Callable[[bytes, str, int], str]
    path: Callable[[str], str]
    #: Headers that are none, or could only be made without the key.
    garbage: tuple[str, ...]

    def body(self, number: int = 1) -> bytes:
        """A delivery that is authentic, and means nothing to us."""
        said = {
            "event": "contact.created",
            "created_at": "2026-12-01T09:00:01.000000Z",
            "payload": {"email": "canary@example.org", "number": number},
        }
        return json.dumps(said).encode()

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
            path or self.path("default"),
            body,
            content_type="application/json",
            headers=headers,
            **more,
        )


def _calendly_path(alias: str) -> str:
    segment = subscriptions.segments(alias)[0]
    return reverse("wagtail_calendly:calendly_webhook", args=[alias, segment])


CALENDLY = Sender(
    name="calendly",
    header="Calendly-Webhook-Signature",
    sign=sign,
    path=_calendly_path,
    garbage=(
        "x",
        "t=,v1=",
        "t=1,v1=é",
        f"t={2**70},v1={'0' * 64}",
        f"v1={'0' * 64}",
        "t=1",
        "t=-1,v1=" + "0" * 64,
        "t=1,v1=" + "0" * 100_000,
        ",".join(["t=1,v1=" + "0" * 64] * 20),
    ),
)

SENDERS = [CALENDLY]
