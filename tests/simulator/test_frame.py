"""The booking page in a frame of another site, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.fixtures.chromium import ARGUMENTS, chromium
from tests.fixtures.stripe import order

pytestmark = pytest.mark.browser

PARENT = """<!doctype html><title>Parent</title>
<iframe title="Booking" width="1000" height="900" src="{src}"></iframe>
<script>
  window.messages = [];
  addEventListener("message", (event) => {{
    messages.push({{origin: event.origin, ...event.data}});
    if (event.data.event === "calendly.date_and_time_selected")
      event.source.postMessage({{event: "calendly.prefill", payload:
        {{name: "Vi Sitor", email: "vi@example.org", a1: "Birds"}}}}, event.origin);
  }});
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def parent() -> Iterator[str]:
    """A page on localhost that frames `?src=`: another site than 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            src = parse_qs(urlsplit(self.path).query).get("src", [""])[0]
            body = PARENT.format(src=src.replace("&", "&amp;")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def heard(page: Page) -> list[str]:
    """The messages in order, heights left out."""
    names = page.evaluate("messages.map((message) => message.event)")
    return [name for name in names if name != "calendly.page_height"]


def open_frame(page: Page, parent: str, address: str):
    page.goto(f"{parent}?src={address.replace('&', '%26').replace('?', '%3F')}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#timezone")).to_have_value("America/New_York")
    return frame


def test_the_frame_tells_its_parent_what_happens(simulator, page, parent):
    url = f"{simulator.event_type()['scheduling_url']}?embed_domain=x&utm_content=ref-1"
    frame = open_frame(page, parent, url)
    frame.locator("a.day").first.click()
    frame.locator("a.time").first.click()
    expect(frame.get_by_label("Name")).to_have_value("Vi Sitor")
    expect(frame.get_by_label("What shall we talk about?")).to_have_value("Birds")
    frame.get_by_role("button", name="Book").click()
    expect(frame.get_by_role("heading", name="You are booked")).to_be_visible()
    page.wait_for_function("messages.some((m) => m.event === 'calendly.event_scheduled')")
    assert heard(page) == [
        "calendly.event_type_viewed",
        "calendly.date_and_time_selected",
        "calendly.event_scheduled",
    ]
    scheduled = page.evaluate("messages.find((m) => m.event === 'calendly.event_scheduled')")
    assert scheduled["origin"] == simulator.url
    event, invitee = (scheduled["payload"][key]["uri"] for key in ("event", "invitee"))
    assert invitee.startswith(f"{event}/invitees/")
    path = invitee.removeprefix("https://api.calendly.com")
    booked = simulator.api("GET", path).json()["resource"]
    assert booked["tracking"]["utm_content"] == "ref-1"
    assert booked["timezone"] == "America/New_York"
    heights = page.evaluate(
        "messages.filter((m) => m.event === 'calendly.page_height').map((m) => m.payload.height)"
    )
    assert heights
    assert all(height.endswith("px") and int(height[:-2]) > 100 for height in heights)


def test_without_embed_domain_it_keeps_silent(simulator, page, parent):
    frame = open_frame(page, parent, simulator.event_type()["scheduling_url"])
    frame.locator("a.day").first.click()
    frame.locator("a.time").first.click()
    expect(frame.get_by_role("heading", name="Your details")).to_be_visible()
    assert page.evaluate("messages") == []


def test_booking_by_keyboard_alone(simulator, page):
    page.goto(simulator.event_type()["scheduling_url"] + "?timezone=Europe/Berlin")

    def press_until_on(css: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("css => document.activeElement?.matches(css)", css):
                return
        pytest.fail(f"Tab does not reach {css}")

    press_until_on("a.day")
    page.keyboard.press("Enter")
    expect(page.locator("#times")).to_be_focused()
    press_until_on("a.time")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    press_until_on("#name")
    page.keyboard.type("Vi Sitor")
    press_until_on("#email")
    page.keyboard.type("vi@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()


def test_paying_by_keyboard_alone(simulator, stripe_api, page):
    done = f"{simulator.url}/ada-host?s={{CHECKOUT_SESSION_ID}}"
    made = stripe_api.v1.checkout.sessions.create(order(submit_type="book", success_url=done))
    page.goto(made.url)
    for key in ("Tab", "Tab"):
        page.keyboard.press(key)
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type("vi@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined")
    expect(page.get_by_role("alert")).to_be_focused()
    for key in ("Tab", "Tab", "ArrowUp", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/ada-host?s={made.id}")
    assert simulator.stripe.truth()["sessions"][made.id]["payment_status"] == "paid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_small_phone(simulator, stripe_api, browser, scheme):
    invitee = simulator.book(name="Wolfgang " * 9)["invitee"]
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    base = simulator.event_type()["scheduling_url"]
    checkout = stripe_api.v1.checkout.sessions.create(order(allow_promotion_codes=True)).url
    for address in [base, simulator.url + "/ada-host", invitee["cancel_url"],
                    invitee["reschedule_url"], simulator.url + "/control/",
                    checkout]:  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    context.close()
