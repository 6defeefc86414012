"""From an empty site to a connected one, in the admin alone: the first steps, the connection page, its buttons."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looking import look
from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import sign_in
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.snippets.models import EventType, SessionType

pytestmark = pytest.mark.browser


def test_an_empty_site_is_connected(
    page: Page, context: BrowserContext, stage: Stage, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = stage.site_url
    stage.page.delete()
    SessionType.objects.all().delete()
    EventType.objects.all().delete()
    owner = sign_in(context, stage)
    steps = owner.locator("#first-steps-section")
    expect(steps.get_by_text("Done", exact=True)).to_have_count(0)
    look(owner, "desk-first-steps")
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
    owner.goto(f"{stage.site_url}/admin/")
    expect(steps.get_by_text("Done", exact=True)).to_have_count(2)


def _press(owner: Page, button: str, said: str) -> None:
    owner.get_by_role("button", name=button).click()
    expect(owner.get_by_text(said).first).to_be_visible()
