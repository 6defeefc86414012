"""Endpoints of scheduled events, invitees and no-shows: what is sent, and what becomes of the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from tests.calendly.conftest import answer
from wagtail_calendly.calendly import (
    CalendlyPermissionError,
    Cancellation,
    NewInvitee,
)
from wagtail_calendly.calendly.schemas import Location, QuestionAndAnswer, Tracking

API = "https://api.calendly.com"
USER = f"{API}/users/USER"
EVENT_TYPE = f"{API}/event_types/ET"
EVENT = f"{API}/scheduled_events/EV"
INVITEE = f"{API}/scheduled_events/EV/invitees/IN"
NO_SHOW = f"{API}/invitee_no_shows/NS"
TEN = datetime(2027, 1, 5, 10, tzinfo=UTC)


def test_scheduled_events(client, far_end):
    far_end.answers = [answer("scheduled_events")]
    [event] = client.scheduled_events(
        user=USER, status="active", min_start_time=TEN, invitee_email="vi@example.org"
    )
    assert event.uri == EVENT
    assert dict(far_end.last.url.params) == {
        "user": USER,
        "status": "active",
        "min_start_time": "2027-01-05T10:00:00.000000Z",
        "invitee_email": "vi@example.org",
        "sort": "start_time:asc",
        "count": "100",
    }


def test_scheduled_event(client, far_end):
    far_end.answers = [answer("scheduled_event")]
    event = client.scheduled_event(EVENT)
    assert far_end.last.url.path == "/scheduled_events/EV"
    assert (event.start_time, event.event_type) == (TEN, EVENT_TYPE)


@pytest.mark.parametrize(("reason", "body"), [("Ill", {"reason": "Ill"}), ("", {})])
def test_cancel_event(client, far_end, reason, body):
    far_end.answers = [answer("cancellation", 201)]
    cancellation = client.cancel_event(EVENT, reason)
    assert far_end.last.url.path == "/scheduled_events/EV/cancellation"
    assert far_end.last_json == body
    assert cancellation.canceler_type == "invitee"


def test_an_event_that_is_canceled_already_counts_as_canceled(client, far_end):
    refusal = {"title": "Permission Denied", "message": "Event is already canceled"}
    far_end.answers = [httpx.Response(403, json=refusal), answer("scheduled_event_canceled")]
    assert client.cancel_event(EVENT).reason == "I am ill."


def test_an_event_that_is_canceled_already_may_not_say_how(client, far_end):
    refusal = {"title": "Permission Denied", "message": "Event is already canceled"}
    far_end.answers = [httpx.Response(403, json=refusal), answer("scheduled_event")]
    assert client.cancel_event(EVENT) == Cancellation()


@pytest.mark.parametrize(
    "message", ["Event in the past", "You are not allowed to cancel this event"]
)
def test_other_refusals_to_cancel_are_errors(client, far_end, message):
    far_end.answers = [httpx.Response(403, json={"title": "Permission Denied", "message": message})]
    with pytest.raises(CalendlyPermissionError):
        client.cancel_event(EVENT)


def test_invitees(client, far_end):
    far_end.answers = [answer("invitees")]
    [invitee] = client.invitees(EVENT, status="active", email="vi@example.org")
    assert invitee.tracking.utm_content == "bk_3f9c"
    assert far_end.last.url.path == "/scheduled_events/EV/invitees"
    assert far_end.last.url.params["status"] == "active"
    assert far_end.last.url.params["email"] == "vi@example.org"


def test_invitee(client, far_end):
    far_end.answers = [answer("invitee", Date="Sun, 22 Nov 2026 18:00:00 GMT")]
    invitee = client.invitee(INVITEE)
    assert far_end.last.url.path == "/scheduled_events/EV/invitees/IN"
    assert (invitee.event, invitee.status, invitee.scheduled_event) == (EVENT, "active", None)
    assert invitee.observed_at == datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_create_invitee_sends_what_calendly_documents(client, far_end):
    far_end.answers = [answer("invitee", 201)]
    client.create_invitee(
        NewInvitee(
            event_type=EVENT_TYPE,
            start_time=TEN,
            name="Vi Sitor",
            email="vi@example.org",
            timezone="Europe/Paris",
            location=Location(kind="zoom_conference"),
            questions_and_answers=(QuestionAndAnswer(question="Topic?", answer="Birds"),),
            tracking=Tracking(utm_content="bk_3f9c"),
            event_guests=("guest@example.org",),
        )
    )
    assert far_end.last.url.path == "/invitees"
    assert far_end.last_json == {
        "event_type": EVENT_TYPE,
        "start_time": "2027-01-05T10:00:00.000000Z",
        "invitee": {"name": "Vi Sitor", "email": "vi@example.org", "timezone": "Europe/Paris"},
        "location": {"kind": "zoom_conference"},
        "questions_and_answers": [{"question": "Topic?", "answer": "Birds", "position": 0}],
        "tracking": {
            "utm_campaign": None,
            "utm_source": None,
            "utm_medium": None,
            "utm_content": "bk_3f9c",
            "utm_term": None,
            "salesforce_uuid": None,
        },
        "event_guests": ["guest@example.org"],
    }


def test_create_invitee_leaves_out_what_is_not_given(client, far_end):
    far_end.answers = [answer("invitee", 201)]
    client.create_invitee(
        NewInvitee(
            event_type=EVENT_TYPE, start_time=TEN, first_name="Vi", email="v@e.org", timezone="UTC"
        )
    )
    assert far_end.last_json == {
        "event_type": EVENT_TYPE,
        "start_time": "2027-01-05T10:00:00.000000Z",
        "invitee": {"first_name": "Vi", "email": "v@e.org", "timezone": "UTC"},
    }


def test_no_shows(client, far_end):
    far_end.answers = [answer("no_show", 201), httpx.Response(204)]
    assert client.create_no_show(INVITEE).uri == NO_SHOW
    assert far_end.last_json == {"invitee": INVITEE}
    client.delete_no_show(NO_SHOW)
    assert (far_end.last.method, far_end.last.url.path) == ("DELETE", "/invitee_no_shows/NS")
