"""Pictures of a screen at three widths, light and dark, and axe's word on it."""

from __future__ import annotations

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.stage import SCREENSHOTS

WIDTHS = (360, 768, 1280)
#: Taking them is half of the work of these tests, and mostly nobody looks: `make screenshots`.
ARE_WANTED = "SCREENSHOTS" in os.environ
#: In the dark nothing else is different.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
#: Colours fade from one into the other; what never ends is not waited for.
IS_STILL = """() => Promise.allSettled(document.getAnimations().filter(
    (one) => one.effect.getComputedTiming().endTime !== Infinity
).map((one) => one.finished)).then(() => true)"""


def look(page: Page, name: str) -> None:
    """Hold the screen to WCAG; take its pictures where somebody wants to look at them."""
    for scheme, rules in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(IS_STILL)
        if ARE_WANTED:
            take_pictures(page, f"{name}-%d-{scheme}.png")
        options = {"iframes": False, "resultTypes": ["violations"], **rules}
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def take_pictures(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # A picture of the full page would resize the window once more, and frames follow late.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, 900)})
        settle(page)
        page.screenshot(path=SCREENSHOTS / (name % width), animations="disabled")


def settle(page: Page) -> None:
    """Every frame, the foreign ones as well, has drawn itself at its new width."""
    for frame in page.frames:
        frame.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 150)))"
        )


def look_at_its_room(page: Page, name: str) -> None:
    """On a small screen, from right to left, and with letters twice as large: everything has room."""
    page.set_viewport_size({"width": 360, "height": 1600})
    for case, change in (("rtl", "dir = 'rtl'"), ("large", "style.fontSize = '200%'")):
        page.evaluate(f"document.documentElement.{change}")
        if ARE_WANTED:
            settle(page)
            page.screenshot(path=SCREENSHOTS / f"{name}-{case}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), case
        page.evaluate("document.documentElement.dir = ''")
    page.evaluate("document.documentElement.style.fontSize = ''")
