"""What a visitor sees: the cards, the panel, the calendar, the payment, and the page of their booking."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator

from tests.tour.camera import Camera

HOME, EMAIL = "/en/", "ruth.keller@example.org"
BLOCK, SCREEN = ".wc-block", "main"
#: In the order in which they are taken.
PICTURES = (
    "visitor-page",
    "visitor-cards",
    "visitor-consent",
    "visitor-calendar",
    "visitor-pay",
    "visitor-done",
    "visitor-status",
)


def visit(camera: Camera, scheme: str) -> None:
    """Two sessions, one after the other: one is free, the other is paid once a time is chosen."""
    page = camera.new_page(scheme, is_staff=False)
    camera.open(page, HOME)

    def take(name: str, around: str) -> None:
        camera.take(page, name, scheme, around=around, margin=24)

    take("visitor-page", "body")
    take("visitor-cards", BLOCK)
    page.get_by_role("link", name="First conversation").click()
    page.get_by_role("button", name="Show the calendar").wait_for()
    take("visitor-consent", BLOCK)
    page.get_by_role("button", name="Show the calendar").click()
    calendar = page.frame_locator("calendly-embed iframe")
    calendar.locator("a.day").first.wait_for()
    take("visitor-calendar", BLOCK)
    book(calendar)
    page.get_by_role("heading", name="Your session is booked.").wait_for()
    take("visitor-done", BLOCK)
    page.goto(page.url)
    page.get_by_role("link", name="Website review").click()
    book(page.frame_locator("calendly-embed iframe"))
    page.get_by_role("heading", name="Your time is chosen. It is not paid yet.").wait_for()
    take("visitor-pay", BLOCK)
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.get_by_label("Card that works").check()
    page.get_by_role("button", name="Book").click()
    page.get_by_role("heading", name="Your session is booked.").wait_for()
    take("visitor-status", SCREEN)


def book(calendar: FrameLocator) -> None:
    """The first time of the first free day."""
    calendar.locator("a.day").first.click()
    calendar.locator("a.time").first.click()
    calendar.locator("#name").fill("Ruth Keller")
    calendar.locator("#email").fill(EMAIL)
    calendar.get_by_role("button", name=re.compile("^Book ")).click()
