"""Blocks in a real browser: a strict policy, nothing foreign, nothing that moves, room for every text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from wagtail.models import Site

from tests.blocks.conftest import make_image, make_page, make_session
from wagtail_calendly.models import BookingSettings
from wagtail_calendly.snippets import images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

SCREENS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "blocks"
WIDTHS = (320, 360, 768, 1280)
LONG = "Erstberatungsgespräch zur Arbeitsunfähigkeitsversicherungsangelegenheit für Selbstständige"
#: A host's own styles, as opinionated as hosts are.
HOST = """
    body { font: 1.05rem/1.6 Georgia, serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
    h1, h2, h3 { font-family: sans-serif } a { color: #0645ad } ul { margin-left: 2rem }
"""
DARK = HOST + "html { color-scheme: dark } body { background: #14171c; color: #e8e6e3 }"
WATCH = """
    window.seen = [];
    addEventListener('securitypolicyviolation', (e) => seen.push(`policy: ${e.violatedDirective}`));
    new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.push(`shift: ${e.value}`)))
        .observe({ type: 'layout-shift', buffered: true });
"""


def open_tab(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Keeps the strict policy that the test host sends."""
    yield from open_tab(browser)


@pytest.fixture
def styled(browser: Browser) -> Iterator[Page]:
    """A tab in which a test may add a host's styles as it goes."""
    yield from open_tab(browser, bypass_csp=True)


@pytest.fixture
def sessions(settings: Any, tmp_path: Path) -> list[Any]:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    pictures = [make_image(color=color) for color in ("teal", "tomato")]
    for picture in pictures:
        images.make(picture)
    return [
        make_session("Intro", summary="Find out whether we can help.", image=pictures[0]),
        make_session(LONG, summary="Wir klären gemeinsam, was zu tun ist.", image=pictures[1]),
        make_session("N" * 80),
        make_session("Consultation", summary="In depth.", accent_color="#b00020"),
    ]


def overflow(tab: Page) -> int:
    return int(tab.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.survives("strict-policy")
def test_a_strict_policy_is_kept_and_nothing_moves_or_leaves_the_site(
    tab: Page, live_server: Any, sessions: list[Any]
) -> None:
    BookingSettings.objects.create(site=Site.objects.get(), accent_color="#0a6c74")
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.add_init_script(WATCH)
    tab.goto(live_server.url + make_page({"heading": "Book", "sessions": sessions}).url)
    tab.wait_for_load_state("networkidle")

    assert tab.evaluate("seen") == []
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    tab.wait_for_function("seen.some((what) => what.startsWith('policy: style'))")  # it does watch
    assert all(url.startswith(live_server.url) for url in asked)
    assert not tab.context.cookies()
    buttons = "[...document.querySelectorAll('.wc-button')].map(b => getComputedStyle(b)"
    colors = tab.evaluate(f"{buttons}.backgroundColor)")
    assert colors == ["rgb(10, 108, 116)"] * 3 + ["rgb(176, 0, 32)"]
    data = tab.locator('script[type="application/ld+json"]').text_content()
    assert tab.evaluate("(text) => JSON.parse(text)['@graph'].length", data) == 4


def test_a_host_s_own_accent_wins_and_its_text_can_be_read(
    styled: Page, live_server: Any, sessions: list[Any]
) -> None:
    styled.goto(live_server.url + make_page({"sessions": sessions[:1]}).url)
    styled.evaluate(
        "document.head.insertAdjacentHTML('afterbegin', '<style>.wc-root{--wc-accent:#ffd400}</style>')"
    )
    style = styled.evaluate(
        "(({backgroundColor, color}) => [backgroundColor, color])"
        "(getComputedStyle(document.querySelector('.wc-button')))"
    )
    assert style == ["rgb(255, 212, 0)", "oklch(0 0 0)"]


def photograph(tab: Page, name: str) -> None:
    """A screenshot at every width, if all text has room there."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        assert overflow(tab) <= 0, f"{name} at {width}"
        tab.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("layout", ["cards", "list"])
def test_there_is_room_for_every_text(
    styled: Page, live_server: Any, sessions: list[Any], layout: str
) -> None:
    page = make_page({"heading": "Book a session", "sessions": sessions, "layout": layout})
    styled.goto(live_server.url + page.url)
    styled.add_style_tag(content=HOST)
    photograph(styled, f"{layout}-light")
    styled.evaluate("document.documentElement.dir = 'rtl'")
    photograph(styled, f"{layout}-rtl")
    styled.add_style_tag(content=DARK)
    styled.evaluate("document.documentElement.dir = 'ltr'")
    photograph(styled, f"{layout}-dark")
    styled.evaluate("document.documentElement.style.fontSize = '200%'")
    photograph(styled, f"{layout}-large")


def test_the_column_decides_how_many_cards_stand_in_a_row_and_those_are_equally_high(
    styled: Page, live_server: Any, sessions: list[Any]
) -> None:
    styled.set_viewport_size({"width": 1280, "height": 800})
    styled.goto(live_server.url + make_page({"sessions": sessions[:3]}).url)
    boxes = [card.bounding_box() or {} for card in styled.locator(".wc-card").all()]
    assert len({(box["y"], box["height"]) for box in boxes}) == 1
    assert len({box["x"] for box in boxes}) == 3

    styled.add_style_tag(content="main { width: 20rem }")
    boxes = [card.bounding_box() or {} for card in styled.locator(".wc-card").all()]
    assert len({box["x"] for box in boxes}) == 1


def test_each_card_is_one_link_for_keyboard_and_pointer(
    styled: Page, live_server: Any, sessions: list[Any]
) -> None:
    styled.goto(live_server.url + make_page({"sessions": sessions[:2]}).url)
    styled.keyboard.press("Tab")
    first = styled.get_by_role("link", name="Choose a time Intro", exact=True)
    assert first.evaluate("(link) => link === document.activeElement")
    ring = styled.locator(".wc-card").first.evaluate(
        "(card) => getComputedStyle(card).outlineStyle"
    )
    assert ring == "solid"
    styled.keyboard.press("Tab")
    assert styled.evaluate("document.activeElement.textContent") == f"Choose a time {LONG}"

    for place in (".wc-card__title", ".wc-card__image", ".wc-facts"):
        hit = styled.locator(place).first.evaluate(
            "(el) => { el.scrollIntoView(); const r = el.getBoundingClientRect();"
            " return document.elementFromPoint(r.left + 5, r.top + 5).matches('[data-wc-choose]') }"
        )
        assert hit, place


def test_axe_finds_nothing(styled: Page, live_server: Any, sessions: list[Any]) -> None:
    page = make_page(
        {"heading": "Cards", "sessions": sessions},
        {"heading": "List", "sessions": sessions, "layout": "list"},
        {"heading": "One", "sessions": sessions[3:], "layout": "direct"},
        {"heading": "Nothing"},
    )
    styled.goto(live_server.url + page.url)
    for style in (HOST, DARK):
        styled.add_style_tag(content=style)
        results = Axe().run(styled)
        assert results.violations_count == 0, results.generate_report()
