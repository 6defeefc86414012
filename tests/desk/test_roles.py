"""Who may what: every address of ours in the admin, for each of the five permissions. A new address must be added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import ModelLogEntry

from tests.desk.conftest import paid_booking, priced_terms
from tests.factories import AppointmentFactory
from tests.tour.screens import EVENT_TYPES, SCREENS
from wagtail_calendly.bookings.models import Effect, Note, Payment, Request, WebhookDelivery
from wagtail_calendly.snippets.models import CancellationPolicy

pytestmark = pytest.mark.django_db

ROLES = ("nobody", "view", "manage", "refund", "configure", "erase")
LISTED = "index index_results"
#: By permission, then by viewset: the names of addresses. `other`: Wagtail's own permissions of snippets and
#: settings decide, and none of the five opens them.
MATRIX: dict[str, dict[str, str]] = {
    "view": {
        "bookings": f"{LISTED} inspect",
        "bookings_calendar": "index span span_results",
        "bookings_report": LISTED,
        "unlinked_appointments": LISTED,
        "given_up": LISTED,
        "stalled_deliveries": LISTED,
    },
    "manage": {
        "bookings": (
            "acknowledge ask_to_pay book_time cancel cancel_event client_link extend for_client free_times"
            " no_show note resend try_again undo_no_show waive"
        ),
        "unlinked_appointments": "accept ask_to_pay cancel link",
        "stalled_deliveries": "try_again discard",
        "given_up": "discard",
    },
    "refund": {"bookings": "refund retry_refund"},
    "configure": {"calendly_connection": "index check endpoint subscription sync test"},
    "erase": {"bookings": "erase", "personal_data": "index done erase export"},
    "other": {
        "wagtail_calendly_event_types": f"{LISTED} inspect sync sync_progress changes replace",
        "booking_mails": "index html test",
        "wagtailsnippets_wagtail_calendly_sessiontype": "list add edit delete copy history unpublish",
        "wagtailsnippets_wagtail_calendly_cancellationpolicy": "list add edit delete copy history",
    },
}
WEEK = ["week", "2027-01-04"]
ARGS = {"bookings_calendar:span": WEEK, "bookings_calendar:span_results": WEEK}
#: Wagtail's own views, which nothing of ours changes.
WAGTAILS = ("wagtailsnippet", "wagtail_calendly_event_type_chooser")
BULK = {"acknowledge": "manage", "resend": "manage", "erase": "erase"}
CODE = "refund_failed"


def _rows() -> Iterator[tuple[str, str]]:
    for permission, viewsets in MATRIX.items():
        for viewset, names in viewsets.items():
            for name in names.split():
                yield permission, f"{viewset}:{name}"


def _addresses(patterns: Iterable[Any], space: str = "", route: str = "") -> Iterator[str]:
    """The names of all addresses in the admin that are ours, by their path or their code."""
    for one in patterns:
        path = f"{route}{one.pattern}"
        if hasattr(one, "url_patterns"):
            yield from _addresses(one.url_patterns, one.namespace or space, path)
            continue
        view = getattr(one.callback, "view_class", one.callback)
        is_ours = "calendly" in path or view.__module__.startswith("wagtail_calendly.")
        if path.startswith("admin/") and is_ours:
            yield f"{space}:{one.name}"


@pytest.mark.survives("desk-permissions")
def test_every_address_is_in_the_matrix() -> None:
    named = {name for _, name in _rows()}
    served = set(_addresses(get_resolver().url_patterns))
    assert {name for name in served if not name.startswith(WAGTAILS)} - named == set()
    assert named - served == set()


@pytest.fixture
def numbers() -> dict[str, int]:
    """By viewset, the number of a row that its addresses are asked about."""
    booking = paid_booking()
    stray = AppointmentFactory(booking=None, event_type=priced_terms().event_type)
    delivery = WebhookDelivery.objects.create(digest="d", state="dead", sender="stripe")
    return {
        "bookings": booking.pk,
        "unlinked_appointments": stray.pk,
        "stalled_deliveries": delivery.pk,
        "wagtail_calendly_event_types": booking.terms.event_type.pk,
        "wagtailsnippets_wagtail_calendly_sessiontype": booking.terms.session_type.pk,
        "wagtailsnippets_wagtail_calendly_cancellationpolicy": CancellationPolicy.objects.get().pk,
    }


def _url(name: str, numbers: dict[str, int]) -> str:
    if name in ARGS:
        return reverse(name, args=ARGS[name])
    number = numbers.get(name.split(":")[0], 0)
    for args in ([], [number]):
        with suppress(NoReverseMatch):
            return reverse(name, args=args)
    return reverse(name, args=[number, CODE])


def _is_refused(client: Client, url: str) -> bool:
    """Whether it leads home, whichever way it is asked for; then nothing was done."""
    answers = [client.get(url), client.post(url, {"shown": ""})]
    refused = [
        answer.status_code in (403, 405)
        or (answer.status_code, answer.get("Location")) == (302, "/admin/")
        for answer in answers
    ]
    assert len(set(refused)) == 1, (url, answers)
    return refused[0]


@pytest.mark.survives("desk-permissions")
def test_each_address_opens_to_its_permission_and_to_no_other(
    signed_in: Callable[..., Client], numbers: dict[str, int], settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = {}  # who may, asks Calendly for free times
    clients = {role: signed_in(*(["view", role] if role != "nobody" else [])) for role in ROLES}
    clients["view"] = signed_in("view")
    for permission, name in _rows():
        url = _url(name, numbers)
        for role, client in clients.items():
            may = permission == role or (permission == "view" and role != "nobody")
            if not may:
                assert _is_refused(client, url), (name, role)
            elif permission == role:
                assert client.get(url).get("Location") != "/admin/", (name, role)
    assert not Request.objects.exists()
    assert not Note.objects.exists()
    assert not ModelLogEntry.objects.filter(user__isnull=False).exists()
    assert Payment.objects.count() == 1
    assert not Effect.objects.exclude(kind="notify").exists()
    assert WebhookDelivery.objects.get().state == "dead"


@pytest.mark.survives("desk-permissions")
def test_what_is_done_to_several_at_once_needs_its_permission(
    signed_in: Callable[..., Client],
) -> None:
    served = bulk_action_registry.get_bulk_actions_for_model("wagtail_calendly", "booking")
    assert {action.action_type for action in served} == set(BULK)
    disputed = paid_booking(dispute="open")
    for role in ROLES[1:]:
        client = signed_in("view", role) if role != "view" else signed_in("view")
        for action, permission in BULK.items():
            url = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", action])
            url += f"?id={disputed.pk}"
            said = {"code": "disputed", "mail": "paid", "chosen": str(disputed.pk)}
            if role != permission:
                assert _is_refused(client, url), (action, role)
                assert client.post(url, said)["Location"] == "/admin/"
            else:
                assert client.get(url).status_code == 200
    assert not Request.objects.exists()


def test_two_groups_are_suggested() -> None:
    managers, viewers = (
        set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        for name in ("Booking managers", "Booking viewers")
    )
    # Wagtail lets whoever comes into the admin choose images and documents.
    viewers -= {"choose_image", "choose_document"}
    assert viewers == {"access_admin", "view_booking"}
    assert managers - {"choose_image", "choose_document"} == viewers | {
        "manage_booking",
        "refund_booking",
    }


def test_every_screen_is_on_the_tour_and_so_in_the_guide() -> None:
    toured = {screen.address for screen in SCREENS}
    assert {name for _, name in _rows() if not name.startswith("wagtailsnippets")} - toured == {
        # What is not looked at: parts of screens, files, and what only takes a POST.
        "bookings:index_results",
        "bookings:free_times",
        "bookings_calendar:index",
        "bookings_calendar:span_results",
        "bookings_report:index_results",
        "unlinked_appointments:index_results",
        "given_up:index_results",
        "stalled_deliveries:index_results",
        "calendly_connection:check",
        "calendly_connection:endpoint",
        "calendly_connection:subscription",
        "calendly_connection:sync",
        "calendly_connection:test",
        "personal_data:erase",
        "personal_data:export",
        f"{EVENT_TYPES}:index_results",
        f"{EVENT_TYPES}:sync",
        f"{EVENT_TYPES}:sync_progress",
        "booking_mails:html",
        "booking_mails:test",
    }
