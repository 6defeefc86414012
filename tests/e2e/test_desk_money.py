"""Staff give a part of the money back, and cancel with what was agreed: told before, done once, told after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.bookings.paying import mint, paid
from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import open_booking, sign_in
from tests.factories import default_site
from wagtail_calendly.bookings import confirm, effects
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.numbers import recount

pytestmark = pytest.mark.browser


def test_money_goes_back_in_part_and_by_policy(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    stage.charge()
    _paid(stage, "Part Icular")
    canceled = _paid(stage, "Can Celed")
    stage.subscribe()  # from now on, lest the site be at the same work as this test
    owner = open_booking(sign_in(context, stage), "Part Icular")
    _give_a_part_back(owner)
    assert sorted(stage.money) == [(6000, 0), (6000, 1250)]
    _cancel_as_agreed(open_booking(owner, "Can Celed"))
    assert sorted(stage.money) == [(6000, 1250), (6000, 3000)]
    assert _canceled_at_calendly(stage) == [canceled.calendly_event_uri]
    page.goto(f"{stage.site_url}/calendly/bookings/{canceled.token}/")
    expect(page.get_by_role("heading", name="Your session was canceled by us.")).to_be_visible()
    expect(page.get_by_text("€30 Sent back on")).to_be_visible()
    owner.goto(f"{stage.site_url}/admin/reports/site-history/")
    for said in ("Asked for: cancel", "Asked for: refund"):
        expect(owner.get_by_text(said).first).to_be_visible()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert recount() == 2
        owner.goto(f"{stage.site_url}/admin/reports/bookings/")
        expect(owner.get_by_role("row", name="First talk")).to_contain_text("€42.50")


def _give_a_part_back(owner: Page) -> None:
    """Too much is refused, and what was typed is still there."""
    _choose(owner, "Give money back")
    total, reason = owner.get_by_label("Given back in all"), owner.get_by_label("Reason")
    total.fill("61")
    reason.fill("Began late")
    owner.get_by_role("button", name="Continue").click()
    expect(owner.get_by_text("Only €60 was paid.")).to_be_visible()
    expect(reason).to_have_value("Began late")
    total.fill("12.50")
    owner.get_by_role("button", name="Continue").click()
    expect(owner.get_by_text("After this, €12.50 of €60 are given back.")).to_be_visible()
    owner.get_by_role("button", name="Give back €12.50").click()
    _clocked(owner)
    happened = owner.locator("#timeline-section")
    expect(happened.get_by_text("Stripe: refund of €12.50, given back.")).to_be_visible()
    expect(happened.get_by_text("Began late")).to_be_visible()


def _cancel_as_agreed(owner: Page) -> None:
    _choose(owner, "Cancel the booking")
    owner.get_by_label("As agreed where the invitee cancels: €30").check()
    owner.get_by_role("button", name="Continue").click()
    expect(owner.get_by_text("After this, €30 of €60 are given back.")).to_be_visible()
    owner.get_by_role("button", name="Cancel and give back €30").click()
    _clocked(owner)
    happened = owner.locator("#timeline-section")
    expect(happened.get_by_text("Calendly: canceled by the host.")).to_be_visible()
    expect(happened.get_by_text("Stripe: refund of €30, given back.")).to_be_visible()


def _clocked(owner: Page) -> None:
    """What staff would have waited too long for, the clock does."""
    expect(owner.locator(".messages li").first).to_be_visible()
    effects.perform_due()
    owner.reload()


def _choose(owner: Page, action: str) -> None:
    owner.get_by_role("button", name="Actions", exact=True).click()
    owner.get_by_role("link", name=action, exact=True).click()


def _paid(stage: Stage, name: str) -> Booking:
    """Booked and paid by this visitor."""
    reference = mint(stage.sessions[0]).text
    made = stage.simulator.book(tracking={"utm_content": reference}, name=name)
    booking = confirm.confirm(reference, made["invitee"]["uri"], site=default_site())
    paid(stage.simulator, booking)
    return effects.perform_now(booking, "look_up_payment")


def _canceled_at_calendly(stage: Stage) -> list[str]:
    asked = {"organization": stage.simulator.organization, "status": "canceled"}
    answer = stage.simulator.api("GET", "/scheduled_events", params=asked)
    return [event["uri"] for event in answer.json()["collection"]]
