"""Host sites of every kind: with receivers that raise, transactions around requests, logins, caches, languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from tests.faults.conftest import Visitor, send
from tests.faults.test_deliveries import told
from tests.fixtures.simulator import Simulator
from tests.host.models import HostPage
from wagtail_calendly import signals
from wagtail_calendly.bookings.models import Booking, Status, WebhookDelivery
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db

#: Middleware before and after the host's own.
CACHE = (
    ["django.middleware.cache.UpdateCacheMiddleware"],
    ["django.middleware.cache.FetchFromCacheMiddleware"],
)
LOGIN = ([], ["django.contrib.auth.middleware.LoginRequiredMiddleware"])


@pytest.fixture
def raising() -> Iterator[list[str]]:
    """Receivers of the host that fail, whatever they hear."""
    heard: list[str] = []

    def fail(sender: Any, signal: Any, **kwargs: Any) -> None:
        heard.append("heard")
        raise ZeroDivisionError("the host's own fault")

    told_of = (signals.booking_changed, signals.booking_confirmed, signals.effects_due)
    for signal in told_of:
        signal.connect(fail)
    yield heard
    for signal in told_of:
        signal.disconnect(fail)


@pytest.fixture
def atomic_requests() -> Iterator[None]:
    """The host wraps each request in a transaction."""
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    yield
    connection.settings_dict["ATOMIC_REQUESTS"] = False


@pytest.mark.survives("receiver-raises")
@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_raises_takes_nothing_back(
    calendly: Simulator, reference: Reference, raising: list[str], caplog: Any
) -> None:
    assert send(told(calendly, reference)) == 200
    assert Booking.objects.get().status == Status.CONFIRMED
    assert WebhookDelivery.objects.get().state == "done"
    assert len(raising) >= 2
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.survives("any-host")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("atomic_requests")
def test_a_site_of_transactions_confirms_by_browser_and_by_button(
    calendly: Simulator, session_type: SessionType
) -> None:
    """No call to Calendly may run inside a transaction: ours would refuse to start."""
    client = Client()
    page = reverse("wagtail_calendly:session", args=[session_type.pk, session_type.slug])
    client.get(page)
    client.post(reverse("wagtail_calendly:booked"))
    assert Booking.objects.get().status == Status.PENDING
    calendly.book(tracking={"utm_content": Booking.objects.get().reference})
    assert client.post(reverse("wagtail_calendly:booked")).status_code == 303
    assert Booking.objects.get().status == Status.CONFIRMED


@pytest.mark.survives("any-host")
@pytest.mark.parametrize("middleware", [LOGIN, CACHE], ids=["logins", "cache"])
def test_a_visitor_books_on_a_site_of_members_and_behind_a_cache(
    calendly: Simulator,
    settings: Any,
    session_type: SessionType,
    middleware: tuple[list[str], list[str]],
) -> None:
    first, last = middleware
    settings.MIDDLEWARE = [*first, *settings.MIDDLEWARE, *last]
    for _turn in range(2):
        visitor = Visitor()
        link = visitor.say("scheduling_links", session_type=session_type.pk).json()
        made = calendly.book(tracking={"utm_content": link["reference"]})
        answer = visitor.say(
            "confirm", reference=link["reference"], invitee_uri=made["invitee"]["uri"]
        )
        assert answer.json()["status"] == Status.CONFIRMED
        assert visitor.get(answer.json()["status_url"]).status_code == 200
    assert Booking.objects.count() == 2


@pytest.mark.survives("any-host")
@pytest.mark.urls("tests.faults.mounted_urls")
@pytest.mark.parametrize("language", ["en", "de"])
def test_where_pages_have_a_language_in_their_address_ours_need_none(
    calendly: Simulator, session_type: SessionType, reference: Reference, language: str
) -> None:
    client = Client(headers={"accept-language": language})
    page = reverse("wagtail_calendly:session", args=[session_type.pk, session_type.slug])
    assert client.get(page).status_code == 200
    assert send(told(calendly, reference)) == 200
    assert Booking.objects.get().status == Status.CONFIRMED


@pytest.mark.survives("cached-pages")
def test_two_visitors_of_one_cached_page_both_book(
    calendly: Simulator, settings: Any, session_type: SessionType, site: Any
) -> None:
    """The page is the cache's, and nobody's; reference and token are fetched past it, each their own."""
    cache.clear()
    first, last = CACHE
    settings.MIDDLEWARE = [*first, *settings.MIDDLEWARE, *last]
    Locale.objects.get_or_create(language_code="en")
    page = HostPage(title="Book", slug="book-cached")
    page.body = [("booking", {"sessions": [session_type], "all_sessions": False})]
    site.root_page.add_child(instance=page)
    seen, references = set(), set()
    for _who in range(2):
        visitor = Visitor()
        answer = visitor.get(page.get_url())
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
        assert "Cookie" not in answer.get("Vary", "")
        seen.add(answer.content)
        link = visitor.say("scheduling_links", session_type=session_type.pk).json()
        references.add(link["reference"])
        invitee = calendly.book(tracking={"utm_content": link["reference"]})["invitee"]["uri"]
        said = visitor.say("confirm", reference=link["reference"], invitee_uri=invitee)
        assert said.json()["status"] == Status.CONFIRMED
    assert (len(seen), len(references)) == (1, 2)
    assert "csrf" not in seen.pop().decode().lower()
    cache.clear()
