"""`make pictures`: starts the demo site with data of its own, and takes every picture of the documentation.

`python -m tests.tour bookings cancel` takes these two only.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import time_machine
from playwright.sync_api import Error, sync_playwright

from tests.fixtures.simulator import Simulator, start_simulator, stop_simulator

if TYPE_CHECKING:
    from tests.tour.camera import Camera
    from tests.tour.screens import Screen

#: Every picture is of this moment.
NOW = datetime(2027, 6, 16, 10, 20, tzinfo=ZoneInfo("Europe/Berlin"))
WEEKS = 6
FAULTS: list[str] = []
#: With the monotonic clock, which nobody stops, the real time.
STARTED = time.time() - time.monotonic()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as scratch,
        _simulator() as simulator,
        _settings(Path(scratch), simulator),
        _server() as base,
        _camera(base) as camera,
    ):
        _tour(camera, simulator, base, set(sys.argv[1:]))
    if FAULTS:
        sys.exit(f"Not taken: {', '.join(FAULTS)}")


def _tour(camera: Camera, simulator: Simulator, base: str, wanted: set[str]) -> None:
    from demo import seed

    from tests.tour import visitor
    from tests.tour.camera import SCHEMES
    from tests.tour.filling import fill
    from tests.tour.screens import FIRST_STEPS, SCREENS

    def is_wanted(*names: str) -> bool:
        return not wanted or not wanted.isdisjoint(names)

    _connect(simulator, base)
    for scheme in SCHEMES if is_wanted(FIRST_STEPS.picture) else ():
        _take(camera, FIRST_STEPS, {}, scheme)
    seed.fill()
    _at_home(base)
    for scheme in SCHEMES if is_wanted(*visitor.PICTURES) else ():
        _set_clock(simulator)
        visitor.visit(camera, scheme)
    parts = fill(_stage(), simulator, pages=_pages(), weeks=WEEKS)
    for screen in SCREENS:
        for scheme in SCHEMES if is_wanted(screen.picture) else ():
            _set_clock(simulator)
            _take(camera, screen, parts, scheme)


def _take(camera: Camera, screen: Screen, parts: dict[str, Any], scheme: str) -> None:
    """What goes wrong is told at once, and the others are taken nevertheless."""
    page = camera.new_page(scheme)
    try:
        camera.open(page, screen.path(parts))
        screen.then(page)
        margin = 0 if screen.around == "main" else 40
        camera.take(page, screen.picture, scheme, around=screen.around, margin=margin)
    except (AssertionError, Error) as error:
        FAULTS.append(screen.picture)
        sys.stderr.write(f"{screen.picture}, {scheme}: {error}\n")
    page.close()


@contextmanager
def _simulator() -> Iterator[Simulator]:
    process, url = start_simulator()
    hand = Simulator(url)
    try:
        _set_clock(hand)
        yield hand
    finally:
        hand.http.close()
        stop_simulator(process)


def _set_clock(simulator: Simulator) -> None:
    """Its time goes on while the site's does not: a little behind, so that nothing is too late at once."""
    behind = NOW - timedelta(minutes=2)
    simulator.clock(behind.timestamp() - (STARTED + time.monotonic()))


@contextmanager
def _settings(scratch: Path, simulator: Simulator) -> Iterator[None]:
    """The demo's, in an empty folder, at this moment."""
    import django
    from demo.processes import free_port

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.tour.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's loop runs in this thread.
        "DEMO_VAR": str(scratch),
        "DEMO_SITE_PORT": str(free_port(8000)),
        "DEMO_SIMULATOR_PORT": simulator.url.rsplit(":", 1)[1],
    }
    django.setup()
    with time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def _server() -> Iterator[str]:
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.test.testcases import LiveServerThread

    call_command("migrate", verbosity=0)
    server = LiveServerThread("localhost", StaticFilesHandler, port=settings.SITE_PORT)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


@contextmanager
def _camera(base: str) -> Iterator[Camera]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from tests.fixtures.chromium import ARGUMENTS, chromium
    from tests.tour.camera import FOLDER, Camera

    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "admin")
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(playwright), args=ARGUMENTS, headless=True
        )
        yield Camera(browser, base, [cookie])
        browser.close()


def _connect(simulator: Simulator, base: str) -> None:
    """Both vendors know the site, but post nothing to it: it lives in one moment, and they do not."""
    from django.core.management import call_command

    simulator.webhooks("hold")

    for command in (
        ["sync_event_types"],
        ["calendly_webhooks", "create", "--url", base],
        ["stripe_webhook", "create", "--url", base],
        ["calendly_work"],
    ):
        call_command(*command, stdout=StringIO())


def _at_home(base: str) -> None:
    from django.core.management import call_command
    from wagtail.models import Site

    from wagtail_calendly.bookings import examine

    port = int(base.rsplit(":", 1)[1])
    Site.objects.filter(is_default_site=True).update(hostname="localhost", port=port)
    for command in ("rebuild_references_index", "calendly_work"):
        call_command(command, stdout=StringIO())
    examine.everything()


def _pages() -> list[int]:
    from wagtail.models import Page

    return list(
        Page.objects.filter(depth__gt=1, locale__language_code="en").values_list("pk", flat=True)
    )


def _stage() -> Any:
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from tests.tour.cast import Stage
    from wagtail_calendly.snippets.models import SessionType

    english = SessionType.objects.filter(locale__language_code="en")
    free, priced, group = (
        english.get(event_type__slug=slug) for slug in ("consultation", "site-review", "workshop")
    )
    user = get_user_model().objects.get(username="admin")
    return Stage(timezone.now(), user, free, priced, group, _pages()[0])


if __name__ == "__main__":
    main()
