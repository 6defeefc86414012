"""The main job in a real browser: a visitor books, and it is true, whatever is lost on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.keyboard import tab_to
from tests.e2e.stage import Stage
from wagtail_calendly.bookings.models import Booking, Status

pytestmark = [pytest.mark.browser, pytest.mark.main_job]


def only_booking() -> Booking:
    return Booking.objects.get()


def expect_booked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_visible()


def test_choose_book_and_see_it_confirmed(page: Page, stage: Stage) -> None:
    stage.choose(page)
    stage.book(page)
    expect_booked(page)
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_focused()
    page.get_by_role("link", name="See your booking").click()
    expect_booked(page)
    booking = only_booking()
    assert booking.status == Status.CONFIRMED
    assert booking.page_id == stage.page.pk
    assert page.url.endswith(f"/bookings/{booking.token}/")


@pytest.mark.survives("webhook-before-browser")
def test_the_webhook_alone_confirms_it(page: Page, stage: Stage) -> None:
    """The browser's own word is lost; the panel learns of the booking by asking our server."""
    stage.subscribe()
    page.route("**/api/bookings/confirm", lambda route: route.abort())
    stage.allow("ERR_FAILED")
    stage.choose(page)
    stage.book(page)
    expect_booked(page)
    assert only_booking().claimed_at is None


@pytest.mark.survives("browser-before-webhook")
def test_without_any_webhook(page: Page, stage: Stage) -> None:
    stage.simulator.webhooks("drop")
    stage.subscribe()
    stage.choose(page)
    stage.book(page)
    expect_booked(page)


@pytest.mark.survives("browser-closed")
def test_the_browser_is_closed_right_after_booking(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    page.route("**/api/bookings/confirm", lambda route: route.abort())
    stage.allow("ERR_FAILED")
    stage.choose(page)
    stage.book(page)
    expect(stage.frame(page).get_by_role("heading", name="You are booked")).to_be_visible()
    page.close()
    assert not Booking.objects.exists()
    stage.work()
    assert only_booking().status == Status.CONFIRMED


@pytest.mark.parametrize("options", [{"java_script_enabled": False}])
def test_without_javascript(page: Page, context: BrowserContext, stage: Stage) -> None:
    page.goto(stage.url)
    page.get_by_role("link", name="First talk").click()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Choose a time in a new tab").click()
    stage.fill_in(opened.value)
    opened.value.get_by_role("heading", name="You are booked").wait_for()
    opened.value.close()
    page.get_by_role("button", name="I have booked my time").click()
    expect_booked(page)
    page.reload()
    expect_booked(page)
    assert only_booking().status == Status.CONFIRMED


@pytest.mark.survives("calendly-fails")
def test_calendly_is_down_when_the_visitor_has_booked(page: Page, stage: Stage) -> None:
    stage.choose(page)
    stage.simulator.fault("GET /scheduled_events", status=503, times=None)
    stage.book(page)
    expect(page.get_by_role("heading", name="We are checking your booking.")).to_be_visible()
    assert only_booking().status == Status.PENDING
    stage.simulator.clear_faults()
    Booking.objects.get().effects.update(next_try_at=only_booking().created_at)
    stage.work()
    expect_booked(page)


def test_a_second_tab_goes_on_where_the_first_was(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    stage.choose(page)
    first = page.locator("calendly-embed").get_attribute("data-reference")
    other = context.new_page()
    other.goto(stage.url)
    other.get_by_role("link", name="Continue where you were").click()
    expect(other.locator("calendly-embed")).to_have_attribute("data-reference", str(first))
    stage.book(other)
    expect_booked(other)
    # The first tab hears of it by itself.
    expect_booked(page)
    other.goto(stage.url)
    expect(other.get_by_text("You have booked “First talk”.")).to_be_visible()


def test_reload_keeps_the_way_home(page: Page, stage: Stage) -> None:
    page.goto(stage.session_url)
    stage.book_without_answer(page)
    page.reload()
    page.get_by_role("button", name="I have booked my time").click()
    expect_booked(page)


@pytest.mark.survives("moved")
def test_moving_and_canceling_from_the_status_page(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    stage.subscribe()
    stage.choose(page)
    stage.book(page)
    page.get_by_role("link", name="See your booking").click()
    before = page.locator(".wc-details__hours").inner_text()

    with context.expect_page() as opened:
        page.get_by_role("link", name="Choose another time").click()
    stage.move(opened.value)
    come_back(page)
    expect(page.locator(".wc-details__hours")).not_to_have_text(before, timeout=45_000)
    expect_booked(page)

    with context.expect_page() as opened:
        page.get_by_role("link", name="Cancel the session").click()
    opened.value.get_by_role("button", name="Cancel the booking").click()
    opened.value.get_by_role("heading", name=re.compile("canceled")).wait_for()
    come_back(page)
    canceled = page.get_by_role("heading", name="Your session is canceled.")
    expect(canceled).to_be_visible(timeout=45_000)
    page.get_by_role("link", name="Choose a time").click()
    expect(page.locator("calendly-embed iframe")).to_be_visible()


def come_back(page: Page) -> None:
    """To this tab. Headless pages always have the focus, so the event is sent by hand."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    page.goto(stage.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="First talk")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="First talk")).to_be_focused()
    tab_to(page, "button", "Show the calendar")
    page.keyboard.press("Enter")
    frame = stage.frame(page)
    frame.locator("a.day, .empty a").first.wait_for()
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    stage.fill_in(frame, press=True)
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_focused()
    tab_to(page, "link", "See your booking")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/bookings/"))


def test_in_a_dialog(page: Page, stage: Stage) -> None:
    stage.offer(embed_mode="popup")
    stage.choose(page)
    button = page.get_by_role("button", name="Show the calendar")
    button.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    stage.book(page)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", name="Your session is booked.")).to_be_focused()
