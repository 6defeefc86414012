"""Webhook subscriptions: made, listed, refused, deleted; sample deliveries."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

URL = "http://127.0.0.1:9/hook/"


@pytest.fixture
def body(simulator):
    return {
        "url": URL,
        "events": ["invitee.created", "invitee.canceled"],
        "organization": simulator.organization,
        "user": simulator.user["uri"],
        "scope": "user",
        "signing_key": "a-key-of-some-length-0123456789",
    }


def create(simulator, body, **kwargs):
    return simulator.api("POST", "/webhook_subscriptions", json=body, **kwargs)


def test_made_listed_and_deleted(simulator, body):
    made = create(simulator, body)
    assert made.status_code == 201
    resource = made.json()["resource"]
    assert (resource["callback_url"], resource["state"]) == (URL, "active")
    assert "signing_key" not in resource
    owners = {key: body[key] for key in ("organization", "user", "scope")}
    listed = simulator.api("GET", "/webhook_subscriptions", params=owners)
    assert listed.json()["collection"] == [resource]
    path = urlsplit(resource["uri"]).path
    assert simulator.api("GET", path).json()["resource"] == resource
    assert simulator.api("DELETE", path).status_code == 204
    assert simulator.api("GET", path).status_code == 404


def test_the_same_address_in_the_same_scope_is_a_conflict(simulator, body):
    create(simulator, body)
    again = create(simulator, body)
    assert (again.status_code, again.json()["message"]) == (
        409,
        "Hook with this url already exists",
    )
    assert create(simulator, {**body, "scope": "organization"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"events": []}, "events"),
        ({"events": ["invitee.rescheduled"]}, "events"),
        ({"events": ["routing_form_submission.created"]}, "events"),
        ({"url": "not an address"}, "url"),
        ({"scope": "planet"}, "scope"),
        ({"made_up": True}, "made_up"),
    ],
)
def test_what_is_wrong_is_named(simulator, body, change, parameter):
    refused = create(simulator, {**body, **change})
    assert refused.status_code == 400
    assert refused.json()["details"][0]["parameter"] == parameter


def test_user_scope_needs_its_user(simulator, body):
    del body["user"]
    assert create(simulator, body).json()["details"][0]["parameter"] == "user"


def test_a_missing_read_scope_is_a_plain_400(simulator, body):
    simulator.token("writer", scopes=["webhooks:write"])
    refused = create(simulator, body, token="writer")
    assert refused.status_code == 400
    assert refused.json() == {
        "title": "Invalid Argument",
        "message": "The supplied parameters are invalid.",
    }


def test_role_and_plan_may_refuse(simulator, body):
    simulator.role("user")
    everybody = {**body, "scope": "organization"}
    assert create(simulator, everybody).status_code == 403
    assert create(simulator, body).status_code == 201
    simulator.plan(webhooks=False)
    refused = create(simulator, {**body, "url": URL + "other/"})
    assert (refused.status_code, "upgrade" in refused.json()["message"]) == (403, True)


@pytest.mark.parametrize(
    "event", ["invitee.canceled", "invitee_no_show.created", "event_type.updated"]
)
def test_a_sample_is_a_bare_envelope(simulator, event):
    params = {"event": event, "organization": simulator.organization, "scope": "organization"}
    sample = simulator.api("GET", "/sample_webhook_data", params=params).json()
    assert sample["event"] == event
    assert (
        simulator.api("GET", "/scheduled_events", params={"user": simulator.user["uri"]}).json()[
            "collection"
        ]
        == []
    )
