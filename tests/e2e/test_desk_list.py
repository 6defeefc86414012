"""A booking is found by search, by filter and in the calendar, and opened from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looking import WIDTHS
from tests.e2e.stage import SCREENSHOTS, Stage
from tests.e2e.test_site_owner import sign_in
from tests.factories import ConfirmedBookingFactory

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("page")
def test_a_booking_is_found_and_opened(context: BrowserContext, stage: Stage) -> None:
    for name, hours in (("Ada Lovelace", 0), ("Bob Babbage", 50)):
        start = now() + timedelta(hours=hours)
        ConfirmedBookingFactory(appointment__name=name, appointment__start_time=start)
    owner = sign_in(context, stage)
    ada, bob = (owner.get_by_role("link", name=name) for name in ("Ada Lovelace", "Bob Babbage"))
    expect(owner.get_by_role("heading", name="Sessions today")).to_be_visible()

    owner.goto(f"{stage.site_url}/admin/reports/site-history/")
    known = violations(owner)
    owner.goto(f"{stage.site_url}/admin/calendly/bookings/")
    expect(bob).to_be_visible()
    look(owner, "admin-bookings", known)
    owner.get_by_role("textbox", name="Search term").fill("lovel")
    expect(bob).to_have_count(0)
    expect(ada).to_be_visible()

    owner.get_by_role("link", name="Calendar").last.click()
    expect(owner.get_by_role("heading", name="Calendar", exact=True)).to_be_attached()
    expect(ada).to_be_visible()
    expect(bob).to_have_count(0)
    owner.get_by_role("link", name="Month").click()
    expect(ada).to_be_visible()
    look(owner, "admin-calendar", known)
    owner.get_by_role("button", name="Show filters").click()
    owner.get_by_role("button", name="Payment").click()
    owner.get_by_label("disputed").check()
    expect(owner.get_by_text("No session of these days matches.")).to_be_visible()
    owner.get_by_label("disputed").uncheck()
    ada.click()
    expect(owner.get_by_role("heading", name="What happened")).to_be_visible()
    look(owner, "admin-booking", known)


def violations(page: Page) -> set[str]:
    found = Axe().run(page, options={"iframes": False})
    return {violation["id"] for violation in found.response["violations"]}


def look(page: Page, name: str, known: set[str]) -> None:
    """Pictures at each width, light and dark; axe has no complaint that it has not of Wagtail's own screens."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
        assert violations(page) <= known
