"""Every screen of ours in the admin: axe finds no fault that Wagtail's own lack, and a telephone has room for it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import BrowserContext, Page

from tests.e2e.looking import COLOURS, IS_STILL
from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import sign_in
from tests.factories import SessionTypeFactory
from tests.host.models import HostPage
from tests.tour import cast
from tests.tour.filling import fill
from tests.tour.screens import SCREENS
from wagtail_calendly.snippets.models import EventType
from wagtail_calendly.snippets.sync import sync

pytestmark = pytest.mark.browser

WAGTAILS = (
    "/admin/",
    "/admin/reports/site-history/",
    "/admin/images/",
    "/admin/users/new/",
    "/admin/pages/{written}/edit/",
)
#: Where not all colours are Wagtail's own.
IN_THE_DARK = {"calendar-month", "report", "session-type-panel", "booking-attention"}
TELEPHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
IS_WIDER = "document.documentElement.scrollWidth > innerWidth"

#: By axe's rule and what it is about: axe's words.
Faults = dict[tuple[str, str], str]


@pytest.mark.timeout(300)
def test_every_screen_is_as_good_as_wagtails_own(
    page: Page, context: BrowserContext, stage: Stage, settings: Any
) -> None:
    parts = filled(stage, settings)
    owner = sign_in(context, stage)
    known: Faults = {}
    for path in WAGTAILS:
        owner.goto(stage.site_url + path.format_map(parts))
        known |= faults_of(owner)
    told = []
    for screen in [one for one in SCREENS if not one.like]:
        path = screen.path(parts)
        answer = owner.goto(stage.site_url + path)
        assert answer, path
        assert (answer.status, owner.url) == (200, stage.site_url + path)
        screen.then(owner)
        found = faults_of(owner)
        if screen.picture in IN_THE_DARK:
            owner.emulate_media(color_scheme="dark")
            owner.evaluate(IS_STILL)
            found |= faults_of(owner, **COLOURS)
            owner.emulate_media(color_scheme="light")
        told += [f"{screen.picture}: {one} {found[one]}" for one in found.keys() - known.keys()]
        owner.set_viewport_size(TELEPHONE)
        if owner.evaluate(IS_WIDER):
            told.append(f"{screen.picture}: wider than a telephone")
        owner.set_viewport_size(DESK)
    assert not told, "\n".join(told)


def faults_of(page: Page, **more: Any) -> Faults:
    """What axe finds in what is not Wagtail's frame around every screen."""
    options = {"iframes": False, "resultTypes": ["violations"], **more}
    # Wagtail's list of what is in a long form scrolls, or not, as it happens to be long.
    where = {"include": [["main"]], "exclude": [[".w-minimap"]]}
    said = Axe().run(page, where, options=options).response["violations"]
    return {
        (one["id"], str(node["target"])): f"{one['help']}: {node['html'][:200]}"
        for one in said
        for node in one["nodes"]
    }


def filled(stage: Stage, settings: Any) -> cast.Parts:
    """A site where all of it can happen; nothing is done about bookings that nobody made."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    sync()
    stage.charge()
    group = stage.sessions[1]
    group.price, group.currency, group.payment_order = 12000, "EUR", "before"
    group.save()
    free = SessionTypeFactory(event_type=EventType.objects.get(slug="support"), title="Support")
    written = HostPage(title="Written", body=[("text", "<p>In Wagtail's own editor.</p>")])
    stage.page.add_sibling(instance=written)
    user = stage.page.owner
    played = cast.Stage(now(), user, free, stage.sessions[0], group, stage.page.pk)
    parts = fill(played, stage.simulator, pages=[stage.page.pk], weeks=0)
    return parts | {"written": written.pk}
