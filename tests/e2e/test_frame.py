"""What the frame may say, what loads before consent, and what is shown while it does not come."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser

FORGED = """{event: "calendly.event_scheduled", payload: {
    event: {uri: "https://api.calendly.com/scheduled_events/EV"},
    invitee: {uri: "https://api.calendly.com/scheduled_events/EV/invitees/IN"}}}"""


def posts(page: Page) -> list[str]:
    seen: list[str] = []
    page.on("request", lambda request: request.method == "POST" and seen.append(request.url))
    return seen


@pytest.mark.survives("foreign-code")
def test_nothing_foreign_loads_before_the_visitor_agrees(page: Page, stage: Stage) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(str(urlsplit(request.url).hostname)))
    stage.choose(page)
    page.wait_for_load_state("networkidle")
    assert hosts == {"localhost"}
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    assert hosts == {"localhost", "127.0.0.1"}


def test_little_loads_before_the_visitor_acts(page: Page, stage: Stage) -> None:
    scripts: list[str] = []
    page.on("request", lambda r: r.resource_type == "script" and scripts.append(r.url))
    page.goto(stage.url)
    page.wait_for_load_state("networkidle")
    assert [urlsplit(url).path.rpartition("/")[2] for url in scripts] == ["boot.js"]
    assert page.context.cookies() == []


@pytest.mark.survives("forged-message")
def test_forged_messages_ask_for_nothing(page: Page, context: BrowserContext, stage: Stage) -> None:
    stage.choose(page)
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    seen = posts(page)
    # From the page itself, with every name of origin it can write.
    page.evaluate(f"window.postMessage({FORGED}, '*')")
    # From another frame of the very same origin as the calendar: the source is not ours.
    page.evaluate(
        """address => new Promise(resolve => {
            const other = document.createElement("iframe");
            other.onload = resolve; other.name = "other"; other.src = address;
            document.body.append(other);
        })""",
        stage.simulator.url + "/control/nothing",
    )
    other = page.frame(name="other")
    assert other is not None
    other.evaluate(f"parent.postMessage({FORGED}, '*')")
    # Our own frame, but on a foreign origin: it says so by its origin.
    page.evaluate(
        "document.querySelector('calendly-embed').dataset.origins = 'https://calendly.com'"
    )
    ours = next(frame for frame in page.frames if "ada-host" in frame.url)
    ours.evaluate(f"parent.postMessage({FORGED}, '*')")
    page.wait_for_timeout(500)
    assert seen == []
    # The control: the same message from our frame on its right origin is heard.
    page.evaluate(
        "origin => document.querySelector('calendly-embed').dataset.origins = origin",
        stage.simulator.url,
    )
    stage.allow("409", "404")
    with page.expect_request("**/api/bookings/confirm"):
        ours.evaluate(f"parent.postMessage({FORGED}, '*')")


@pytest.mark.survives("forged-message")
@pytest.mark.parametrize(
    "payload",
    [
        "{}",
        "{event: {uri: 5}, invitee: {uri: []}}",
        "{event: {uri: 'javascript:alert(1)'}, invitee: {uri: 'https://x.example/<b>'}}",
        "null",
    ],
)
def test_misshapen_messages_ask_for_nothing(page: Page, stage: Stage, payload: str) -> None:
    stage.choose(page)
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    seen = posts(page)
    ours = next(frame for frame in page.frames if "ada-host" in frame.url)
    ours.evaluate(
        f"parent.postMessage({{event: 'calendly.event_scheduled', payload: {payload}}}, '*')"
    )
    page.wait_for_timeout(300)
    assert seen == []


def test_the_frames_height_is_followed_within_limits(page: Page, stage: Stage) -> None:
    stage.choose(page)
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    ours = next(frame for frame in page.frames if "ada-host" in frame.url)
    frame = page.locator("calendly-embed iframe")
    for said, height in (("'99999px'", 2000), ("26", 2000), ("'900px'", 900), ("120", 400)):
        ours.evaluate(
            f"parent.postMessage({{event: 'calendly.page_height', payload: {{height: {said}}}}}, '*')"
        )
        expect(frame).to_have_css("block-size", f"{height}px")


def test_analytics_hear_of_each_step(page: Page, stage: Stage) -> None:
    stage.choose(page)
    page.evaluate(
        """() => { window.heard = []; for (const name of
            ["viewed", "time-selected", "scheduled", "confirmed", "failed"])
            document.addEventListener(`calendly:${name}`, () => heard.push(name)); }"""
    )
    stage.book(page)
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()
    heard = page.evaluate("heard")
    assert list(dict.fromkeys(heard)) == ["viewed", "time-selected", "scheduled", "confirmed"]


def test_a_frame_that_does_not_come_leaves_ways_out(page: Page, stage: Stage) -> None:
    waiting: list[Route] = []

    def hold_the_first(route: Route) -> None:
        route.continue_() if waiting else waiting.append(route)

    page.route(re.compile("ada-host"), hold_the_first)
    stage.choose(page)
    page.clock.install()
    page.get_by_role("button", name="Show the calendar").click()
    page.clock.fast_forward(9_000)
    expect(page.get_by_text("Taking long?")).to_be_visible()
    expect(page.get_by_role("link", name="Open the calendar in a new tab")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    expect(page.get_by_text("Taking long?")).to_be_hidden()


def test_offline_and_back(page: Page, context: BrowserContext, stage: Stage) -> None:
    stage.choose(page)
    context.set_offline(True)
    page.get_by_role("button", name="Show the calendar").click()
    expect(page.get_by_text("You are offline. The calendar")).to_be_visible()
    context.set_offline(False)
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    expect(page.get_by_text("You are offline. The calendar")).to_be_hidden()


def test_choosing_while_offline_waits_for_the_connection(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    page.goto(stage.url)
    page.get_by_role("link", name="First talk").focus()
    page.wait_for_function(
        """() => ["panel.js", "calendly-embed.js", "hold.js", "htmx", "visitor.css"].every((part) =>
            performance.getEntriesByType("resource").some((entry) => entry.name.includes(part)))"""
    )
    context.set_offline(True)
    page.get_by_role("link", name="First talk").click()
    expect(page.get_by_text("You are offline. Your choice")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("heading", name="First talk")).to_be_focused()


def test_a_confirmation_that_fails_can_be_repeated(page: Page, stage: Stage) -> None:
    page.route("**/api/bookings/confirm", lambda route: route.abort())
    stage.allow("ERR_FAILED")
    stage.choose(page)
    stage.book(page)
    again = page.get_by_role("button", name="Ask again")
    expect(again).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    again.click()
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()


def test_changing_ones_mind_returns_the_focus(page: Page, stage: Stage) -> None:
    stage.choose(page)
    page.get_by_role("link", name="Change the session").click()
    expect(page.get_by_role("link", name="First talk")).to_be_focused()


def test_consent_is_remembered_for_the_visit(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    stage.choose(page)
    page.get_by_role("button", name="Show the calendar").click()
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    stage.choose(page)
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    other = context.new_page()
    other.goto(stage.session_url)
    expect(other.get_by_role("button", name="Show the calendar")).to_be_visible()


def test_what_opens_by_itself_does_not_take_the_focus(page: Page, stage: Stage) -> None:
    stage.offer(sessions=[stage.sessions[0].pk], layout="direct", consent="visible")
    page.goto(stage.url)
    stage.frame(page).locator("a.day, .empty a").first.wait_for()
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("options", [{"java_script_enabled": False}])
def test_without_javascript_no_button_is_shown_that_needs_it(page: Page, stage: Stage) -> None:
    page.goto(stage.session_url)
    expect(page.get_by_role("link", name="Choose a time in a new tab")).to_be_visible()
    expect(page.get_by_role("button", name="Show the calendar")).to_be_hidden()
