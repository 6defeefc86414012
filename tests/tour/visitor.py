"""What a visitor sees: the cards, the panel, the calendar, the payment, and the page of their booking."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Page

from tests.tour.camera import Camera

NAME = "Ruth Keller"
BLOCK, PANEL, STATUS = "main", "main", "main"


def take_all(camera: Camera) -> None:
    for scheme in camera.contexts:
        page = camera.open(scheme, "/en/")
        camera.take(page, "visitor-cards", scheme, around="body")
        page.close()


def book(calendar: FrameLocator) -> None:
    calendar.locator("a.day").first.click()
    calendar.locator("a.time").first.click()
    calendar.locator("#name").fill(NAME)
    calendar.locator("#email").fill("ruth.keller@example.org")
    calendar.get_by_role("button", name="Book ").first.click()


def nothing(page: Page) -> None: ...
