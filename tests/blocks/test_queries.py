"""What a page with booking blocks costs beside the same page without them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from tests.blocks.conftest import make_image, make_page, make_session, visit
from wagtail_calendly.models import BookingSettings
from wagtail_calendly.snippets import images

pytestmark = pytest.mark.django_db


def queries(client: Any, page: Page) -> list[str]:
    """The SQL of a page whose site-wide caches are warm, as they are on a site that is used."""
    visit(client, page)
    with CaptureQueriesContext(connection) as captured:
        visit(client, page)
    return [query["sql"] for query in captured]


def extra(client: Any, page: Page) -> int:
    return len(queries(client, page)) - len(queries(client, make_page()))


def test_a_block_of_six_sessions_costs_one_query(client: Any) -> None:
    page = make_page({"sessions": [make_session() for _ in range(6)]})
    assert extra(client, page) == 1


def test_any_number_of_blocks_costs_one_query(client: Any) -> None:
    sessions = [make_session() for _ in range(9)]
    page = make_page(*({"sessions": sessions[start : start + 5]} for start in range(5)))
    assert extra(client, page) == 1


def test_images_cost_one_more(client: Any) -> None:
    sessions = [make_session(image=make_image()) for _ in range(3)]
    for session in sessions:
        images.make(session.image)
    page = make_page({"sessions": sessions}, {"sessions": sessions})
    assert extra(client, page) == 2


def test_missing_renditions_cost_no_more_and_are_not_made(client: Any) -> None:
    session = make_session(image=make_image())
    page = make_page({"sessions": [session]})
    assert extra(client, page) == 2
    assert not session.image.renditions.exists()


def test_all_live_sessions_cost_one_query_however_many_blocks_offer_them(client: Any) -> None:
    for _ in range(4):
        make_session()
    assert extra(client, make_page({"all_sessions": True}, {"all_sessions": True})) == 1


def test_chosen_and_all_live_sessions_cost_two(client: Any) -> None:
    chosen = make_session()
    make_session()
    assert extra(client, make_page({"sessions": [chosen], "all_sessions": True})) == 2


def test_translations_cost_one_query_for_all(client: Any, german: Locale) -> None:
    sessions = [make_session() for _ in range(4)]
    for session in sessions[:3]:
        translation = session.copy_for_translation(german)
        translation.live = True
        translation.save()
    page = make_page({"sessions": sessions}, {"sessions": sessions}, locale=german)
    assert len(queries(client, page)) - len(queries(client, make_page(locale=german))) == 2


def test_booking_settings_cost_nothing_and_no_row_is_made(client: Any) -> None:
    assert extra(client, make_page({"sessions": [make_session()]})) == 1
    assert not BookingSettings.objects.exists()
