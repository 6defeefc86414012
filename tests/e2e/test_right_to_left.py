"""The visitor's screens for readers from right to left: mirrored by their sides, with times in their order."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect
from wagtail.models import Locale

from tests.e2e.looking import settle
from tests.e2e.stage import SCREENSHOTS, Stage
from wagtail_calendly.bookings.models import Booking

pytestmark = pytest.mark.browser

#: Written from right to left, with times such as "9:00 AM–9:30 AM", which are not.
URDU = "ur"
WIDTHS = (360, 1280)

#: How far from the left the first letter of a text stands, its dash and its last letter.
LETTERS = """
(element) => {
    const text = element.firstChild;
    return [0, text.data.indexOf("–"), text.length - 1].map((index) => {
        const letter = document.createRange();
        letter.setStart(text, index);
        letter.setEnd(text, index + 1);
        return letter.getBoundingClientRect().left;
    });
}
"""


def look(page: Page, name: str) -> None:
    """The pictures, narrow and then wide; nothing is wider than the window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1200})
        settle(page)
        page.screenshot(path=SCREENSHOTS / f"rtl-{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def right_edge(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"]


def follow_from_the_right(*parts: Locator) -> bool:
    """Each begins where the one before it has ended, further to the left."""
    boxes = [part.bounding_box() for part in parts]
    return all(
        before and after and after["x"] + after["width"] <= before["x"]
        for before, after in pairwise(boxes)
    )


def test_choosing_paying_and_the_status(page: Page, stage: Stage) -> None:
    stage.charge()
    session = stage.sessions[0]
    session.locale, _ = Locale.objects.get_or_create(language_code=URDU)
    session.save()

    page.goto(stage.url)
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.get_by_role("link", name="First talk").click()
    title = page.get_by_role("heading", name="First talk")
    expect(title).to_be_focused()
    look(page, "choose")
    assert follow_from_the_right(*page.locator(".wc-steps__step").all())
    assert follow_from_the_right(*page.locator(".wc-panel__header .wc-facts__fact").all())
    assert follow_from_the_right(title, page.locator("[data-wc-change]"))

    stage.book(page)
    expect(page.locator(".wc-pay")).to_be_visible()
    look(page, "pay")
    panel = page.locator(".wc-details")
    assert right_edge(page.locator(".wc-pay button")) == pytest.approx(right_edge(panel), abs=1)

    page.goto(f"{stage.site_url}/calendly/bookings/{Booking.objects.get().token}/")
    look(page, "status")
    assert follow_from_the_right(*page.locator(".wc-details__row").first.locator("dt, dd").all())
    assert follow_from_the_right(*page.locator(".wc-ways").first.locator("> *").all())
    stripe = page.locator(".wc-standing").evaluate("(it) => getComputedStyle(it).borderRightWidth")
    assert stripe == "4px"
    hours = page.locator(".wc-details__hours")
    expect(hours).to_have_text(re.compile(r"\d\s[AP]M–\d"))
    letters = hours.evaluate(LETTERS)
    assert letters == sorted(letters)
