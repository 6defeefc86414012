"""Beside the form of a session type, and in its preview: what an editor must know before publishing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import Site

from tests.blocks.conftest import make_page
from tests.factories import ConfirmedBookingFactory
from tests.snippets.conftest import make_event_type
from tests.snippets.test_admin import SESSIONS, fields, text
from tests.snippets.test_drift import change
from wagtail_calendly.snippets import look
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.snippets.side_panel import remarks
from wagtail_calendly.snippets.terms import terms_for

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]
Login = Callable[..., Client]


def form_of(client: Client, session: SessionType) -> str:
    return text(client.get(reverse(f"{SESSIONS}:edit", args=[session.pk])))


def test_says_what_changed_where_it_is_and_who_comes(
    admin: Client, make_session_type: Make
) -> None:
    session = make_session_type(event_type=make_event_type(name="Old name"))
    change(session.event_type, name="New name")
    shown = make_page({"sessions": [session]}, title="Where it is")
    BookingSettings.objects.create(site=Site.objects.get(), accent_color="#ffee88")
    moment = now() + timedelta(days=3)
    coming = ConfirmedBookingFactory(
        terms=terms_for(session), appointment__start_time=moment, appointment__name="Vi Sitor"
    )
    page = form_of(admin, session)
    for words in (
        "Old name → New name",
        shown.title,
        "Vi Sitor",
        "See and accept",
        "settings is so pale",
    ):
        assert words in page
    assert reverse("bookings:inspect", args=[coming.pk]) in page


@pytest.mark.survives("offer-permissions")
def test_who_may_not_see_bookings_or_pages_reads_of_neither(
    editor: Login, make_session_type: Make
) -> None:
    session = make_session_type()
    shown = make_page({"sessions": [session]}, title="Secret plans")
    ConfirmedBookingFactory(terms=terms_for(session), appointment__name="Vi Sitor")
    page = form_of(editor("change_sessiontype"), session)
    for words in ("Vi Sitor", "Next bookings", shown.title):
        assert words not in page
    assert "and 1 page more" in page


@pytest.mark.parametrize(
    ("columns", "words"),
    [({}, "neither a summary nor a description"),
     ({"accent_color": "#ffee88"}, "so pale"),
     ({"accent_color": "#14213d"}, "so dark"),
     ({"price": 6000, "currency": "EUR"}, "no cancellation policy")],
)  # fmt: skip
def test_remarks_on_what_would_be_better(
    columns: dict[str, Any], words: str, make_session_type: Make
) -> None:
    assert any(words in remark for remark in remarks(make_session_type(**columns)))


def test_has_nothing_to_say_of_what_is_well(make_session_type: Make) -> None:
    assert remarks(make_session_type(summary="All of it", accent_color="#0a6c74")) == []


@pytest.mark.parametrize(
    ("color", "pale", "dark"),
    [("#ffffff", True, False), ("#ffd400", True, False), ("#0a6c74", False, False),
     ("#14213d", False, True), ("#000000", False, True), ("", False, False), ("#zz", False, False)],
)  # fmt: skip
def test_what_hardly_stands_out_from_a_white_or_a_dark_page(
    color: str, pale: bool, dark: bool
) -> None:
    assert (look.is_pale(color), look.is_dark(color)) == (pale, dark)


@pytest.mark.parametrize(
    ("order", "words"),
    [("after", "which we keep for you for 30 minutes"), ("before", "Pay first, then choose")],
)
def test_the_preview_shows_card_and_panel_of_a_draft(
    order: str, words: str, admin: Client, make_session_type: Make
) -> None:
    session = make_session_type()
    url = reverse(f"{SESSIONS}:preview_on_edit", args=[session.pk])
    posted = fields(
        title="Drafted words", event_type="", price="60", currency="EUR",
        payment_order=order,
    )  # fmt: skip
    assert admin.post(url, posted).json()["is_valid"]
    page = text(admin.get(url, {"mode": ""}))
    assert page.count("Drafted words") >= 3
    for part in ("wc-card", "wc-panel", words):
        assert part in page
