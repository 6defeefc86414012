"""What the browser tests play on: sessions made of the simulator's event types, and a page that offers them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management import call_command
from playwright.sync_api import FrameLocator, Locator, Page, expect
from wagtail.models import Locale, Site

from tests.fixtures.simulator import Simulator
from tests.host.models import HostPage
from wagtail_calendly.bookings import payment_endpoint, subscriptions
from wagtail_calendly.snippets.models import CancellationPolicy, EventType, SessionType

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
SLUGS = ("consultation", "workshop")


@dataclass
class Stage:
    """The live site and the simulator, and what visitors do on them."""

    site_url: str
    simulator: Simulator
    page: HostPage
    sessions: list[SessionType]
    #: What the console may say in this test, because the test itself brings it about.
    allowed: list[str] = field(default_factory=list)
    noise: StringIO = field(default_factory=StringIO)

    @property
    def session_url(self) -> str:
        """The first session's own page."""
        return f"{self.site_url}/calendly/sessions/{self.sessions[0].pk}-x/"

    def allow(self, *errors: str) -> None:
        self.allowed.extend(errors)

    def subscribe(self) -> None:
        """Both vendors are told where this site hears of what happens there."""
        self.simulator.subscribe(subscriptions.address("default", self.site_url))
        self.simulator.stripe.subscribe(payment_endpoint.address(base=self.site_url))

    @property
    def url(self) -> str:
        return f"{self.site_url}{self.page.url_path.removeprefix('/home')}"

    def offer(self, **block: Any) -> None:
        """Replace the page's block."""
        value = {"heading": "Talk with us", "sessions": _items(self.sessions), **block}
        self.page.body = json.dumps([{"type": "booking", "value": value}])
        self.page.save_revision().publish()

    def charge(self, **terms: Any) -> None:
        """From now on the first session costs 60 €, half of which comes back until its start."""
        session = self.sessions[0]
        policy = CancellationPolicy(name="Half", tiers=[("tier", {"hours": 0, "percent": 50})])
        policy.save()
        asked = {"price": 6000, "currency": "EUR", "cancellation_policy": policy, **terms}
        for name, value in asked.items():
            setattr(session, name, value)
        session.save()

    @property
    def money(self) -> list[tuple[int, int]]:
        """Of each payment at Stripe: captured, refunded."""
        payments = self.simulator.stripe.truth()["payments"].values()
        return [(one["captured"], one["refunded"]) for one in payments]

    def work(self) -> None:
        """One round of the clock."""
        call_command("calendly_work", stdout=self.noise)

    def choose(self, page: Page, title: str = "First talk") -> None:
        """Open the site's page and choose a session."""
        page.goto(self.url)
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", name=title)).to_be_focused()

    def frame(self, page: Page) -> FrameLocator:
        return page.frame_locator("calendly-embed iframe")

    def book(self, page: Page, *, name: str = "Vi Sitor") -> None:
        """Agree to load the calendar and book its first free time."""
        page.get_by_role("button", name="Show the calendar").click()
        self.fill_in(self.frame(page), name=name)

    def book_without_answer(self, page: Page) -> None:
        """Book, and lose what the frame says of it."""
        page.route("**/api/bookings/confirm", lambda route: route.abort())
        self.allow("ERR_FAILED")
        self.book(page)
        self.frame(page).get_by_role("heading", name="You are booked").wait_for()
        page.unroute_all(behavior="ignoreErrors")

    def fill_in(
        self, calendar: FrameLocator | Page, *, name: str = "Vi Sitor", press: bool = False
    ) -> None:
        """The first free day, the first time, the details, book; `press`: with the keyboard."""

        def use(locator: Locator) -> None:
            locator.press("Enter") if press else locator.click()

        self.pick(calendar, use)
        calendar.locator("#name").fill(name)
        calendar.locator("#email").fill("vi@example.org")
        use(calendar.get_by_role("button", name=re.compile("^Book ")))

    def pay(self, page: Page, how: str = "Card that works", *, press: bool = False) -> None:
        """On Stripe's own page; `press`: with the keyboard."""
        page.wait_for_url(f"{self.simulator.url}/pay/**")
        email = page.get_by_label("Email")
        if email.is_editable():
            email.fill("vi@example.org")
        page.get_by_label(how).check()
        button = page.get_by_role("button", name="Book")
        button.press("Enter") if press else button.click()

    def pick(
        self, calendar: FrameLocator | Page, use: Callable[[Locator], None], *, last: bool = False
    ) -> None:
        """The first time of the first free day, or its last."""
        calendar.locator("a.day, .empty a").first.wait_for()
        if not calendar.locator("a.day").count():
            use(calendar.locator(".empty a"))
        use(calendar.locator("a.day").first)
        times = calendar.locator("a.time")
        use(times.last if last else times.first)

    def move(self, calendar: Page) -> None:
        """Another time on Calendly's own page."""
        self.pick(calendar, lambda locator: locator.click(), last=True)
        calendar.get_by_role("button", name=re.compile("^Move to")).click()
        calendar.get_by_role("heading", name=re.compile("booked|moved")).wait_for()


def build(site_url: str, simulator: Simulator) -> Stage:
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = "localhost", urlsplit(site_url).port
    site.save()
    locale = Locale.objects.get(language_code="en")
    titles = ("First talk", "Workshop with an uncommonly long title that does not end soon")
    sessions = [
        SessionType.objects.create(
            title=title,
            slug=slug,
            summary="What it is about, in one line.",
            event_type=mirror(simulator.event_type(slug)),
            locale=locale,
            live=True,
        )
        for title, slug in zip(titles, SLUGS, strict=True)
    ]
    page = HostPage(title="Book with us", slug="book", body=[])
    site.root_page.specific.add_child(instance=page)
    stage = Stage(site_url, simulator, page, sessions)
    stage.offer()
    return stage


def mirror(said: dict[str, Any]) -> EventType:
    """The row that a sync would write."""
    return EventType.objects.create(
        uri=said["uri"],
        name=said["name"],
        slug=said["slug"],
        scheduling_url=said["scheduling_url"],
        duration=said["duration"],
        kind=said["kind"],
        host_name="Ada Host",
        locations=said["locations"] or [],
    )


def _items(sessions: list[SessionType]) -> list[int]:
    return [session.pk for session in sessions]
