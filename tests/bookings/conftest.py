"""What tests of bookings share: an offered session, and a teller of what Calendly says about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from tests.bookings.stories import START, Teller
from tests.factories import SessionTypeFactory, TermsFactory, default_site
from tests.fixtures.simulator import SIGNING_KEY, Simulator
from tests.fixtures.stripe import StripeHand
from wagtail_calendly import accounts
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts import doing
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets import sync
from wagtail_calendly.snippets import terms as published_terms
from wagtail_calendly.snippets.models import EventType, Terms

HERE = "https://www.example.org"


@pytest.fixture
def terms(db: None) -> Terms:
    """A free session type's terms."""
    return TermsFactory()


@pytest.fixture
def reference(terms: Terms) -> Reference:
    """Minted when the stories begin."""
    return references.mint(terms_id=terms.pk, site_id=default_site().pk, now=START)


@pytest.fixture
def tell(terms: Terms, reference: Reference) -> Teller:
    return Teller(event_type=terms.event_type.uri, reference=reference.text)


@pytest.fixture
def calendly(
    simulator: Simulator, settings: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Simulator]:
    """The simulator as our account, its event types synced, webhooks held back."""
    yield from connected(simulator, settings, monkeypatch)


@pytest.fixture
def stripe(calendly: Simulator, settings: Any) -> StripeHand:
    """The simulator's other half as our payment provider; it delivers nothing."""
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"PAYMENTS": payments(calendly)}
    looked_at()
    return calendly.stripe


@pytest.fixture
def vendors(
    simulator: Simulator, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Simulator]:
    """Both vendors, within the test's own transaction, which costs less. As nothing is ever committed, no
    effect is performed but by whom the test names: a visitor who waits, or the clock.
    """
    # A machine under load takes longer than visitors wait.
    monkeypatch.setattr(doing, "SECONDS", 30)
    yield from connected(simulator, settings, monkeypatch, PAYMENTS=payments(simulator))


def payments(simulator: Simulator) -> dict[str, Any]:
    return {
        "SECRET_KEY": StripeHand.secret_key,
        "WEBHOOK_SECRETS": [StripeHand.webhook_secret],
        "BASE_URL": simulator.url,
    }


def connected(
    simulator: Simulator, settings: Any, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> Iterator[Simulator]:
    """A site that is connected to the simulator. The transport refuses to send while a transaction is open."""
    account = {"TOKEN": simulator.token_value, "BASE_URL": simulator.url}
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": account}, **more}
    default_site()
    send = httpx.HTTPTransport.handle_request

    def guarded(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if "Bearer" in request.headers.get("authorization", "") and "/control" not in str(
            request.url
        ):
            is_open = not all(block._from_testcase for block in connection.atomic_blocks)
            assert not is_open, "a vendor was called inside a transaction"
        return send(transport, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", guarded)
    simulator.webhooks("hold")
    simulator.subscribe("http://127.0.0.1:9/never/")
    accounts.close()
    client = accounts.calendly()
    sync.sync()
    looked_at()
    simulator.clear_requests()
    yield simulator
    client.close()
    accounts.close()


def looked_at() -> None:
    """Somebody has looked at all accounts, so that the clock does only what a test is about."""
    for alias in [*health.configured(), *health.payment_accounts()]:
        health.connection(alias)
    Connection.objects.update(examine_turn_at=timezone.now())


@pytest.fixture
def offered(calendly: Simulator) -> Reference:
    """A reference for the consultation that the simulator offers, minted now."""
    return mint_for("consultation")


def mint_for(slug: str) -> Reference:
    """A new reference for the simulator's event type of this name."""
    event_type = EventType.objects.get(slug=slug)
    session_type = event_type.session_types.first() or SessionTypeFactory(event_type=event_type)
    terms = published_terms.publish(session_type)
    return references.mint(terms_id=terms.pk, site_id=default_site().pk)


@pytest.fixture
def both(vendors: Simulator, settings: Any) -> Simulator:
    """Both vendors, a signing key, and a public address."""
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"] | {
        "WEBHOOK_SIGNING_KEYS": [SIGNING_KEY]
    }
    settings.WAGTAIL_CALENDLY |= {"ACCOUNTS": {"default": account}}
    settings.WAGTAILADMIN_BASE_URL = HERE
    return vendors
