"""What tests of money share: priced sessions, visitors who book and pay them, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import django
import time_machine
from django.utils import timezone

from tests.factories import SessionTypeFactory, default_site
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import confirm, effects, inbox
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Booking, Payment, WebhookDelivery
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets import terms as published_terms
from wagtail_calendly.snippets.models import CancellationPolicy, EventType, SessionType

PRICE = 6000


def priced(slug: str = "consultation", order: str = "after", **more: Any) -> SessionType:
    """A session of 60 euros for the simulator's event type of this name; half back until a day before."""
    tiers = [("tier", {"hours": 24, "percent": 50})]
    policy, _ = CancellationPolicy.objects.get_or_create(name="Fair", defaults={"tiers": tiers})
    return SessionTypeFactory(
        event_type=EventType.objects.get(slug=slug),
        price=PRICE,
        currency="EUR",
        payment_order=order,
        cancellation_policy=policy,
        **more,
    )


def mint(session_type: SessionType) -> Reference:
    terms = published_terms.publish(session_type)
    return references.mint(terms_id=terms.pk, site_id=default_site().pk)


def book(simulator: Simulator, session_type: SessionType, **details: Any) -> Booking:
    """Booked in the embedded calendar, some days ahead, and told to us by the visitor's browser."""
    reference = mint(session_type)
    event_type, soon = session_type.event_type, timezone.now() + timedelta(days=2)
    free = accounts.calendly().available_times(event_type.uri, soon, soon + timedelta(days=5))
    when = {"start_time": free[0].start_time.isoformat(), **details}
    made = simulator.book(event_type.slug, tracking={"utm_content": reference.text}, **when)
    return confirm.confirm(reference.text, made["invitee"]["uri"], site=default_site())


def ordered(session_type: SessionType) -> Booking:
    """A session that is paid before: begun, and nothing paid."""
    return by_visitors.order(mint(session_type).text, site=default_site())


def paid(simulator: Simulator, booking: Booking, how: str = "card", **more: Any) -> Payment:
    """The visitor paid, and we have not been told."""
    payment = by_visitors.pay(booking)
    simulator.stripe.pay(payment.checkout_id, how, **more)
    return payment


def learn(booking: Booking, kind: str = "look_up_payment") -> None:
    """What a waiting effect brings, at once."""
    for effect in booking.effects.filter(kind=kind, state="open"):
        effects.perform(effect.pk)


def stands(booking: Booking) -> tuple[str, str, str]:
    """Status, payment status, attention."""
    booking.refresh_from_db()
    return booking.status, booking.payment_status, booking.attention


@contextmanager
def later(simulator: Simulator, **units: float) -> Iterator[datetime]:
    """So much later, by our clock and the vendors'."""
    wait = timedelta(**units)
    simulator.clock(wait.total_seconds())
    with time_machine.travel(timezone.now() + wait):
        yield timezone.now()
    simulator.clock(0)


@contextmanager
def no_mail(settings: Any) -> Iterator[None]:
    """Whatever mail is sent meanwhile fails."""
    name, backend = "EMAIL_BACKEND", "tests.there.is.no.Such"
    broken: Any = backend
    if django.VERSION >= (6, 1):
        name, broken = "MAILERS", {"default": {"BACKEND": backend}}
    working = getattr(settings, name)
    setattr(settings, name, broken)
    yield
    setattr(settings, name, working)


def calls(simulator: Simulator, method: str, path: str) -> list[dict[str, Any]]:
    """What was asked of the vendors."""
    return [
        one
        for one in simulator.requests()
        if one["method"] == method and re.search(path, one["path"])
    ]


def truth(simulator: Simulator) -> list[tuple[int, int]]:
    """(captured, refunded) of every payment at the provider."""
    payments = simulator.stripe.truth()["payments"].values()
    return sorted((one["captured"], one["refunded"]) for one in payments)


def deliver(simulator: Simulator, *events: str) -> list[str]:
    """The provider's webhooks of these kinds, or all, arrive in the order in which they were sent; the states."""
    seen = set(WebhookDelivery.objects.values_list("digest", flat=True))
    taken = [
        inbox.accept(
            sender="stripe", account="stripe", body=one["body"].encode(), event=one["event"]
        )
        for one in simulator.deliveries()
        if "checkout" in one["event"] or one["event"].startswith(("refund", "charge"))
        if not events or one["event"] in events
    ]
    return [inbox.work_on(one.pk).state for one in taken if one and one.digest not in seen]
