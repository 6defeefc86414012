"""Every screen of ours in the admin: axe finds no fault that Wagtail's own lack, and a telephone has room for it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import BrowserContext, Page

from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import sign_in
from tests.factories import SessionTypeFactory
from tests.tour import cast
from tests.tour.filling import fill
from tests.tour.screens import SCREENS
from wagtail_calendly.snippets.models import EventType
from wagtail_calendly.snippets.sync import sync

pytestmark = pytest.mark.browser

WAGTAILS = ("/admin/reports/site-history/", "/admin/pages/", "/admin/images/", "/admin/users/new/")
#: All rules in the light; colours in the dark, too.
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
TELEPHONE = {"width": 360, "height": 800}
WIDER = "document.documentElement.scrollWidth > innerWidth"


def violations(page: Page) -> dict[tuple[str, str], str]:
    """What axe complains of, light and dark: rule and target, with axe's advice."""
    found: dict[tuple[str, str], str] = {}
    for scheme, more in (("dark", DARK), ("light", {})):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        told = Axe().run(
            page, "main", options={"iframes": False, "resultTypes": ["violations"], **more}
        )
        for one in told.response["violations"]:
            for node in one["nodes"]:
                found[one["id"], str(node["target"])] = f"{one['help']}: {node['html'][:200]}"
    return found


@pytest.mark.timeout(300)
def test_every_screen_is_as_good_as_wagtails_own(
    page: Page, context: BrowserContext, stage: Stage, settings: Any
) -> None:
    parts = filled(stage, settings)
    owner = sign_in(context, stage)
    known: set[str] = set()
    for path in WAGTAILS:
        owner.goto(stage.site_url + path)
        known |= {rule for rule, _ in violations(owner)}
    faults = []
    for screen in [one for one in SCREENS if not one.like]:
        answer = owner.goto(stage.site_url + screen.path(parts))
        assert answer, screen
        assert answer.status == 200, screen
        screen.then(owner)
        for (rule, target), told in violations(owner).items():
            if rule not in known:
                faults.append(f"{screen.picture}: {rule} at {target}: {told}")
        owner.set_viewport_size(TELEPHONE)
        if owner.evaluate(WIDER):
            faults.append(f"{screen.picture}: wider than a telephone")
        owner.set_viewport_size({"width": 1280, "height": 900})
    assert not faults, "\n".join(faults)


def filled(stage: Stage, settings: Any) -> cast.Parts:
    """A site where all of it can happen; nothing is done about bookings that nobody made."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    sync()
    stage.charge()
    group = stage.sessions[1]
    group.price, group.currency, group.payment_order = 12000, "EUR", "before"
    group.save()
    free = SessionTypeFactory(event_type=EventType.objects.get(slug="support"), title="Support")
    user = stage.page.owner
    played = cast.Stage(now(), user, free, stage.sessions[0], group, stage.page.pk)
    return fill(played, stage.simulator, pages=[stage.page.pk], weeks=0)
