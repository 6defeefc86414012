"""Every screen of ours in the admin: its picture's name, its address, and what is done there before one looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

EVENT_TYPES = "wagtail_calendly_event_types"
SESSION_TYPES = "wagtailsnippets_wagtail_calendly_sessiontype"
POLICIES = "wagtailsnippets_wagtail_calendly_cancellationpolicy"


def nothing(page: Page) -> None:
    """One looks at once."""


@dataclass(frozen=True)
class Screen:
    """`of` names the parts whose rows the address is about; words that are no part stand for themselves."""

    picture: str
    address: str
    of: tuple[str, ...] = ()
    query: str = ""
    then: Callable[[Page], None] = nothing
    around: str = "main"
    #: Another of the same templates; who looks for faults need not look at both.
    like: str = ""

    def path(self, parts: Mapping[str, Any]) -> str:
        args = [parts.get(one, one) for one in self.of]
        return reverse(self.address, args=args) + self.query.format_map(parts)


def menu(page: Page) -> None:
    """What can be done with a booking."""
    page.get_by_role("button", name="Actions", exact=True).click()


def panel(toggle: str) -> Callable[[Page], None]:
    """A panel beside the form."""

    def then(page: Page) -> None:
        page.get_by_role("button", name=toggle).click()
        page.wait_for_timeout(900)  # the preview is measured and scaled once it is open

    return then


def submit(page: Page) -> None:
    """From what is asked to what will happen."""
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("heading", name="This will happen").wait_for()


def client(page: Page) -> None:
    """Who it is that a time is chosen for."""
    page.locator("[name=start_time]").first.check()
    page.locator("[name=name]").fill("Ruth Keller")
    page.locator("[name=email]").fill("ruth.keller@example.org")


def person(page: Page) -> None:
    page.get_by_label("E-mail address").fill("marta.lindqvist@example.org")
    page.get_by_role("button", name="Show what is kept").click()
    page.get_by_role("button", name="Export").wait_for()


def filters(page: Page) -> None:
    page.get_by_role("button", name="Show filters").click()


def booking_block(page: Page) -> None:
    """The block among the others of a page."""
    page.get_by_label("Sessions").first.wait_for(state="attached")


def bulk(picture: str, model: str, action: str, part: str, *, like: str = "") -> Screen:
    """What is done to several rows at once."""
    address = ("wagtail_calendly", model, action)
    return Screen(picture, "wagtail_bulk_action", address, f"?id={{{part}}}", like=like)


#: Of a site that offers nothing yet.
FIRST_STEPS = Screen("first-steps", "wagtailadmin_home")
SCREENS: tuple[Screen, ...] = (
    Screen("home", "wagtailadmin_home"),
    Screen("connection", "calendly_connection:index"),
    Screen("event-types", f"{EVENT_TYPES}:index"),
    Screen("event-type", f"{EVENT_TYPES}:inspect", ("plain",)),
    Screen("changes", f"{EVENT_TYPES}:changes"),
    Screen("replace", f"{EVENT_TYPES}:replace", ("gone",)),
    Screen("session-types", f"{SESSION_TYPES}:list"),
    Screen(
        "session-type-new",
        f"{SESSION_TYPES}:add",
        query="?event_type={new}",
        like="session-type-panel",
    ),
    Screen("session-type", f"{SESSION_TYPES}:edit", ("session_type",), like="session-type-panel"),
    Screen(
        "session-type-panel",
        f"{SESSION_TYPES}:edit",
        ("session_type",),
        then=panel("Toggle what is known of this session type"),
    ),
    Screen(
        "session-type-preview",
        f"{SESSION_TYPES}:edit",
        ("session_type",),
        then=panel("Toggle preview"),
        like="session-type-panel",
    ),
    Screen("policies", f"{POLICIES}:list"),
    Screen("policy", f"{POLICIES}:edit", ("policy",)),
    Screen("block", "wagtailadmin_pages:edit", ("page",), then=booking_block),
    Screen(
        "booking-settings",
        "wagtailsettings:edit",
        ("wagtail_calendly", "bookingsettings", "site"),
    ),
    Screen("mails", "booking_mails:index"),
    Screen("bookings", "bookings:index"),
    Screen(
        "bookings-filters",
        "bookings:index",
        query="?status=confirmed",
        then=filters,
        like="bookings",
    ),
    Screen("calendar-week", "bookings_calendar:span", ("week", "today"), like="calendar-month"),
    Screen("calendar-month", "bookings_calendar:span", ("month", "today")),
    Screen("booking", "bookings:inspect", ("paid",), like="booking-attention"),
    Screen(
        "booking-timeline",
        "bookings:inspect",
        ("paid",),
        around=".w-panel:last-of-type",
        like="booking-attention",
    ),
    Screen("booking-actions", "bookings:inspect", ("paid",), then=menu, like="booking-attention"),
    Screen("booking-attention", "bookings:inspect", ("refund_failed",)),
    Screen("cancel", "bookings:cancel", ("paid",)),
    Screen("cancel-confirm", "bookings:cancel", ("paid",), then=submit),
    Screen("cancel-event", "bookings:cancel_event", ("group",)),
    Screen("refund", "bookings:refund", ("paid",), like="cancel"),
    Screen("retry-refund", "bookings:retry_refund", ("refund_failed",), like="note"),
    Screen("extend", "bookings:extend", ("waiting",), like="cancel"),
    Screen("ask-to-pay", "bookings:ask_to_pay", ("unpaid",), like="cancel"),
    Screen("waive", "bookings:waive", ("unpaid",), like="note"),
    Screen("try-again", "bookings:try_again", ("given_up",), like="note"),
    Screen("no-show", "bookings:no_show", ("over",), like="note"),
    Screen("undo-no-show", "bookings:undo_no_show", ("absent",), like="note"),
    Screen("note", "bookings:note", ("paid",)),
    Screen("resend", "bookings:resend", ("paid",), like="cancel"),
    Screen("acknowledge", "bookings:acknowledge", ("disputed", "disputes"), like="note"),
    bulk("acknowledge-several", "booking", "acknowledge", "disputed"),
    bulk("resend-several", "booking", "resend", "paid", like="acknowledge-several"),
    bulk("create-session-types", "eventtype", "create_session_types", "new"),
    bulk("publish-session-types", "sessiontype", "publish", "draft"),
    bulk(
        "unpublish-session-types",
        "sessiontype",
        "unpublish",
        "session_type",
        like="publish-session-types",
    ),
    Screen("for-client", "bookings:for_client", like="cancel"),
    Screen("client-link", "bookings:client_link", ("client",)),
    Screen("book-time", "bookings:book_time", ("client",), then=client),
    Screen("unlinked", "unlinked_appointments:index"),
    Screen("accept", "unlinked_appointments:accept", ("stray",), like="cancel"),
    Screen("unlinked-ask-to-pay", "unlinked_appointments:ask_to_pay", ("stray",), like="cancel"),
    Screen("unlinked-cancel", "unlinked_appointments:cancel", ("stray",), like="cancel"),
    Screen("link", "unlinked_appointments:link", ("stray",)),
    Screen("given-up", "given_up:index", like="deliveries"),
    Screen("discard", "given_up:discard", ("effect",), like="cancel"),
    Screen("deliveries", "stalled_deliveries:index"),
    Screen("delivery-again", "stalled_deliveries:try_again", ("delivery",), like="note"),
    Screen("delivery-discard", "stalled_deliveries:discard", ("delivery",), like="cancel"),
    Screen("report", "bookings_report:index"),
    Screen("personal-data", "personal_data:index", then=person),
    Screen("personal-data-done", "personal_data:done", query="?asked=0&paid=1"),
    Screen("erase", "bookings:erase", ("over",), like="note"),
)
