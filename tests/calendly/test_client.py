"""Every endpoint: what is sent, and what becomes of the documented answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from tests.calendly.conftest import answer, payload
from wagtail_calendly.calendly import (
    CalendlyClient,
    CalendlyConflict,
    CalendlyInvalidRequest,
    CalendlyPermissionError,
    CalendlyUnexpectedResponse,
    Cancellation,
    InvalidCalendlyURI,
    NewInvitee,
    WebhookEnvelope,
)
from wagtail_calendly.calendly.schemas import Location, QuestionAndAnswer, Tracking

API = "https://api.calendly.com"
USER = f"{API}/users/USER"
ORGANIZATION = f"{API}/organizations/ORG"
EVENT_TYPE = f"{API}/event_types/ET"
EVENT = f"{API}/scheduled_events/EV"
INVITEE = f"{API}/scheduled_events/EV/invitees/IN"
NO_SHOW = f"{API}/invitee_no_shows/NS"
SUBSCRIPTION = f"{API}/webhook_subscriptions/WH"
TEN = datetime(2027, 1, 5, 10, tzinfo=UTC)


def test_every_request_carries_the_token_and_asks_for_json(client, far_end):
    far_end.answers = [answer("user")]
    client.current_user()
    assert far_end.last.headers["Authorization"] == "Bearer secret-token"
    assert far_end.last.headers["Accept"] == "application/json"
    assert str(far_end.last.url) == f"{API}/users/me"


def test_current_user(client, far_end):
    far_end.answers = [answer("user", Date="Sun, 22 Nov 2026 18:00:00 GMT")]
    user = client.current_user()
    assert (user.uri, user.current_organization) == (USER, ORGANIZATION)
    assert user.observed_at == datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_organization_memberships(client, far_end):
    far_end.answers = [answer("organization_memberships")]
    [membership] = client.organization_memberships(user=USER)
    assert membership.is_admin
    assert membership.user.email == "ada@example.org"
    assert dict(far_end.last.url.params) == {"user": USER, "count": "100"}


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


def test_webhook_subscriptions(client, far_end):
    far_end.answers = [answer("webhook_subscriptions")]
    [subscription] = client.webhook_subscriptions(
        organization=ORGANIZATION, scope="user", user=USER
    )
    assert subscription.is_active
    assert dict(far_end.last.url.params) == {
        "organization": ORGANIZATION,
        "scope": "user",
        "user": USER,
        "count": "100",
    }


def subscribe(client, scope="user", user=USER):
    return client.create_webhook_subscription(
        url="https://site.example/calendly/webhook/KEY/",
        events=["invitee.created"],
        organization=ORGANIZATION,
        scope=scope,
        user=user,
        signing_key="k" * 32,
    )


def test_create_webhook_subscription(client, far_end):
    far_end.answers = [answer("webhook_subscription", 201)]
    assert subscribe(client).uri == SUBSCRIPTION
    assert far_end.last_json == {
        "url": "https://site.example/calendly/webhook/KEY/",
        "events": ["invitee.created"],
        "organization": ORGANIZATION,
        "scope": "user",
        "user": USER,
        "signing_key": "k" * 32,
    }


def test_a_subscription_of_the_organization_names_no_user(client, far_end):
    far_end.answers = [answer("webhook_subscription", 201)]
    subscribe(client, scope="organization", user=None)
    assert "user" not in far_end.last_json


def test_a_subscription_that_exists_is_a_conflict(client, far_end):
    body = {"title": "Already Exists", "message": "Hook with this url already exists"}
    far_end.answers = [httpx.Response(409, json=body)]
    with pytest.raises(CalendlyConflict):
        subscribe(client)


def test_a_400_at_subscribing_hints_at_missing_scopes(client, far_end):
    far_end.answers = [answer("error_invalid_argument", 400)]
    with pytest.raises(CalendlyInvalidRequest, match="webhooks:write") as caught:
        subscribe(client)
    assert caught.value.details[0]["parameter"] == "start_time"
    assert caught.value.status == 400


def test_webhook_subscription(client, far_end):
    far_end.answers = [answer("webhook_subscription"), httpx.Response(204)]
    assert client.webhook_subscription(SUBSCRIPTION).callback_url.startswith("https://site.example")
    client.delete_webhook_subscription(SUBSCRIPTION)
    assert far_end.last.url.path == "/webhook_subscriptions/WH"


def test_what_is_gone_already_counts_as_deleted(client, far_end):
    far_end.answers = [httpx.Response(404, json={}), httpx.Response(404, json={})]
    client.delete_no_show(NO_SHOW)
    client.delete_webhook_subscription(SUBSCRIPTION)
    assert len(far_end.requests) == 2


def test_sample_webhook_data(client, far_end):
    far_end.answers = [answer("webhook_invitee_created")]
    data = client.sample_webhook_data(
        event="invitee.created", organization=ORGANIZATION, scope="organization"
    )
    assert WebhookEnvelope.model_validate(data).invitee().uri == INVITEE
    assert far_end.last.url.params["event"] == "invitee.created"


def test_sample_webhook_data_of_another_form_is_unexpected(client, far_end):
    far_end.answers = [httpx.Response(200, json=[])]
    with pytest.raises(CalendlyUnexpectedResponse):
        client.sample_webhook_data(event="x", organization=ORGANIZATION, scope="organization")


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.organization_memberships(),
        lambda client: client.event_type_pages(),
        lambda client: client.scheduled_events(),
    ],
)
def test_lists_need_an_owner(client, far_end, ask):
    with pytest.raises(ValueError, match="organization or a user"):
        list(ask(client))
    assert far_end.requests == []


HOSTILE = f"{API}/scheduled_events/EV/invitees/../../users/me"


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.event_type(HOSTILE),
        lambda client: client.available_times(HOSTILE, TEN, TEN),
        lambda client: client.create_scheduling_link(HOSTILE),
        lambda client: client.scheduled_event(HOSTILE),
        lambda client: client.cancel_event(HOSTILE),
        lambda client: list(client.invitees(HOSTILE)),
        lambda client: client.invitee(HOSTILE),
        lambda client: client.create_invitee(
            NewInvitee(event_type=HOSTILE, start_time=TEN, email="v@e.org", timezone="UTC")
        ),
        lambda client: client.create_no_show(HOSTILE),
        lambda client: client.delete_no_show(HOSTILE),
        lambda client: client.webhook_subscription(HOSTILE),
        lambda client: client.delete_webhook_subscription(HOSTILE),
    ],
)
def test_no_foreign_uri_is_ever_requested(client, far_end, ask):
    with pytest.raises(InvalidCalendlyURI):
        ask(client)
    assert far_end.requests == []


def test_another_base_url_is_called_under_the_same_names(far_end):
    client = CalendlyClient("t", base_url="http://127.0.0.1:8001/", transport=far_end)
    far_end.answers = [answer("invitee")]
    assert client.invitee(INVITEE).uri == INVITEE
    assert str(far_end.last.url) == "http://127.0.0.1:8001/scheduled_events/EV/invitees/IN"


def paged(name, token, next_page=None):
    body = payload(name)
    body["pagination"] |= {"next_page_token": token, "next_page": next_page}
    return httpx.Response(200, json=body)


def test_pages_follow_tokens_and_never_addresses(client, far_end):
    evil = "http://169.254.169.254/event_types?page_token=EVIL"
    far_end.answers = [paged("event_types", "T1", evil), paged("event_types", None)]
    assert len(list(client.event_type_pages(user=USER))) == 2
    first, second = far_end.requests
    assert second.url.host == "api.calendly.com"
    assert second.url.params["page_token"] == "T1"
    assert "page_token" not in first.url.params


def test_pages_are_asked_for_only_when_wanted(client, far_end):
    far_end.answers = [paged("event_types", "T1")]
    next(client.event_type_pages(user=USER))
    assert len(far_end.requests) == 1


def test_a_thousand_event_types_are_ten_calls(client, far_end):
    item = payload("event_types")["collection"][0]
    for page in range(10):
        token = None if page == 9 else f"T{page}"
        pagination = {"count": 100, "next_page": None, "next_page_token": token}
        body = {"collection": [item] * 100, "pagination": pagination}
        far_end.answers.append(httpx.Response(200, json=body))
    assert len(list(client.event_types(user=USER))) == 1000
    assert len(far_end.requests) == 10


def test_a_token_that_comes_again_ends_in_an_error_and_not_in_a_circle(client, far_end):
    far_end.answers = [paged("event_types", token) for token in ("T1", "T2", "T1")]
    with pytest.raises(CalendlyUnexpectedResponse):
        list(client.event_type_pages(user=USER))
    assert len(far_end.requests) == 3


@pytest.mark.parametrize("pagination", [None, {"next_page": "https://api.calendly.com/x"}])
def test_a_list_is_never_taken_for_complete_without_proof(client, far_end, pagination):
    far_end.answers = [httpx.Response(200, json={"collection": [], "pagination": pagination})]
    with pytest.raises(CalendlyUnexpectedResponse):
        list(client.event_types(user=USER))


def test_the_representation_hides_the_token(client):
    assert "secret" not in repr(client)
    assert "secret" not in repr(vars(client))
    assert "secret" not in repr(vars(client._connection))


def test_closing_closes_the_transport():
    class Closing(httpx.BaseTransport):
        closed = False

        def close(self) -> None:
            self.closed = True

    transport = Closing()
    with CalendlyClient("t", transport=transport):
        assert not transport.closed
    assert transport.closed
