"""A booking is found by search, by filter and in the calendar, and opened from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import BrowserContext, expect

from tests.e2e.stage import Stage
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

    owner.goto(f"{stage.site_url}/admin/calendly/bookings/")
    expect(bob).to_be_visible()
    owner.get_by_role("textbox", name="Search term").fill("lovel")
    expect(bob).to_have_count(0)
    expect(ada).to_be_visible()

    owner.get_by_role("link", name="Calendar").last.click()
    expect(owner.get_by_role("heading", name="Calendar", exact=True)).to_be_attached()
    expect(ada).to_be_visible()
    expect(bob).to_have_count(0)
    owner.get_by_role("link", name="Month").click()
    expect(ada).to_be_visible()
    owner.get_by_role("button", name="Show filters").click()
    owner.get_by_role("button", name="Payment").click()
    owner.get_by_label("disputed").check()
    expect(owner.get_by_text("No session of these days matches.")).to_be_visible()
    owner.get_by_label("disputed").uncheck()
    ada.click()
    expect(owner.get_by_role("heading", name="What happened")).to_be_visible()
