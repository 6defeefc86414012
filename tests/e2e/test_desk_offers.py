"""Calendly renames an event type: the editor sees it, looks, accepts, and it is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import SCREENSHOTS, Stage
from tests.e2e.test_site_owner import sign_in
from wagtail_calendly.snippets.sync import sync

pytestmark = pytest.mark.browser


@pytest.mark.survives("changed-unseen")
def test_a_renamed_event_type_is_seen_and_accepted(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    sync()  # what the stage left out of its mirror
    before = stage.simulator.event_type()["name"]
    stage.simulator.event_types(slug="consultation", name="Renamed at Calendly")
    sync()
    owner = sign_in(context, stage)
    owner.get_by_role("button", name="Bookings").click()
    owner.get_by_role("link", name="Session types", exact=True).click()
    row = owner.get_by_role("row", name="First talk")
    expect(row.get_by_role("link", name="changes")).to_be_visible()
    shoot(owner, "session-types")
    row.get_by_role("link", name="First talk").click()
    owner.get_by_role("button", name="Toggle what is known of this session type").click()
    expect(owner.get_by_text(f"{before} → Renamed at Calendly")).to_be_visible()
    shoot(owner, "session-type-panel")
    owner.get_by_role("link", name="See and accept").click()
    expect(owner.get_by_role("row", name="Name").get_by_text(before)).to_be_visible()
    shoot(owner, "changes")
    owner.get_by_label("Accept: Name of First talk").check()
    owner.get_by_role("button", name="Accept what is ticked").click()
    expect(owner.get_by_text("1 change accepted.")).to_be_visible()
    expect(owner.get_by_text("Renamed at Calendly")).to_have_count(0)


def shoot(owner: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    owner.screenshot(path=SCREENSHOTS / f"admin-{name}-1280.png", full_page=True)
