"""Answers are read leniently: what Calendly adds, leaves out or spells in two ways does no harm."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.calendly.conftest import payload
from wagtail_calendly.calendly import (
    CalendlyUnexpectedResponse,
    EventType,
    Invitee,
    ScheduledEvent,
    WebhookEnvelope,
)
from wagtail_calendly.calendly.parsing import parse
from wagtail_calendly.calendly.schemas import InviteePayment, Location

URI = "https://api.calendly.com/event_types/ET"
EVENT = {
    "uri": "https://api.calendly.com/scheduled_events/EV",
    "status": "active",
    "start_time": "2027-01-05T10:00:00Z",
    "end_time": "2027-01-05T10:30:00Z",
}


def test_a_full_invitee():
    invitee = Invitee.model_validate(payload("invitee_full")["resource"])
    assert invitee.payment.amount == Decimal("50.0")
    assert invitee.no_show.uri.endswith("/NS")
    assert (invitee.first_name, invitee.scheduling_method) == ("Vi", "instant_book")


def test_nulls_and_absent_fields_are_the_defaults():
    everything = EventType.model_fields.keys() - {"uri", "observed_at"}
    nulls = EventType.model_validate({"uri": URI} | dict.fromkeys(everything))
    absent = EventType.model_validate({"uri": URI, "observed_at": nulls.observed_at})
    assert nulls == absent
    assert absent.duration_options == ()


def test_unknown_fields_and_values_do_no_harm():
    event_type = EventType.model_validate(
        {"uri": URI, "kind": "swarm", "booking_method": "telepathy", "aura": {"blue": 1}}
    )
    assert (event_type.kind, event_type.is_group) == ("swarm", False)


@pytest.mark.parametrize("duration", [30, 30.0, "30"])
def test_a_duration_is_whole_minutes(duration):
    assert EventType.model_validate({"uri": URI, "duration": duration}).duration == 30


@pytest.mark.parametrize(("amount", "expected"), [(50.0, "50"), ("50.00", "50"), (0.1, "0.1")])
def test_amounts_are_exact_as_number_and_as_string(amount, expected):
    assert InviteePayment.model_validate({"amount": amount}).amount == Decimal(expected)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"type": "zoom"}, "zoom_conference"),
        ({"type": "zoom_conference"}, "zoom_conference"),
        ({"kind": "zoom_conference"}, "zoom_conference"),
        ({"kind": "physical", "location": "1 Main Street"}, "physical"),
        ({"type": "hologram"}, "hologram"),
        ({}, ""),
    ],
)
def test_locations_by_type_and_by_kind(said, kind):
    assert Location.model_validate(said).kind == kind


def test_locations_of_other_forms_keep_what_is_text():
    location = Location.model_validate(
        {"type": "custom", "location": {"x": 1}, "data": [], "status": 7}
    )
    assert (location.kind, location.location, location.status) == ("custom", "", "")


@pytest.mark.parametrize("location", [None, {"type": "google_conference", "join_url": None}])
def test_the_join_url_may_be_missing(location):
    event = ScheduledEvent.model_validate(EVENT | {"location": location})
    assert event.location is None or event.location.join_url == ""


def test_times_are_aware_and_in_utc():
    event = ScheduledEvent.model_validate(
        EVENT
        | {"start_time": "2027-01-05T12:00:00.678123+02:00", "end_time": "2027-01-05T10:30:00"}
    )
    assert event.start_time == datetime(2027, 1, 5, 10, 0, 0, 678123, tzinfo=UTC)
    assert event.start_time.tzinfo is UTC
    assert event.end_time.tzinfo is UTC


@given(st.text())
def test_any_text_for_a_time_is_a_time_in_utc_or_unexpected(text):
    try:
        event = parse(ScheduledEvent, EVENT | {"start_time": text})
    except CalendlyUnexpectedResponse:
        return
    assert event.start_time.utcoffset().total_seconds() == 0


def test_a_time_beyond_the_calendar_is_unexpected():
    with pytest.raises(CalendlyUnexpectedResponse):
        parse(ScheduledEvent, EVENT | {"start_time": "9999-12-31T23:59:59-14:00"})


def test_nul_characters_are_dropped():
    assert EventType.model_validate({"uri": URI, "name": "a\0b"}).name == "ab"


def test_resources_do_not_change():
    event_type = EventType.model_validate({"uri": URI})
    with pytest.raises(ValidationError, match="frozen"):
        event_type.name = "x"


def test_representations_show_no_personal_data():
    text = repr(WebhookEnvelope.model_validate(payload("webhook_invitee_canceled")))
    text += repr(Invitee.model_validate(payload("invitee_full")["resource"]))
    text += repr(ScheduledEvent.model_validate(payload("scheduled_event_canceled")["resource"]))
    for private in ("Sitor", "vi@", "guest@", "Birds", "ill", "cancellations", "zoom.us", "+336"):
        assert private not in text


def test_what_does_not_fit_is_told_by_place_and_not_by_value():
    broken = {"uri": "secret-uri", "status": "active", "event": 7, "created_at": "secret-time"}
    with pytest.raises(CalendlyUnexpectedResponse) as caught:
        parse(Invitee, broken)
    assert "created_at" in str(caught.value)
    assert "secret" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = sorted({*Invitee.model_fields, "canceled", "scheduled_event"})


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_json_is_an_invitee_or_unexpected(changes):
    sample = payload("webhook_invitee_created")["payload"]
    try:
        parse(Invitee, sample | changes)
    except CalendlyUnexpectedResponse:
        return
