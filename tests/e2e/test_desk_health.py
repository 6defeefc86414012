"""From an empty site to its first booking: the first steps, the connection page, a page made in the editor."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from wagtail.models import Site

from tests.e2e.looking import look
from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import open_booking, sign_in
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets.models import EventType, SessionType

pytestmark = pytest.mark.browser

OFFERED = ("Consultation", "Workshop")


@pytest.mark.timeout(300)  # the whole story, on a machine that does other things as well
def test_an_empty_site_gets_its_first_booking(
    page: Page, context: BrowserContext, stage: Stage, settings: Any
) -> None:
    stage.allow("400")  # Wagtail saves a page while its block still lacks a session
    settings.WAGTAILADMIN_BASE_URL = stage.site_url
    stage.page.delete()
    SessionType.objects.all().delete()
    EventType.objects.all().delete()
    owner = sign_in(context, stage)
    steps = owner.locator("#first-steps-section")
    expect(steps.get_by_text("Done", exact=True)).to_have_count(0)
    look(owner, "desk-first-steps")
    _connect(owner, steps)
    _create_session_types(owner, _left(owner, stage, done=2))
    _place_the_block(owner, _left(owner, stage, done=3))
    expect(_left(owner, stage, done=5)).to_contain_text("Everything is ready")
    page.bring_to_front()
    page.goto(f"{stage.site_url}/talk-with-us/")
    page.get_by_role("link", name="Consultation").click()
    stage.book(page)
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()
    owner.goto(f"{stage.site_url}/admin/")
    expect(steps).to_have_count(0)
    assert Booking.objects.get().status == "confirmed"
    expect(owner.get_by_role("link", name="Vi Sitor")).to_be_visible()
    open_booking(owner, "Vi Sitor")
    expect(owner.get_by_role("link", name="Talk with us")).to_be_visible()


def _left(owner: Page, stage: Stage, *, done: int) -> Locator:
    """The first steps, so many of which are done."""
    owner.set_viewport_size({"width": 1280, "height": 900})
    owner.goto(f"{stage.site_url}/admin/")
    steps = owner.locator("#first-steps-section")
    expect(steps.get_by_text("Done", exact=True)).to_have_count(done)
    return steps


def _connect(owner: Page, steps: Locator) -> None:
    owner.set_viewport_size({"width": 1280, "height": 900})
    steps.get_by_role("link", name="Connect").click()
    expect(owner.get_by_text("Nobody has looked yet.").first).to_be_visible()
    _press(owner, "Check now", "Calendly does not deliver here.")
    expect(owner.get_by_text("Calendly accepts the token.")).to_be_visible()
    _press(owner, "Create or repair the subscription", "Calendly delivers here now.")
    assert subscriptions.look("default").is_well
    _press(owner, "Create or repair the endpoint", "Signing secret, shown only this once:")
    _press(owner, "Send a test", "nothing was booked")
    _press(owner, "Sync now", "Calendly was asked for its event types.")
    look(owner, "desk-connection")


def _create_session_types(owner: Page, steps: Locator) -> None:
    """Of two event types at once, as drafts, and published together."""
    steps.get_by_role("link", name="Create session types").click()
    for name in OFFERED:
        owner.get_by_role("row", name=name).get_by_role("checkbox").check()
    owner.get_by_role("link", name="Create session types of the selected").click()
    _press(owner, "Create as drafts", "2 session types were made as drafts.")
    for name in OFFERED:
        owner.get_by_role("row", name=name).get_by_role("checkbox").check()
    owner.get_by_role("link", name="Publish the selected session types", exact=True).click()
    _press(owner, "Yes, publish", "2 session types published.")


def _place_the_block(owner: Page, steps: Locator) -> None:
    """On a page made in Wagtail's own editor."""
    steps.get_by_role("link", name="Place the block").click()
    home = Site.objects.get(is_default_site=True).root_page
    owner.goto(f"{owner.url.split('/admin/')[0]}/admin/pages/add/host/hostpage/{home.pk}/")
    owner.get_by_role("textbox", name="Title").fill("Talk with us")
    owner.get_by_role("button", name="Insert a block").click()
    owner.get_by_role("option", name="Booking").click()
    owner.locator("[data-streamfield-list-add]").click()
    owner.get_by_role("button", name="Choose session type").click()
    owner.get_by_role("dialog").get_by_role("link", name="Consultation").click()
    owner.get_by_role("button", name="More actions").click()
    owner.get_by_role("button", name="Publish").click()
    expect(owner.get_by_role("link", name="View live")).to_be_visible()


def _press(owner: Page, button: str, said: str) -> None:
    owner.get_by_role("button", name=button).click()
    expect(owner.get_by_text(said).first).to_be_visible()
