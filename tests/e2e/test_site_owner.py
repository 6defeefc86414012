"""The end of the main job: what a visitor booked stands in the Wagtail admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import SCREENSHOTS, Stage

pytestmark = [pytest.mark.browser, pytest.mark.main_job]


def test_a_booking_is_found_in_the_admin(page: Page, context: BrowserContext, stage: Stage) -> None:
    stage.choose(page)
    stage.book(page, name="Vi Sitor")
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()
    owner = open_booking(sign_in(context, stage), "Vi Sitor")
    expect(owner.get_by_text("Confirmed", exact=False).first).to_be_visible()
    expect(owner.get_by_text("vi@example.org")).to_be_visible()
    expect(owner.get_by_text("Calendly: a time was booked.")).to_be_visible()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    owner.screenshot(path=SCREENSHOTS / "admin-booking-1280.png", full_page=True)


def sign_in(context: BrowserContext, stage: Stage) -> Page:
    """The admin's first page, in a tab of its own."""
    User.objects.create_superuser("owner", password="secret")
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{stage.site_url}/admin/login/")
    page.locator("[name=username]").fill("owner")
    page.locator("[name=password]").fill("secret")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{stage.site_url}/admin/")
    return page


def open_booking(owner: Page, name: str) -> Page:
    """By the menu, to what is known of this visitor's booking."""
    owner.get_by_role("button", name="Bookings").click()
    owner.get_by_role("link", name="Bookings", exact=True).click()
    owner.get_by_role("link", name=name, exact=True).click()
    return owner
