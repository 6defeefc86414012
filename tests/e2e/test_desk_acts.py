"""What staff do in a real browser: a no-show marked and taken back; whoever may only look finds no button for it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.bookings.paying import mint
from tests.e2e.stage import Stage
from tests.factories import default_site
from wagtail_calendly.bookings import confirm
from wagtail_calendly.bookings.models import Booking

pytestmark = pytest.mark.browser


def enter(context: BrowserContext, stage: Stage, group: str) -> None:
    """Signed in as somebody of this group."""
    user = User.objects.create_user(group.replace(" ", "-"))
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    host = urlsplit(stage.site_url).hostname
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**session, "domain": str(host), "path": "/"}])


def over(stage: Stage) -> Booking:
    """Booked, and begun an hour ago as far as the site knows."""
    reference = mint(stage.sessions[0]).text
    made = stage.simulator.book(tracking={"utm_content": reference})
    booking = confirm.confirm(reference, made["invitee"]["uri"], site=default_site())
    now = timezone.now()
    booking.appointments.update(
        start_time=now - timedelta(hours=1), event_updated_at=now + timedelta(days=1)
    )
    return booking


def test_a_no_show_is_marked_and_taken_back_by_those_who_may(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    booking = over(stage)
    url = f"{stage.site_url}/admin/calendly/bookings/inspect/{booking.pk}/"
    enter(context, stage, "Booking managers")
    page.goto(url)
    for label, status in (("Mark as no-show", "no_show"), ("Take back the no-show", "confirmed")):
        page.get_by_role("button", name="Actions", exact=True).click()
        page.get_by_role("link", name=label).click()
        expect(page.get_by_role("heading", name="This will happen")).to_be_visible()
        page.get_by_role("button", name=label).click()
        expect(page.locator(".messages")).to_contain_text("at Calendly")
        booking.refresh_from_db()
        assert booking.status == status
    enter(context, stage, "Booking viewers")
    page.goto(url)
    expect(page.get_by_text("The invitee came", exact=False).first).to_be_hidden()
    expect(page.get_by_role("button", name="Actions", exact=True)).to_have_count(0)
    page.goto(f"{stage.site_url}/admin/calendly/bookings/{booking.pk}/no_show/")
    expect(page.locator(".messages")).to_contain_text("you do not have permission")
