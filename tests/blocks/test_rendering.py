"""What visitors get: the same for everybody, nothing foreign, nothing that cannot be booked."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Site

from tests.blocks.conftest import make_image, make_page, make_session, visit
from wagtail_calendly.models import BookingSettings, SessionType

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


def settings_of_site(**values: Any) -> None:
    BookingSettings.objects.create(site=Site.objects.get(is_default_site=True), **values)


@pytest.mark.survives("cached-pages")
def test_two_visitors_get_the_same_html_without_cookie_or_vary(client: Any) -> None:
    page = make_page({"heading": "Book", "sessions": [make_session()], "all_sessions": True})
    first, second = (visitor.get(page.get_url()) for visitor in (client, Client()))
    assert first.content == second.content
    assert not first.cookies
    assert "cookie" not in first.get("Vary", "").lower()
    assert b"csrf" not in first.content.lower()


def test_nothing_is_loaded_from_elsewhere(client: Any) -> None:
    session = make_session(image=make_image(), description="<p>Text</p>")
    html = visit(client, make_page({"sessions": [session], "layout": "direct"}))
    loaded = re.findall(r'(?:src|srcset|data-htmx|<link[^>]*href)="([^"]+)"', html)
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert "calendly.com" not in html


def test_nothing_is_inline(client: Any) -> None:
    settings_of_site(accent_color="#0a6c74", corner_radius=3)
    session = make_session(accent_color="#b00020")
    html = visit(client, make_page({"sessions": [session]}))
    assert "style=" not in html
    assert "<style" not in html
    assert not re.search(r"\son\w+=", html)
    assert re.findall(r"<script(?![^>]*src)[^>]*>", html) == ['<script type="application/ld+json">']
    assert "look.css?accent=0a6c74&amp;radius=3&amp;also=b00020" in html


@pytest.mark.survives("hostile-text")
def test_hostile_text_stays_text(client: Any) -> None:
    session = make_session(HOSTILE, summary=HOSTILE, event={"host_name": HOSTILE})
    html = visit(client, make_page({"heading": HOSTILE, "sessions": [session]}))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    (offer,) = offers(html)
    assert offer["itemOffered"] == {
        "@type": "Service",
        "name": HOSTILE,
        "description": HOSTILE,
    }


def test_a_card_says_what_the_visitor_needs_and_links_to_the_session(client: Any) -> None:
    session = make_session("Intro", summary="A first talk.")
    page = make_page({"sessions": [session], "embed_mode": "popup", "consent": "visible"})
    html = visit(client, page)
    for text in ("Intro", "A first talk.", "45 min", "Online", "with Ada", "Free"):
        assert text in html
    query = f"page={page.pk}&amp;embed=popup&amp;consent=visible"
    assert f'href="/calendly/sessions/{session.pk}-{session.slug}/?{query}"' in html


@pytest.mark.parametrize(
    ("session", "event"),
    [
        ({"live": False}, {}),
        ({}, {"active": False}),
        ({}, {"missing_since": timezone.now()}),
        ({}, {"is_paid": True}),
        ({}, {"booking_method": "poll"}),
        ({"price": 6000, "currency": "EUR"}, {}),
        ({"event_type": None}, {}),
    ],
)
def test_what_cannot_be_booked_is_not_offered(
    client: Any, session: dict[str, Any], event: dict[str, Any]
) -> None:
    hidden = make_session("Hidden one", event=event, **session)
    html = visit(client, make_page({"sessions": [hidden, make_session("Offered one")]}))
    assert "Offered one" in html
    assert "Hidden one" not in html
    assert "Only you see this" not in html


PAYMENTS = {"PAYMENTS": {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": ["whsec_1"]}}
PRICED = {"price": 6000, "currency": "EUR", "deposit": 2000, "adds_tax": True}


def offers(html: str) -> list[dict[str, Any]]:
    """What search engines read."""
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert data
    return list(json.loads(data[1])["@graph"])


@pytest.mark.priced
@pytest.mark.parametrize("order", ["before", "after"])
def test_a_priced_session_shows_its_price_and_never_its_scheduling_address(
    order: str, client: Any, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | PAYMENTS
    session = make_session(payment_order=order, description="<p>Text</p>", **PRICED)
    address = session.event_type.scheduling_url
    for layout in ("cards", "list", "direct"):
        html = visit(client, make_page({"sessions": [session], "layout": layout}))
        assert "€20 plus tax now, the rest of €60 later" in html
        assert address not in html
        assert "calendly.com" not in html
        assert ("Book and pay" in html, "Choose a time" in html) == (
            order == "before",
            order == "after",
        )
    (offer,) = offers(html)
    assert (offer["price"], offer["priceCurrency"]) == ("60.00", "EUR")
    assert offer["priceSpecification"]["valueAddedTaxIncluded"] is False


@pytest.mark.priced
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_page_of_a_session_that_is_paid_before_has_no_scheduling_address(
    headers: dict[str, str], client: Any, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | PAYMENTS
    session = make_session(payment_order="before", **PRICED)
    url = f"/calendly/sessions/{session.pk}-{session.slug}/"
    page = client.get(url, headers=headers)
    assert page.status_code == 200
    assert "€20 plus tax now" in page.content.decode()
    said = page.content.decode() + str(page.headers) + str(page.cookies)
    assert session.event_type.scheduling_url not in said
    assert "calendly.com/ada" not in said


def test_a_deleted_session_is_skipped(client: Any) -> None:
    gone, stays = make_session("Gone"), make_session("Stays")
    page = make_page({"sessions": [gone, stays]})
    SessionType.objects.filter(pk=gone.pk).delete()
    html = visit(client, page)
    assert "Stays" in html
    assert html.count("data-wc-choose") == 1


def test_without_an_account_visitors_read_whom_to_ask(client: Any, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}
    settings_of_site(contact_email="office@example.com", contact_phone="+49 30 123")
    html = visit(client, make_page({"sessions": [make_session("Hidden one")]}))
    assert "No session can be booked here at the moment." in html
    assert 'href="mailto:office@example.com"' in html
    assert 'href="tel:+4930123"' in html
    assert "application/ld+json" not in html


def test_without_contact_the_note_stays_polite(client: Any) -> None:
    assert "Please look in again later." in visit(client, make_page({"all_sessions": True}))


def test_all_live_sessions_come_after_the_chosen_ones_and_once(client: Any) -> None:
    first, second, third = (make_session(title) for title in ("AAA", "BBB", "CCC"))
    html = visit(client, make_page({"sessions": [third, third], "all_sessions": True}))
    titles = re.findall(r"wc-card__title[^>]*>([^<]+)<", html)
    assert titles == [third.title, first.title, second.title]


@pytest.mark.parametrize(
    ("site", "block", "count", "layout"),
    [
        ("cards", "", 2, "cards"),
        ("list", "", 2, "list"),
        ("list", "cards", 2, "cards"),
        ("direct", "", 1, "direct"),
        ("direct", "", 2, "cards"),
    ],
)
def test_the_layout_is_the_block_s_or_else_the_site_s(
    client: Any, site: str, block: str, count: int, layout: str
) -> None:
    settings_of_site(layout=site)
    sessions = [make_session() for _ in range(count)]
    html = visit(client, make_page({"sessions": sessions, "layout": block}))
    assert f'data-wc-layout="{layout}"' in html


def test_settings_saved_are_settings_shown(
    client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = make_page({"sessions": [make_session()]})
    assert 'data-wc-embed="inline"' in visit(client, page)
    with django_capture_on_commit_callbacks(execute=True):
        settings_of_site(embed_mode="popup")
    assert 'data-wc-embed="popup"' in visit(client, page)


def test_titles_stand_one_level_below_the_heading(client: Any) -> None:
    session = make_session("Intro")
    with_heading = visit(client, make_page({"heading": "Book", "sessions": [session]}))
    assert re.search(r"<h2[^>]*>Book</h2>", with_heading)
    assert re.search(r"<h3[^>]*>Intro</h3>", with_heading)
    assert re.search(r"<h2[^>]*>Intro</h2>", visit(client, make_page({"sessions": [session]})))


def test_the_description_is_shown_where_one_session_is_offered_directly(client: Any) -> None:
    session = make_session(description="<p>At length</p>")
    assert "At length" in visit(client, make_page({"sessions": [session], "layout": "direct"}))
    assert "At length" not in visit(client, make_page({"sessions": [session], "layout": "list"}))


def test_htmx_is_left_to_hosts_that_bring_their_own(client: Any, settings: Any) -> None:
    page = make_page({"sessions": [make_session()]})
    assert 'data-htmx="/static/django_htmx/htmx-2.min.js"' in visit(client, page)
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"LOAD_HTMX": False}
    assert 'data-htmx=""' in visit(client, page)


class TestOnAPageOfAnotherLanguage:
    def test_a_translation_that_can_be_booked_takes_the_place(
        self, client: Any, german: Locale
    ) -> None:
        session = make_session("English")
        translation = session.copy_for_translation(german)
        translation.title, translation.live = "Deutsch", True
        translation.save()
        html = visit(client, make_page({"sessions": [session]}, locale=german))
        assert "Deutsch" in html
        assert "English" not in html

    def test_otherwise_the_chosen_one_is_shown_in_its_language(
        self, client: Any, german: Locale
    ) -> None:
        session = make_session("English")
        translation = session.copy_for_translation(german)
        translation.save()
        html = visit(client, make_page({"sessions": [session]}, locale=german))
        assert re.search(r'<h2[^>]*lang="en">English</h2>', html)

    def test_all_live_ones_are_those_of_the_page(self, client: Any, german: Locale) -> None:
        make_session("English")
        make_session("Deutsch", locale=german)
        html = visit(client, make_page({"all_sessions": True}, locale=german))
        assert "Deutsch" in html
        assert "English" not in html
        assert "lang=" not in html.partition("<body>")[2]
