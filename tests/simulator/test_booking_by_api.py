"""POST /invitees and everything it refuses."""

from __future__ import annotations

import pytest

TRACKING = {
    "utm_campaign": None,
    "utm_source": "wagtail",
    "utm_medium": None,
    "utm_content": "ref-1",
    "utm_term": None,
    "salesforce_uuid": None,
}


@pytest.fixture
def body(simulator, window):
    uri = simulator.event_type()["uri"]
    params = {"event_type": uri, **window}
    free = simulator.api("GET", "/event_type_available_times", params=params).json()["collection"]
    return {
        "event_type": uri,
        "start_time": free[0]["start_time"],
        "invitee": {"name": "Vi", "email": "vi@example.org", "timezone": "Europe/Paris"},
        "location": {"kind": "zoom_conference"},
        "tracking": TRACKING,
    }


def test_a_free_time_is_booked_once(simulator, body):
    made = simulator.api("POST", "/invitees", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["resource"]["tracking"] == TRACKING
    assert made.json()["resource"]["scheduling_method"] == "api"
    assert simulator.api("POST", "/invitees", json=body).status_code == 409


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"invitee": {"name": "Vi", "email": "vi@example.org"}}, "invitee.timezone"),
        ({"invitee": {"email": "v@example.org", "timezone": "UTC"}}, "invitee.name"),
        ({"invitee": {"name": "V", "email": "v", "timezone": "UTC"}}, "invitee.email"),
        ({"invitee": {"name": "V", "email": "v@e.org", "timezone": "X/Y"}}, "invitee.timezone"),
        ({"tracking": {"utm_content": "x"}}, "tracking.utm_campaign"),
        ({"location": {"kind": "physical", "location": "x"}}, "location.kind"),
        ({"start_time": "2026-01-05T10:00:00Z"}, "start_time"),
        ({"start_time": "tomorrow"}, "start_time"),
        ({"event_guests": [f"g{n}@example.org" for n in range(11)]}, "event_guests"),
        ({"made_up": 1}, "made_up"),
        ({"event_type": "consultation"}, "event_type"),
    ],
)
def test_what_is_wrong_is_named(simulator, body, change, parameter):
    refused = simulator.api("POST", "/invitees", json={**body, **change})
    assert refused.status_code == 400
    assert refused.json()["details"][0]["parameter"] == parameter


@pytest.mark.parametrize("slug", ["summer-school", "paid-coaching"])
def test_inactive_and_paid_types_are_refused(simulator, body, slug):
    body["event_type"] = simulator.event_type(slug)["uri"]
    refused = simulator.api("POST", "/invitees", json=body)
    assert refused.json()["details"][0]["parameter"] == "event_type"


def test_round_robin_takes_no_location(simulator, body):
    body["event_type"] = simulator.event_type("support")["uri"]
    refused = simulator.api("POST", "/invitees", json=body)
    assert refused.json()["details"][0]["parameter"] == "location"
    del body["location"]
    assert simulator.api("POST", "/invitees", json=body).status_code == 201


def test_required_questions_must_be_answered(simulator, body):
    body["event_type"] = simulator.event_type("project-start")["uri"]
    body["location"] = {"kind": "ask_invitee", "location": "Here"}
    refused = simulator.api("POST", "/invitees", json=body)
    messages = [detail["message"] for detail in refused.json()["details"]]
    assert messages == ["must answer: Name of your organization", "must answer: What is the goal?"]


@pytest.mark.parametrize("sent", [b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_object_is_refused(simulator, sent):
    assert simulator.api("POST", "/invitees", content=sent).status_code == 400
