"""A real browser, a live site on `localhost` and the simulator on `127.0.0.1`: different sites, as in life."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.stage import Stage, build
from tests.fixtures.chromium import ARGUMENTS, chromium
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts

#: Milliseconds; on a machine that does other things as well.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

#: What the browser says of these is the browser's own business.
HARMLESS = ("favicon.ico",)


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
    context.set_default_timeout(PATIENCE)
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
