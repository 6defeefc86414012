"""Every screen at three widths, light and dark, for eyes and for axe. The pictures are not committed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.looking import look
from tests.e2e.stage import Stage
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.snippets.terms import terms_for

pytestmark = pytest.mark.browser


def test_choosing_in_the_page(page: Page, stage: Stage) -> None:
    stage.choose(page)
    look(page, "consent")
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day").first.wait_for()
    look(page, "calendar")


def test_choosing_in_a_dialog(page: Page, stage: Stage) -> None:
    stage.offer(embed_mode="popup")
    stage.choose(page)
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day").first.wait_for()
    look(page, "dialog")


def test_choosing_on_a_page_of_its_own(page: Page, stage: Stage) -> None:
    page.goto(stage.site_url + f"/calendly/sessions/{stage.sessions[1].pk}-x/")
    expect(page.get_by_role("button", name="Show the calendar")).to_be_visible()
    look(page, "session-page")


def test_done_and_resumed(page: Page, stage: Stage) -> None:
    stage.choose(page)
    stage.book(page)
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()
    look(page, "done")
    page.goto(f"{stage.site_url}/calendly/bookings/{Booking.objects.get().token}/")
    look(page, "status-confirmed")
    page.goto(stage.url)
    expect(page.get_by_text("You have booked “First talk”.")).to_be_visible()
    look(page, "resume")


@pytest.mark.parametrize("status", [Status.PENDING, Status.CANCELED, Status.ABANDONED])
def test_the_other_statuses(page: Page, stage: Stage, status: str) -> None:
    start = timezone.now() + timedelta(days=2)
    booking = Booking.objects.create(
        reference="r" * 52,
        terms=terms_for(stage.sessions[0]),
        site=stage.page.get_site(),
        status=status,
        starts_at=start if status == Status.CANCELED else None,
        ends_at=start + timedelta(minutes=30) if status == Status.CANCELED else None,
    )
    page.goto(f"{stage.site_url}/calendly/bookings/{booking.token}/")
    look(page, f"status-{status}")


def test_what_is_gone(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.site_url}/calendly/sessions/4711-gone/")
    expect(page.get_by_role("link", name="First talk")).to_be_visible()
    look(page, "unavailable")
