"""One site with one session that can be booked, and a visitor who has chosen it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from wagtail_calendly.bookings.models import Appointment, Booking, Status
from wagtail_calendly.snippets.models import EventType, SessionType
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
        event_type = EventType.objects.create(
            uri=f"https://api.calendly.com/event_types/{slug}",
            name=title,
            slug=slug,
            scheduling_url=f"https://calendly.com/ada-host/{slug}",
            duration=30,
            host_name="Ada Host",
            **fields.pop("event_type", {}),
        )
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
