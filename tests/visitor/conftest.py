"""One site with one session that can be booked, and a visitor who has chosen it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from tests.fixtures.simulator import Simulator
from tests.visitor.shop import Shop
from wagtail_calendly import accounts
from wagtail_calendly.bookings.models import Appointment, Booking, Status
from wagtail_calendly.snippets.models import CancellationPolicy, EventType, SessionType
from wagtail_calendly.snippets.terms import terms_for
from wagtail_calendly.visitor import memory

EVENT = "https://api.calendly.com/scheduled_events/EV"
INVITEE = f"{EVENT}/invitees/IN"


@pytest.fixture
def site(db: None) -> Site:
    return Site.objects.get(is_default_site=True)


@pytest.fixture
def make_session_type(site: Site) -> Callable[..., SessionType]:
    def make(title: str = "First talk", **fields: Any) -> SessionType:
        slug = title.lower().replace(" ", "-")
        columns = {
            "uri": f"https://api.calendly.com/event_types/{slug}",
            "name": title,
            "slug": slug,
            "scheduling_url": f"https://calendly.com/ada-host/{slug}",
            "duration": 30,
            "host_name": "Ada Host",
        }
        event_type = EventType.objects.create(**columns | fields.pop("event_type", {}))
        locale = Locale.objects.get_or_create(language_code=fields.pop("language", "en"))[0]
        return SessionType.objects.create(
            title=title, slug=slug, event_type=event_type, locale=locale, live=True, **fields
        )

    return make


@pytest.fixture
def session_type(make_session_type: Callable[..., SessionType]) -> SessionType:
    return make_session_type()


@pytest.fixture
def address(session_type: SessionType) -> str:
    return reverse("wagtail_calendly:session", args=[session_type.pk, session_type.slug])


@pytest.fixture
def reference(client: Client, address: str) -> str:
    """What was minted for a visitor who has chosen the session with `client`."""
    client.get(address)
    return str(client.session[memory.KEY][-1]["reference"])


@pytest.fixture
def make_booking(session_type: SessionType, site: Site) -> Callable[..., Booking]:
    """A booking as settle leaves it, and what Calendly said of it."""

    def make(status: str = Status.CONFIRMED, **fields: Any) -> Booking:
        start = fields.pop("starts_at", _tomorrow())
        said = {"timezone": "America/New_York", **fields.pop("said", {})}
        booking = Booking.objects.create(
            **{"reference": "r" * 52, "site": site, "terms": terms_for(session_type)} | fields,
            status=status,
            calendly_event_uri=EVENT,
            calendly_invitee_uri=INVITEE,
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
        )
        Appointment.objects.create(
            booking=booking, invitee_uri=INVITEE, event_uri=EVENT, name="Vi Sitor", **said
        )
        return booking

    return make


def _tomorrow() -> datetime:
    return (timezone.now() + timedelta(days=1)).astimezone(UTC).replace(microsecond=0)


@pytest.fixture
def vendors(simulator: Simulator, settings: Any) -> Iterator[Simulator]:
    """Both vendors are the simulator, and send no webhooks."""
    account = {
        **settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"],
        "BASE_URL": simulator.url,
        "BOOKING_ORIGINS": [simulator.url],
    }
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {"default": account},
        "VISITOR_POSTS_PER_MINUTE": 200,
        "PAYMENTS": {
            "SECRET_KEY": simulator.stripe.secret_key,
            "WEBHOOK_SECRETS": [simulator.stripe.webhook_secret],
            "BASE_URL": simulator.url,
            "CHECKOUT_ORIGINS": [simulator.url],
        },
    }
    yield simulator
    accounts.close()


@pytest.fixture
def shop(
    vendors: Simulator, make_session_type: Callable[..., SessionType], client: Client
) -> Callable[..., Shop]:
    """A session of 60 €, half of it back until the start; fields change it."""

    def open_shop(slug: str = "consultation", **fields: Any) -> Shop:
        policy = CancellationPolicy.objects.create(
            name=f"Policy {CancellationPolicy.objects.count()}",
            tiers=[("tier", {"hours": 0, "percent": 50})],
        )
        said = vendors.event_type(slug)
        session_type = make_session_type(
            fields.pop("title", "Long talk"),
            **{"price": 6000, "currency": "EUR", "cancellation_policy": policy, **fields},
            event_type={
                "uri": said["uri"],
                "scheduling_url": said["scheduling_url"],
                "kind": said["kind"],
            },
        )
        return Shop(session_type, vendors, client)

    return open_shop
