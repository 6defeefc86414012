"""What tests of the endpoints start from: an account, a session type, and visitors as browsers are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from tests.fixtures.simulator import SIGNING_KEY, TOKEN, Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.snippets.models import EventType, SessionType


class Visitor(Client):
    """A browser: CSRF is enforced, posts are JSON, the token is fetched just before the first one."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.token = ""

    def ask(self, operation: str, *args: Any, **query: Any) -> HttpResponse:
        return self.get(address(operation, *args), query)

    def say(self, operation: str, *args: Any, **said: Any) -> HttpResponse:
        if not self.token:
            self.token = self.ask("csrf").json()["csrf_token"]
        headers = {"X-CSRFToken": self.token}
        return self.post(
            address(operation, *args),
            json.dumps(said),
            content_type="application/json",
            headers=headers,
        )


def address(operation: str, *args: Any) -> str:
    return reverse(f"wagtail_calendly:api:{operation}", args=args)


def code(response: HttpResponse) -> str:
    """The code of a failure, whose body has the one shape."""
    error = response.json()["error"]
    assert error["message"]
    return error["code"]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def site(db: None) -> Site:
    """The default site; flushed databases have none."""
    known = Site.objects.filter(is_default_site=True).first()
    if known:
        return known
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)


@pytest.fixture
def calendly(settings: Any, simulator: Simulator) -> Iterator[Simulator]:
    """The default account at a fresh simulator."""
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {
            "default": {
                "TOKEN": TOKEN,
                "WEBHOOK_SIGNING_KEYS": [SIGNING_KEY],
                "BASE_URL": simulator.url,
                "BOOKING_ORIGINS": [simulator.url],
            }
        }
    }
    client = accounts.calendly()
    yield simulator
    client.close()
    accounts.close()


def make_event_type(**columns: Any) -> EventType:
    number = EventType.objects.count() + 1
    return EventType.objects.create(
        **{
            "uri": f"https://api.calendly.com/event_types/ET{number}",
            "name": f"Consultation {number}",
            "slug": f"consultation-{number}",
            "scheduling_url": f"https://calendly.com/ada-host/consultation-{number}",
            "duration": 30,
            "host_name": "Ada Host",
            **columns,
        }
    )


def make_session_type(**columns: Any) -> SessionType:
    number = SessionType.objects.count() + 1
    columns.setdefault("event_type", None)
    return SessionType.objects.create(
        **{
            "title": f"First talk {number}",
            "slug": f"first-talk-{number}",
            "locale": Locale.objects.get_or_create(language_code="en")[0],
            "live": True,
            **columns,
            "event_type": columns["event_type"] or make_event_type(),
        }
    )


@pytest.fixture
def session_type(site: Site) -> SessionType:
    """A live, free session type of an event type that no vendor knows."""
    return make_session_type()


@pytest.fixture
def consultation(site: Site, calendly: Simulator) -> SessionType:
    """A live, free session type of the simulator's first event type."""
    said = calendly.event_type("consultation")
    event_type = make_event_type(uri=said["uri"], scheduling_url=said["scheduling_url"])
    return make_session_type(event_type=event_type)


def be_well() -> None:
    """As the clock leaves it where all goes well."""
    now = timezone.now()
    Connection.objects.update_or_create(
        account="default",
        defaults={
            "said": {"name": "Ada Host", "scopes": {"event_types:read": "granted"}},
            "subscription_state": "active",
            "examined_at": now,
            "last_sync_at": now,
            "last_poll_at": now,
            "worker_seen_at": now,
        },
    )
