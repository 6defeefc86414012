"""The simulator's answers and webhooks held to Calendly's published shapes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.contracts import schemas
from tests.contracts.grammar import Schema, collection, hold, resource
from tests.contracts.schemas import page


def get(simulator, address: str, **params):
    response = simulator.api("GET", urlsplit(address).path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def everybody(simulator):
    return {"organization": simulator.organization}


def test_people(simulator, everybody):
    hold(resource(schemas.USER), get(simulator, "/users/me"))
    hold(resource(schemas.USER), get(simulator, simulator.user["uri"]))
    hold(page(schemas.MEMBERSHIP), get(simulator, "/organization_memberships", **everybody))


def test_event_types(simulator, everybody):
    listed = get(simulator, "/event_types", **everybody, count=3)
    hold(page(schemas.EVENT_TYPE), listed)
    assert listed["pagination"]["next_page_token"]
    rest = {**everybody, "page_token": listed["pagination"]["next_page_token"]}
    hold(page(schemas.EVENT_TYPE), get(simulator, "/event_types", **rest))
    for event_type in simulator.state["event_types"]:
        hold(resource(schemas.EVENT_TYPE), get(simulator, event_type["uri"]))
    deleted = simulator.event_types(slug="consultation", deleted=True)
    hold(resource(schemas.EVENT_TYPE), get(simulator, deleted["uri"]))


def test_offers(simulator):
    start = datetime.now(UTC) + timedelta(hours=1)
    window = {"start_time": start.isoformat(), "end_time": (start + timedelta(9)).isoformat()}
    event_type = simulator.event_type()["uri"]
    free = get(simulator, "/event_type_available_times", event_type=event_type, **window)
    assert free["collection"]
    hold(collection(schemas.AVAILABLE_TIME), free)
    body = {"max_event_count": 1, "owner": event_type, "owner_type": "EventType"}
    made = simulator.api("POST", "/scheduling_links", json=body)
    hold(resource(schemas.SCHEDULING_LINK), made.json())


@pytest.mark.parametrize("slug", ["consultation", "workshop", "support", "site-review"])
def test_bookings_through_their_life(simulator, everybody, slug):
    booked = simulator.book(slug)
    moved = simulator.reschedule(booked["invitee"]["uri"])["new"]
    made = simulator.api("POST", "/invitee_no_shows", json={"invitee": moved["invitee"]["uri"]})
    hold(resource(schemas.NO_SHOW), made.json())
    hold(resource(schemas.NO_SHOW), get(simulator, made.json()["resource"]["uri"]))
    for stage in (booked, moved):
        hold(resource(schemas.SCHEDULED_EVENT), get(simulator, stage["event"]["uri"]))
        hold(resource(schemas.INVITEE), get(simulator, stage["invitee"]["uri"]))
        hold(page(schemas.INVITEE), get(simulator, stage["event"]["uri"] + "/invitees"))
    canceled = simulator.api("POST", urlsplit(moved["event"]["uri"]).path + "/cancellation")
    hold(resource(schemas.CANCELLATION), canceled.json())
    hold(page(schemas.SCHEDULED_EVENT), get(simulator, "/scheduled_events", **everybody))


def test_subscriptions(simulator, everybody):
    simulator.webhooks("hold")
    made = simulator.subscribe("https://site.example/hook/")
    hold(schemas.SUBSCRIPTION, made)
    hold(resource(schemas.SUBSCRIPTION), get(simulator, made["uri"]))
    listed = get(simulator, "/webhook_subscriptions", **everybody, scope="organization")
    hold(page(schemas.SUBSCRIPTION), listed)
    simulator.disable_subscriptions()
    hold(resource(schemas.SUBSCRIPTION), get(simulator, made["uri"]))


def told(event: str) -> Schema:
    about_types = event.startswith("event_type")
    payload = schemas.TOLD_EVENT_TYPE if about_types else schemas.TOLD_INVITEE
    return schemas.envelope(event, payload)


@pytest.mark.parametrize("slug", ["consultation", "workshop", "support"])
def test_webhooks(simulator, slug):
    simulator.webhooks("hold")
    events = [
        "invitee.created", "invitee.canceled", "invitee_no_show.created",
        "invitee_no_show.deleted", "event_type.created", "event_type.updated",
        "event_type.deleted",
    ]  # fmt: skip
    simulator.subscribe("http://127.0.0.1:9/", events=events)
    invitee = simulator.reschedule(simulator.book(slug)["invitee"]["uri"])["new"]["invitee"]["uri"]
    simulator.no_show(invitee)
    simulator.undo_no_show(invitee)
    simulator.cancel(invitee, by="host", reason="Ill")
    simulator.event_types(slug="new-one")
    simulator.event_types(slug="new-one", active=False)
    simulator.event_types(slug="new-one", deleted=True)
    deliveries = simulator.deliveries()
    assert {delivery["event"] for delivery in deliveries} == set(events)
    for delivery in deliveries:
        hold(told(delivery["event"]), json.loads(delivery["body"]))


@pytest.mark.parametrize(
    "event",
    ["invitee.created", "invitee.canceled", "invitee_no_show.created", "event_type.updated"],
)
def test_samples(simulator, everybody, event):
    sample = get(simulator, "/sample_webhook_data", event=event, scope="organization", **everybody)
    hold(told(event), sample)


def test_errors(simulator):
    simulator.token("narrow", scopes=[])
    refused = [
        simulator.http.get("/users/me"),
        simulator.api("GET", "/users/me", token="narrow"),
        simulator.api("GET", "/event_types"),
        simulator.api("GET", "/event_types/none"),
    ]
    simulator.fault(status=429)
    refused.append(simulator.api("GET", "/users/me"))
    simulator.fault(status=500)
    refused.append(simulator.api("GET", "/users/me"))
    assert [answer.status_code for answer in refused] == [401, 403, 400, 404, 429, 500]
    for answer in refused:
        hold(schemas.ERROR, answer.json())


def test_a_missing_field_would_be_noticed(simulator):
    invitee = simulator.book()["invitee"]
    for name in schemas.INVITEE["required"]:
        rest = {key: value for key, value in invitee.items() if key != name}
        with pytest.raises(AssertionError, match=name):
            hold(schemas.INVITEE, rest)


def test_an_extra_field_would_be_noticed(simulator):
    invitee = {**simulator.book()["invitee"], "made_up": 1}
    with pytest.raises(AssertionError, match="made_up"):
        hold(schemas.INVITEE, invitee)
