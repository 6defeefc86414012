"""What is offered changes: the pages that show it leave the cache in front of the site, and nothing breaks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from tests.blocks.conftest import make_page
from tests.factories import default_site
from tests.fixtures.simulator import Simulator
from tests.snippets.conftest import make_event_type
from tests.snippets.test_admin import SESSIONS
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.snippets.sync import sync

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]
#: Runs what was to be done after commit; what it gives is what the cache was asked to purge.
Purged = Callable[[Callable[[], Any]], set[str]]


class Cache(HTTPServer):
    """Stands in front of the site and notes what it is asked to forget."""

    def __init__(self) -> None:
        self.purged: set[str] = set()
        self.status = 200
        super().__init__(("127.0.0.1", 0), Asked)


class Asked(BaseHTTPRequestHandler):
    server: Cache

    def do_PURGE(self) -> None:
        self.server.purged.add(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def cache(settings: Any) -> Iterator[Cache]:
    server = Cache()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.WAGTAILFRONTENDCACHE = {
        "front": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{server.server_port}",
        }
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def purged(cache: Cache, django_capture_on_commit_callbacks: Any) -> Purged:
    def run(act: Callable[[], Any]) -> set[str]:
        cache.purged.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
            assert not cache.purged, "not before commit"
        return {path.rstrip("/").rsplit("/", 1)[-1] for path in cache.purged}

    return run


def slugs(*pages: Any) -> set[str]:
    return {page.url.rstrip("/").rsplit("/", 1)[-1] for page in pages}


def test_publishing_purges_the_pages_that_show_it(make_session_type: Make, purged: Purged) -> None:
    session, other = make_session_type(), make_session_type()
    shown = make_page({"sessions": [session]})
    everywhere = make_page({"all_sessions": True})
    make_page({"sessions": [other]})
    make_page()
    session.title = "New words"
    revision = session.save_revision()
    assert purged(lambda: session.save_revision()) == set(), "a draft is nobody's business"
    assert purged(revision.publish) == slugs(shown, everywhere)
    session.refresh_from_db()
    assert purged(session.unpublish) == slugs(shown, everywhere)


def test_deleting_purges_too(make_session_type: Make, purged: Purged) -> None:
    session = make_session_type()
    page = make_page({"sessions": [session]})
    assert purged(session.delete) == slugs(page)


def test_a_page_that_shows_the_translation_is_found(
    make_session_type: Make, german: Locale, purged: Purged
) -> None:
    session = make_session_type()
    translated = session.copy_for_translation(german)
    translated.live = True
    translated.save()
    page = make_page({"sessions": [session]}, locale=german)
    assert purged(translated.save) == slugs(page)


def test_dragging_purges_pages_that_offer_all(
    admin: Client, make_session_type: Make, purged: Purged
) -> None:
    _first, second = make_session_type(), make_session_type()
    everywhere = make_page({"all_sessions": True})
    url = reverse(f"{SESSIONS}:reorder", args=[second.pk]) + "?position=0"
    assert purged(lambda: admin.post(url)) == slugs(everywhere)


def test_what_came_by_sync_purges_too(
    account: Simulator, make_session_type: Make, purged: Purged
) -> None:
    sync()
    row = EventType.objects.get(slug="consultation")
    page = make_page({"sessions": [make_session_type(event_type=row)]})
    assert purged(sync) == set(), "nothing changed"
    account.event_types(slug="consultation", duration=45)
    assert purged(sync) == slugs(page)
    account.event_types(slug="consultation", deleted=True)
    assert purged(sync) == slugs(page)


def test_the_look_of_a_site_purges_every_page_with_a_block(
    make_session_type: Make, purged: Purged
) -> None:
    page = make_page({"sessions": [make_session_type()]})
    everywhere = make_page({"all_sessions": True})
    make_page()
    look = BookingSettings(site=default_site(), accent_color="#0a6c74")
    assert purged(look.save) == slugs(page, everywhere)
    assert purged(look.delete) == slugs(page, everywhere)


def test_a_first_draft_purges_nothing(english: Locale, purged: Purged) -> None:
    make_page({"all_sessions": True})
    draft = SessionType(title="Draft", slug="draft", locale=english, live=False)
    draft.event_type = make_event_type()
    assert purged(draft.save) == set()


@pytest.mark.survives("cache-unreachable")
@pytest.mark.parametrize("trouble", ["refuses", "absent", "misconfigured"])
def test_trouble_with_the_cache_breaks_nothing(
    trouble: str, make_session_type: Make, cache: Cache, purged: Purged, settings: Any
) -> None:
    if trouble == "refuses":
        cache.status = 500
    elif trouble == "absent":
        settings.WAGTAILFRONTENDCACHE["front"]["LOCATION"] = "http://127.0.0.1:9"
    else:
        settings.WAGTAILFRONTENDCACHE["front"]["BACKEND"] = "nowhere.Backend"
    session = make_session_type(live=False)
    make_page({"sessions": [session]})
    purged(session.save_revision().publish)
    session.refresh_from_db()
    assert session.live
