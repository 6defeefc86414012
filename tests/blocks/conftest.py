"""Sessions and pages for the tests of blocks."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from tests.host.models import HostPage
from wagtail_calendly.models import EventType, SessionType

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """The database is rolled back after a test; what was cached of it must go too."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def make_event_type(**values: Any) -> EventType:
    number = next(_numbers)
    defaults = {
        "uri": f"https://api.calendly.com/event_types/{uuid.uuid4()}",
        "name": f"Event type {number}",
        "scheduling_url": f"https://calendly.com/ada/type-{number}",
        "duration": 45,
        "host_name": "Ada",
        "locations": [{"kind": "zoom_conference"}],
    }
    return EventType.objects.create(**defaults | values)


def make_session(title: str = "", *, event: dict[str, Any] | None = None, **values: Any) -> Any:
    number = next(_numbers)
    values.setdefault("event_type", make_event_type(**event or {}))
    values.setdefault("locale", Locale.get_default())
    return SessionType.objects.create(
        title=title or f"Session {number}", slug=f"session-{number}", **values
    )


def make_image(width: int = 1600, height: int = 1000, color: str = "teal") -> Any:
    data = BytesIO()
    Picture.new("RGB", (width, height), color).save(data, "PNG")
    data.seek(0)
    return get_image_model().objects.create(
        title="A picture", file=ImageFile(data, name=f"{color}.png")
    )


def make_page(*blocks: dict[str, Any], title: str = "Book", **values: Any) -> HostPage:
    """A live page with one booking block for each dict of its value."""
    root = Site.objects.get(is_default_site=True).root_page
    values.setdefault("slug", f"page-{next(_numbers)}")
    page = HostPage(title=title, body=[("booking", booking(**block)) for block in blocks], **values)
    root.add_child(instance=page)
    return HostPage.objects.get(pk=page.pk)


def booking(**values: Any) -> dict[str, Any]:
    defaults = {
        "heading": "",
        "introduction": "",
        "sessions": [],
        "all_sessions": False,
        "layout": "",
        "embed_mode": "",
        "consent": "click",
    }
    return defaults | values


@pytest.fixture
def german(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="de")[0]


def visit(client: Any, page: Page) -> str:
    """The HTML of a page as a visitor gets it."""
    response = client.get(page.get_url())
    assert response.status_code == 200
    return str(response.content.decode())
