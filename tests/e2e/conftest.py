"""A real browser, a live site on `localhost` and the simulator on `127.0.0.1`: different sites, as in life."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.e2e.stage import Stage, build
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What the browser says of these is the browser's own business.
HARMLESS = ("favicon.ico",)


def chromium(playwright: Playwright) -> str:
    """The one that CHROMIUM names, else that of this machine, else the one that Playwright installed."""
    named = os.environ.get("CHROMIUM", "")
    found = named or next((path for name in CHROMIUMS if (path := shutil.which(name))), "")
    path = found or playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail(
            "No Chromium. Install it: `apt-get install chromium`, or `playwright install chromium`."
        )
    return path


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    at_first = getattr(connection, "_test_serialized_contents", None)
    # Playwright's loop runs in this thread; Django would take that for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Beside that loop Django has another connection, which must restore the same first rows.
        if at_first is not None:
            connection._test_serialized_contents = at_first  # type: ignore[attr-defined]
        running = playwright.chromium.launch(
            executable_path=chromium(playwright), args=ARGUMENTS, headless=True
        )
        yield running
        running.close()


@pytest.fixture
def options() -> dict[str, Any]:
    """How the browser presents itself; tests parametrize it."""
    return {}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    context = browser.new_context(
        **{"locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce", **options}
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, stage: Stage) -> Iterator[Page]:
    """A page that fails its test for an error in any tab's console, a violation of the policy above all."""
    said: list[str] = []
    context.on(
        "console", lambda m: m.type == "error" and said.append(f"{m.text} {m.location['url']}")
    )
    context.on("weberror", lambda raised: said.append(str(raised.error)))
    page = context.new_page()
    yield page
    page.close()
    ours = [text for text in said if not any(word in text for word in (*HARMLESS, *stage.allowed))]
    assert not ours, ours


@pytest.fixture
def stage(
    db: None,
    live_server: Any,
    django_db_serialized_rollback: None,
    simulator: Simulator,
    settings: Any,
) -> Iterator[Stage]:
    """A site with a page of booking blocks, connected to the simulator of both vendors."""
    account = {
        **settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"],
        "BASE_URL": simulator.url,
        "BOOKING_ORIGINS": [simulator.url],
    }
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {"default": account},
        "VISITOR_POSTS_PER_MINUTE": 200,
        "PAYMENTS": {
            "SECRET_KEY": simulator.stripe.secret_key,
            "WEBHOOK_SECRETS": [simulator.stripe.webhook_secret],
            "BASE_URL": simulator.url,
            "CHECKOUT_ORIGINS": [simulator.url],
        },
    }
    settings.STRICT_POLICY = True
    yield build(live_server.url, simulator)
    accounts.close()
