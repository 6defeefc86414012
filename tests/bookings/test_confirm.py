"""The browser's word, checked with Calendly; every way in which Calendly may not answer."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from tests.bookings.conftest import mint_for
from tests.factories import default_site
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.confirm import booked, confirm
from wagtail_calendly.bookings.models import Appointment, Booking, Connection, Effect
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import InvalidReference, NotOurBooking

NOWHERE = "https://api.calendly.com/scheduled_events/EV/invitees/IN"


def book(calendly: Any, reference: Any, **details: Any) -> str:
    """Book as a visitor would in the embedded calendar; returns the invitee's URI."""
    made = calendly.book(
        details.pop("slug", "consultation"), tracking={"utm_content": reference.text}, **details
    )
    uri: str = made["invitee"]["uri"]
    return uri


def soon(**delta: float) -> Any:
    return timezone.now() + timedelta(**delta)


def test_what_calendly_confirms_is_confirmed(calendly, offered):
    uri = book(calendly, offered)
    booking = confirm(offered.text, uri, site=default_site(), tracking={"utm_source": "news"})
    assert booking.status == "confirmed"
    assert booking.calendly_invitee_uri == uri
    assert booking.tracking == {"utm_source": "news"}
    assert booking.claimed_at
    again = confirm(offered.text, uri, site=default_site())
    assert (again.pk, again.version) == (booking.pk, booking.version)


def test_what_a_webhook_told_needs_no_call(calendly, offered):
    uri = book(calendly, offered)
    confirm(offered.text, uri, site=default_site())
    calendly.clear_requests()
    confirm(offered.text, uri, site=default_site())
    assert calendly.requests() == []


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "nonsense",
        "http://169.254.169.254/scheduled_events/EV/invitees/IN",
        "https://api.calendly.com@evil.example/scheduled_events/EV/invitees/IN",
        "https://api.calendly.com/scheduled_events/../users/me",
        "https://api.calendly.com/scheduled_events/EV/invitees/IN\r\nX: y",
    ],
)
def test_a_uri_of_another_form_is_never_requested(calendly, offered, uri):
    with pytest.raises(NotOurBooking):
        confirm(offered.text, uri, site=default_site())
    assert calendly.requests() == []
    assert not Booking.objects.exists()


def test_an_unknown_invitee_changes_nothing(calendly, offered):
    with pytest.raises(NotOurBooking):
        confirm(offered.text, NOWHERE, site=default_site())
    assert not Booking.objects.exists()


def test_another_persons_invitee_changes_nothing(calendly, offered):
    theirs = book(calendly, mint_for("consultation"))
    without = calendly.book("consultation")["invitee"]["uri"]
    for uri in (theirs, without):
        with pytest.raises(NotOurBooking):
            confirm(offered.text, uri, site=default_site())
    assert not Booking.objects.exists()
    assert not Appointment.objects.exists()


def test_an_invitee_of_another_event_type_changes_nothing(calendly, offered):
    other = next(
        item["slug"]
        for item in calendly.api(
            "GET", "/event_types", params={"organization": calendly.organization, "active": "true"}
        ).json()["collection"]
        if item["slug"] != "consultation" and not item["custom_questions"]
    )
    uri = book(calendly, offered, slug=other)
    with pytest.raises(NotOurBooking):
        confirm(offered.text, uri, site=default_site())
    assert not Booking.objects.exists()


@pytest.mark.survives("claimed-for-another")
def test_an_invitee_older_than_the_reference_changes_nothing(calendly, offered):
    calendly.clock(-3600)
    uri = book(calendly, offered)
    with pytest.raises(NotOurBooking):
        confirm(offered.text, uri, site=default_site())
    assert not Booking.objects.exists()


@pytest.mark.survives("claimed-for-another")
def test_the_second_use_of_a_reference_is_refused(calendly, offered):
    first, second = book(calendly, offered), book(calendly, offered)
    confirm(offered.text, first, site=default_site())
    with pytest.raises(NotOurBooking):
        confirm(offered.text, second, site=default_site())
    assert Booking.objects.get().calendly_invitee_uri == first


def test_a_reference_of_another_site_is_refused(calendly, offered):
    other = Site.objects.create(hostname="other.testserver", root_page=default_site().root_page)
    uri = book(calendly, offered)
    for site in (other, None):
        with pytest.raises(InvalidReference):
            confirm(offered.text, uri, site=site)
        with pytest.raises(InvalidReference):
            booked(offered.text, site=site)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "A" * 52])
def test_a_forged_reference_is_refused(calendly, offered, text):
    with pytest.raises(InvalidReference):
        confirm(text, NOWHERE, site=default_site())
    assert calendly.requests() == []


@pytest.mark.survives("calendly-fails")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503}, id="down"),
        pytest.param({"status": 429}, id="busy"),
        pytest.param({"drop_connection": True}, id="cut off"),
        pytest.param({"status": 502, "html": True}, id="HTML"),
        pytest.param({"truncate": True}, id="truncated"),
    ],
)
def test_while_calendly_does_not_answer_the_booking_is_pending(calendly, offered, fault):
    uri = book(calendly, offered)
    calendly.fault("GET /scheduled_events", times=99, **fault)
    booking = confirm(offered.text, uri, site=default_site())
    assert (booking.status, booking.claimed_invitee_uri) == ("pending", uri)
    calendly.clear_faults()
    effects.perform_due(soon(minutes=2))
    booking.refresh_from_db()
    if booking.status == "pending":  # a busy account is left alone for as long as it asked
        effects.perform(booking.effects.get().pk, seconds=3)
        booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert booking.effects.get().state == "done"


def test_i_have_booked_my_time(calendly, offered):
    book(calendly, offered)
    booking = booked(offered.text, site=default_site())
    assert booking.status == "confirmed"
    assert booking.effects.get().state == "done"


def test_i_have_booked_my_time_too_early(calendly, offered):
    booking = booked(offered.text, site=default_site())
    assert booking.status == "pending"
    effect = booking.effects.get()
    assert (effect.state, effect.tries, effect.error) == ("open", 0, "")
    assert effect.next_try_at > timezone.now()
    book(calendly, offered)
    assert booked(offered.text, site=default_site()).status == "confirmed"


def test_i_have_booked_a_group_event_that_others_booked_before(calendly, offered):
    groups = [
        item["slug"]
        for item in calendly.api(
            "GET", "/event_types", params={"organization": calendly.organization}
        ).json()["collection"]
        if item["kind"] == "group"
    ]
    slug = groups[0]
    calendly.clock(-7200)
    start = calendly.book(slug)["event"]["start_time"]
    calendly.clock(0)
    reference = mint_for(slug)
    uri = book(calendly, reference, slug=slug, start_time=start)
    booking = booked(reference.text, site=default_site())
    assert booking.calendly_invitee_uri == uri


def test_a_claim_without_a_trace_is_dropped_after_a_day(calendly, offered):
    booking = booked(offered.text, site=default_site())
    assert settle(booking.pk, because="clock", now=soon(hours=25)).status == "abandoned"
    effect = booking.effects.get()
    Booking.objects.filter(pk=booking.pk).update(claimed_at=soon(hours=-25))
    assert effects.perform(effect.pk).state == "ignored"
    late = book(calendly, offered)
    again = booked(offered.text, site=default_site())
    assert (again.status, again.calendly_invitee_uri) == ("confirmed", late)


@pytest.mark.survives("token-revoked")
def test_a_dead_token_is_reported_once_and_work_resumes(calendly, caplog):
    references = [mint_for("consultation") for _ in range(3)]
    for reference in references:
        book(calendly, reference)
    calendly.token(valid=False)
    with caplog.at_level(logging.ERROR):
        for reference in references:
            assert booked(reference.text, site=default_site()).status == "pending"
        calendly.clear_requests()
        effects.perform_due(soon(hours=1))
    assert len(calendly.requests()) == 1
    assert len([entry for entry in caplog.records if "does not work" in entry.message]) == 1
    assert "access token" in Connection.objects.get().problem
    assert set(Effect.objects.values_list("state", "tries")) == {("open", 0)}
    calendly.token(valid=True)
    effects.perform_due(soon(hours=1))
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}
    assert Connection.objects.get().problem == ""


def test_a_missing_scope_says_which(calendly, offered):
    book(calendly, offered)
    calendly.token(scopes=["users:read"])
    assert booked(offered.text, site=default_site()).status == "pending"
    assert "scheduled_events:read" in Connection.objects.get().problem


def test_without_a_token_the_claim_is_kept(calendly, offered, settings):
    settings.WAGTAIL_CALENDLY = {}
    uri = book(calendly, offered)
    assert confirm(offered.text, uri, site=default_site()).status == "pending"


def test_effects_refuse_to_run_inside_a_transaction(calendly, offered):
    booking = booked(offered.text, site=default_site())
    with pytest.raises(RuntimeError), transaction.atomic():
        effects.perform(booking.effects.get().pk)


def test_the_transport_of_these_tests_would_notice_a_transaction(calendly, offered):
    """Negative control."""
    uri = book(calendly, offered)
    with pytest.raises(AssertionError, match="inside a transaction"), transaction.atomic():
        confirm(offered.text, uri, site=default_site())
