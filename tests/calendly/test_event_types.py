"""Endpoints of event types: what is sent, and what becomes of the documented answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.calendly.conftest import answer

API = "https://api.calendly.com"
USER = f"{API}/users/USER"
ORGANIZATION = f"{API}/organizations/ORG"
EVENT_TYPE = f"{API}/event_types/ET"
TEN = datetime(2027, 1, 5, 10, tzinfo=UTC)


def test_event_types(client, far_end):
    far_end.answers = [answer("event_types")]
    [event_type] = client.event_types(organization=ORGANIZATION, active=True)
    assert event_type.uri == EVENT_TYPE
    assert dict(far_end.last.url.params) == {
        "organization": ORGANIZATION,
        "active": "true",
        "count": "100",
    }


def test_event_type_pages(client, far_end):
    far_end.answers = [answer("event_types")]
    [page] = client.event_type_pages(user=USER)
    assert [event_type.duration for event_type in page] == [30]


def test_event_type(client, far_end):
    far_end.answers = [answer("event_type")]
    event_type = client.event_type(EVENT_TYPE)
    assert far_end.last.url.path == "/event_types/ET"
    assert event_type.custom_questions[0].type == "text"
    assert event_type.locations[0].kind == "zoom_conference"


def test_available_times(client, far_end):
    far_end.answers = [answer("event_type_available_times")]
    local = timezone(timedelta(hours=2))
    [time] = client.available_times(EVENT_TYPE, TEN.astimezone(local), TEN + timedelta(days=7))
    assert time.start_time == TEN
    assert dict(far_end.last.url.params) == {
        "event_type": EVENT_TYPE,
        "start_time": "2027-01-05T10:00:00.000000Z",
        "end_time": "2027-01-12T10:00:00.000000Z",
    }


def test_times_without_a_zone_are_refused_before_anything_is_sent(client, far_end):
    with pytest.raises(ValueError, match="time zone"):
        client.available_times(EVENT_TYPE, datetime(2027, 1, 5), TEN)
    assert far_end.requests == []


def test_create_scheduling_link(client, far_end):
    far_end.answers = [answer("scheduling_link", 201)]
    link = client.create_scheduling_link(EVENT_TYPE)
    assert link.booking_url == "https://calendly.com/d/abcd-brv8/consultation"
    assert far_end.last_json == {
        "max_event_count": 1,
        "owner": EVENT_TYPE,
        "owner_type": "EventType",
    }
