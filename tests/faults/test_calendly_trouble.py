"""Calendly fails, refuses or changes its mind: work is kept, visitors get another way, and it goes on by itself."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import default_site
from tests.faults.conftest import Visitor, book
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import reconcile
from wagtail_calendly.bookings.confirm import booked, confirm
from wagtail_calendly.bookings.models import Booking, Connection, Effect, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets import sync
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db


def page_of(session_type: SessionType) -> str:
    address = reverse("wagtail_calendly:session", args=[session_type.pk, session_type.slug])
    return str(Client().get(address).content.decode())


@pytest.mark.survives("token-revoked")
@pytest.mark.django_db(transaction=True)
def test_a_revoked_token_keeps_the_queue_shows_a_way_out_and_resumes_when_mended(
    calendly: Simulator,
    session_type: SessionType,
    reference: Reference,
    caplog: pytest.LogCaptureFixture,
) -> None:
    book(calendly, reference)
    assert "<calendly-embed" in page_of(session_type)
    calendly.token(valid=False)
    for _visit in range(3):
        assert booked(reference.text, site=default_site()).status == Status.PENDING
    calendly.clear_requests()
    now = timezone.now()
    for minutes in (6, 12, 18):
        reconcile.tick(now + timedelta(minutes=minutes))
    assert Effect.objects.get().state == "open"
    assert Effect.objects.get().tries == 0
    # A frame would show an error of Calendly's; the plain link may still work.
    page = page_of(session_type)
    assert "<calendly-embed" not in page
    assert session_type.event_type.scheduling_url in page
    alerts = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert ["does not work" in one.message for one in alerts] == [True]
    calendly.token(valid=True)
    Effect.objects.update(next_try_at=now)
    reconcile.tick(now + timedelta(minutes=24))
    assert Booking.objects.get().status == Status.CONFIRMED
    assert "<calendly-embed" in page_of(session_type)
    assert Connection.objects.get().problem == ""


@pytest.mark.survives("calendly-fails")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 429}, id="too many requests"),
        pytest.param({"status": 500}, id="server error"),
        pytest.param({"delay": 5}, id="late answer"),
    ],
)
def test_a_booking_is_kept_while_calendly_fails_and_confirmed_when_it_works(
    calendly: Simulator, reference: Reference, fault: dict[str, Any]
) -> None:
    invitee = book(calendly, reference)["invitee"]["uri"]
    calendly.fault("GET /scheduled_events", times=None, **fault)
    assert confirm(reference.text, invitee, site=default_site()).status == Status.PENDING
    calendly.clear_faults()
    assert confirm(reference.text, invitee, site=default_site()).status == Status.CONFIRMED
    assert Booking.objects.count() == 1


@pytest.mark.survives("calendly-fails")
def test_a_link_whose_answer_is_lost_leads_to_one_booking(
    calendly: Simulator, settings: Any, session_type: SessionType, visitor: Visitor
) -> None:
    """Making a link cannot be repeated safely: one may be left over, but both carry the one reference."""
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"SINGLE_USE_LINKS": True}
    calendly.fault("POST /scheduling_links", drop_connection=True, perform=True)
    assert visitor.say("scheduling_links", session_type=session_type.pk).status_code == 503
    first = visitor.say("scheduling_links", session_type=session_type.pk).json()
    again = visitor.say("scheduling_links", session_type=session_type.pk).json()
    assert again == first
    made = [call for call in calendly.requests() if call["path"] == "/scheduling_links"]
    assert len(made) == 2


@pytest.mark.survives("event-type-gone")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"deleted": True}, id="deleted"),
        pytest.param({"active": False}, id="switched off"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_an_event_type_that_is_gone_is_offered_no_more_and_its_bookings_stay(
    calendly: Simulator,
    session_type: SessionType,
    reference: Reference,
    change: dict[str, Any],
) -> None:
    invitee = book(calendly, reference)["invitee"]["uri"]
    booking = confirm(reference.text, invitee, site=default_site())
    calendly.event_types(slug="consultation", **change)
    sync.sync()
    assert "<calendly-embed" not in page_of(session_type)
    assert Client().get(f"/calendly/api/session-types/{session_type.pk}").status_code == 404
    status = Client().get(reverse("wagtail_calendly:status", args=[booking.token]))
    assert "Your session is booked." in status.content.decode()
    assert session_type.title in status.content.decode()
    reconcile.tick()
    assert Booking.objects.get().status == Status.CONFIRMED


@pytest.mark.survives("event-type-gone")
def test_a_renamed_event_type_changes_no_word_of_the_editor(
    calendly: Simulator, session_type: SessionType
) -> None:
    title = session_type.title
    calendly.event_types(slug="consultation", name="Renamed")
    sync.sync()
    session_type.refresh_from_db()
    session_type.event_type.refresh_from_db()
    assert (session_type.title, session_type.event_type.name) == (title, "Renamed")
    assert title in page_of(session_type)
