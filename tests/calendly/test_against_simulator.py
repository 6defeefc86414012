"""The client and the simulator, over real HTTP: neither knows the other's code, so they must agree on Calendly's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wagtail_calendly.calendly import (
    CalendlyAuthenticationError,
    CalendlyClient,
    CalendlyConflict,
    CalendlyNotFound,
    CalendlyPermissionError,
    CalendlyRateLimited,
    CalendlyUnavailable,
    NewInvitee,
    WebhookEnvelope,
    verify_signature,
)
from wagtail_calendly.calendly.schemas import Location, Tracking


@pytest.fixture
def client(simulator):
    with CalendlyClient("simulator-token", base_url=simulator.url) as client:
        yield client


@pytest.fixture
def event_type(client):
    user = client.current_user()
    return next(et for et in client.event_types(user=user.uri) if et.slug == "consultation")


@pytest.fixture
def booking(client, event_type):
    now = datetime.now(UTC)
    [time, *_] = client.available_times(
        event_type.uri, now + timedelta(hours=1), now + timedelta(days=7)
    )
    return NewInvitee(
        event_type=event_type.uri,
        start_time=time.start_time,
        name="Vi Sitor",
        email="vi@example.org",
        timezone="Europe/Paris",
        location=Location(kind=event_type.locations[0].kind),
        tracking=Tracking(utm_content="bk_3f9c"),
    )


def test_who_we_are(client):
    user = client.current_user()
    [membership] = client.organization_memberships(user=user.uri)
    assert membership.organization == user.current_organization
    assert abs(user.observed_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_thousand_event_types_take_ten_calls(client, simulator):
    simulator.event_types(count=1000 - len(simulator.state["event_types"]))
    user = client.current_user()
    simulator.clear_requests()
    found = {et.uri for et in client.event_types(organization=user.current_organization)}
    assert len(found) == 1000
    assert len(simulator.requests()) == 10


def test_the_life_of_a_booking(client, booking):
    invitee = client.create_invitee(booking)
    event = client.scheduled_event(invitee.event)
    assert (event.start_time, event.event_type) == (booking.start_time, booking.event_type)
    assert [found.uri for found in client.invitees(event.uri)] == [invitee.uri]
    assert client.invitee(invitee.uri).tracking.utm_content == "bk_3f9c"

    mark = client.create_no_show(invitee.uri)
    assert client.invitee(invitee.uri).no_show.uri == mark.uri
    client.delete_no_show(mark.uri)
    assert client.invitee(invitee.uri).no_show is None

    assert client.cancel_event(event.uri, "Ill").canceler_type == "host"
    assert client.cancel_event(event.uri).reason == "Ill", "canceled already counts as done"
    assert client.invitee(invitee.uri).is_canceled


def test_a_time_is_booked_once(client, booking):
    client.create_invitee(booking)
    with pytest.raises(CalendlyConflict):
        client.create_invitee(booking)


def test_events_are_found_by_time_and_state(client, booking):
    user = client.current_user().uri
    event = client.create_invitee(booking).event
    later = booking.start_time + timedelta(minutes=1)
    assert [e.uri for e in client.scheduled_events(user=user, max_start_time=later)] == [event]
    assert list(client.scheduled_events(user=user, min_start_time=later)) == []
    assert list(client.scheduled_events(user=user, status="canceled")) == []


def subscribe(client, url):
    return client.create_webhook_subscription(
        url=url,
        events=["invitee.created"],
        organization=client.current_user().current_organization,
        scope="organization",
        signing_key="k" * 32,
    )


def test_the_life_of_a_subscription(client):
    organization = client.current_user().current_organization
    subscription = subscribe(client, "http://127.0.0.1:9/hook/")
    with pytest.raises(CalendlyConflict):
        subscribe(client, "http://127.0.0.1:9/hook/")
    listed = list(client.webhook_subscriptions(organization=organization, scope="organization"))
    assert [found.uri for found in listed] == [subscription.uri]
    client.delete_webhook_subscription(subscription.uri)
    with pytest.raises(CalendlyNotFound):
        client.webhook_subscription(subscription.uri)


def test_a_sample_delivery_is_read(client):
    organization = client.current_user().current_organization
    data = client.sample_webhook_data(
        event="invitee.created", organization=organization, scope="organization"
    )
    assert WebhookEnvelope.model_validate(data).invitee().scheduled_event.status == "active"


def test_a_signed_delivery_is_believed_and_read(client, simulator, server, booking):
    received = []

    def take(request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        received.append((request.headers["Calendly-Webhook-Signature"], body))
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.handlers = [take]
    subscribe(client, f"{server.url}/hook/")
    invitee = client.create_invitee(booking)
    simulator.deliveries(wait=10)
    [(header, body)] = received
    tolerance = timedelta(minutes=3)
    verify_signature(header, body, ["older", "k" * 32], tolerance=tolerance, now=datetime.now(UTC))
    delivered = WebhookEnvelope.from_body(body).invitee()
    assert delivered.uri == invitee.uri
    assert delivered.scheduled_event.start_time == booking.start_time


# Faults

LINK = "/scheduling_links"


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("fault", [{"status": 503}, {"drop_connection": True}, {"truncate": True}])
def test_reads_get_over_a_fault(client, simulator, fault):
    simulator.fault("/users/me", times=1, **fault)
    assert client.current_user().name


@pytest.mark.usefixtures("no_waiting")
def test_a_link_whose_answer_was_lost_is_not_made_twice(client, simulator, event_type):
    simulator.clear_requests()
    simulator.fault(LINK, times=1, drop_connection=True, perform=True)
    with pytest.raises(CalendlyUnavailable) as caught:
        client.create_scheduling_link(event_type.uri)
    assert not caught.value.unsent
    assert len(simulator.requests()) == 1


@pytest.mark.usefixtures("one_attempt")
def test_the_rate_limit_is_learned_before_it_is_hit(client, simulator):
    simulator.limits(per_minute=10)
    background = client.for_background()
    for _ in range(6):
        background.current_user()
    with pytest.raises(CalendlyRateLimited) as caught:
        background.current_user()
    assert caught.value.status is None, "refused here, so that four of ten are left to visitors"
    assert client.current_user().name


@pytest.mark.usefixtures("one_attempt")
def test_beyond_the_rate_limit_calendly_says_how_long_to_wait(client, simulator):
    simulator.limits(per_minute=1)
    client.current_user()
    with pytest.raises(CalendlyRateLimited) as caught:
        client.current_user()
    assert caught.value.status == 429
    assert 1 <= caught.value.retry_after <= 60


def test_a_token_that_is_revoked(client, simulator):
    simulator.token(valid=False)
    with pytest.raises(CalendlyAuthenticationError):
        client.current_user()


def test_a_token_that_lacks_scopes(client, simulator):
    user = client.current_user().uri
    simulator.token(scopes=["users:read"])
    with pytest.raises(CalendlyPermissionError) as caught:
        list(client.event_types(user=user))
    assert caught.value.missing_scopes == ("event_types:read",)


def test_a_member_may_not_read_the_organization(client, simulator):
    organization = client.current_user().current_organization
    simulator.role("user")
    with pytest.raises(CalendlyPermissionError):
        list(client.scheduled_events(organization=organization))
