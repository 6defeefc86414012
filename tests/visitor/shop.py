"""A visitor of a session that costs something, at the stand-ins of both vendors; every step as a browser takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings.models import Booking, Payment
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import memory

HTMX = {"HX-Request": "true"}


@dataclass
class Shop:
    """One session type, one visitor."""

    session_type: SessionType
    simulator: Simulator
    client: Client

    @property
    def address(self) -> str:
        return f"/calendly/sessions/{self.session_type.pk}-x/"

    @property
    def reference(self) -> str:
        """What this visitor chose last."""
        return str(self.client.session[memory.KEY][-1]["reference"])

    @property
    def booking(self) -> Booking:
        return Booking.objects.get(reference=self.reference)

    @property
    def payment(self) -> Payment:
        """The latest attempt."""
        return Payment.objects.order_by("asked_at", "pk").last()

    @property
    def sessions(self) -> dict[str, Any]:
        """The checkouts that the stand-in Stripe has."""
        return self.simulator.stripe.truth()["sessions"]

    @property
    def money(self) -> list[tuple[int, int]]:
        """Of each payment at the stand-in Stripe: captured, refunded."""
        payments = self.simulator.stripe.truth()["payments"].values()
        return [(one["captured"], one["refunded"]) for one in payments]

    def choose(self) -> HttpResponse:
        return self.client.get(self.address)

    def book(self, **details: Any) -> dict[str, Any]:
        """Choose, take a time at Calendly, come back and say so."""
        self.choose()
        booked = self.simulator.book(tracking={"utm_content": self.reference}, **details)
        self.client.post("/calendly/booked/", {"reference": self.reference})
        return booked

    def path(self, name: str = "") -> str:
        return f"/calendly/bookings/{self.booking.token}/{name and name + '/'}"

    def status(self, **query: Any) -> str:
        return text_of(self.client.get(self.path(), query))

    def press_pay(self, **given: Any) -> HttpResponse:
        return self.client.post(self.path("pay"), given, headers=given.pop("headers", None))

    def order(self) -> HttpResponse:
        """Choose and press the button of a session that is paid first."""
        self.choose()
        return self.client.post("/calendly/orders/", {"reference": self.reference})

    def pay(self, how: str = "card", code: str | None = None) -> HttpResponse:
        """On the payment page; then the way back from it."""
        self.press_pay()
        self.simulator.stripe.pay(self.payment.checkout_id, how, code)
        return self.come_back()

    def come_back(self, checkout: str = "") -> HttpResponse:
        return self.client.get(
            self.path("paid"), {"checkout": checkout or self.payment.checkout_id}
        )


def text_of(response: HttpResponse) -> str:
    """What a visitor reads: one line of words."""
    assert response.status_code in (200, 409), response.status_code
    body = response.text.partition("<body")[2] or response.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
