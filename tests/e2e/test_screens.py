"""Every screen at three widths, light and dark, for eyes and for axe. The pictures are not committed."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.stage import SCREENSHOTS, Stage

pytestmark = pytest.mark.browser

WIDTHS = (360, 768, 1280)


def look(page: Page, name: str) -> None:
    """Take the pictures, and hold the screen to WCAG."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(
                path=SCREENSHOTS / f"{name}-{width}-{scheme}.png",
                full_page=True,
                animations="disabled",
            )
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        found = Axe().run(page, options={"iframes": False})
        assert found.violations_count == 0, found.generate_report()


def test_choosing_in_the_page(page: Page, stage: Stage) -> None:
    stage.choose(page)
    look(page, "consent")
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day").first.wait_for()
    look(page, "calendar")


def test_choosing_on_a_page_of_its_own(page: Page, stage: Stage) -> None:
    page.goto(stage.site_url + f"/calendly/sessions/{stage.sessions[1].pk}-x/")
    expect(page.get_by_role("button", name="Show the calendar")).to_be_visible()
    look(page, "session-page")
