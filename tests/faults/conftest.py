"""What tests of faults start from: a site that is connected to the simulator, and the ways facts reach it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.test import Client
from wagtail.models import Site

from tests.api.conftest import Visitor, site, visitor
from tests.bookings import paying
from tests.bookings.conftest import connected, looked_at, payments, vendors
from tests.factories import SessionTypeFactory
from tests.fixtures.simulator import SIGNING_KEY, Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.calendly import sign
from wagtail_calendly.calendly.webhooks import SIGNATURE_HEADER
from wagtail_calendly.snippets import sync
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.terms import terms_for

__all__ = ["Visitor", "site", "vendors", "visitor"]


@pytest.fixture
def calendly(settings: Any, simulator: Simulator, site: Site) -> Iterator[Simulator]:
    """The simulator as the default account, its event types mirrored."""
    account = {
        **settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"],
        "BASE_URL": simulator.url,
        "BOOKING_ORIGINS": [simulator.url],
    }
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": account}}
    accounts.close()
    client = accounts.calendly()
    sync.sync()
    looked_at()
    simulator.clear_requests()
    yield simulator
    client.close()
    accounts.close()


@pytest.fixture
def live_vendors(
    simulator: Simulator, settings: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Simulator]:
    """Both vendors, and a database that threads and processes share; what is committed is also acted upon."""
    yield from connected(simulator, settings, monkeypatch, PAYMENTS=payments(simulator))


@pytest.fixture
def session_type(calendly: Simulator) -> SessionType:
    """A free session of the simulator's consultation."""
    return SessionTypeFactory(event_type=EventType.objects.get(slug="consultation"))


@pytest.fixture
def reference(session_type: SessionType, site: Site) -> Reference:
    """What a visitor of that session carries to Calendly."""
    return mint(session_type, site)


def mint(session_type: SessionType, site: Site) -> Reference:
    return references.mint(terms_id=terms_for(session_type).pk, site_id=site.pk)


def book(calendly: Simulator, reference: Reference, **details: Any) -> dict[str, Any]:
    """{invitee, event}: booked in the embedded calendar, which carries the reference."""
    return calendly.book(tracking={"utm_content": reference.text}, **details)


class Post:
    """Calendly's deliveries over HTTP to a live site. Nothing is sent before a test says so."""

    def __init__(self, simulator: Simulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self._finished = threading.Semaphore(0)
        request_finished.connect(self._hear, dispatch_uid=self)

    def close(self) -> None:
        request_finished.disconnect(dispatch_uid=self)

    def _hear(self, **kwargs: Any) -> None:
        self._finished.release()

    @property
    def held(self) -> list[str]:
        """The ids of all deliveries so far, in the order in which things happened."""
        return [item["id"] for item in self.simulator.deliveries()]

    def deliver(self, *ids: str) -> list[int]:
        """Deliver these in this order, and wait for the site to have worked; the statuses answered."""
        sent = self.simulator.release(*(ids or self.held))
        for item in sent:
            # A request is finished when its answer is closed: after what it left to be done.
            assert "status" in item["attempts"][-1], item["attempts"][-1]
            assert self._finished.acquire(timeout=20), "the site did not finish"
        return [item["attempts"][-1]["status"] for item in sent]


@pytest.fixture
def post(transactional_db: None, live_server: Any, calendly: Simulator) -> Iterator[Post]:
    """The site's webhook, subscribed to everything that we need; deliveries are held back."""
    calendly.webhooks("hold", backoff=[])
    subscriptions.create("default", base=live_server.url)
    calendly.clear_requests()
    post = Post(calendly, live_server.url)
    yield post
    post.close()


def send(body: bytes, alias: str = "default") -> int:
    """One delivery, signed just now, posted and worked on; the status answered."""
    signature = sign(body, SIGNING_KEY, int(time.time()))
    address = subscriptions.path(alias, subscriptions.segments(alias)[0])
    headers = {SIGNATURE_HEADER: signature}
    answer = Client().post(address, body, content_type="application/json", headers=headers)
    return answer.status_code


@pytest.fixture
def held(vendors: Simulator) -> Booking:
    """A time is chosen, and to be paid."""
    return paying.book(vendors, paying.priced())


@pytest.fixture
def confirmed(vendors: Simulator, held: Booking) -> Booking:
    """Paid as well."""
    paying.paid(vendors, held)
    return by_visitors.look(held)
