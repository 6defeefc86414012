"""The client as a whole: its token, its addresses, and that no foreign URI is ever requested."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from tests.calendly.conftest import answer
from wagtail_calendly.calendly import (
    CalendlyClient,
    InvalidCalendlyURI,
    NewInvitee,
)

API = "https://api.calendly.com"
USER = f"{API}/users/USER"
ORGANIZATION = f"{API}/organizations/ORG"
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


def test_what_is_gone_already_counts_as_deleted(client, far_end):
    far_end.answers = [httpx.Response(404, json={}), httpx.Response(404, json={})]
    client.delete_no_show(NO_SHOW)
    client.delete_webhook_subscription(SUBSCRIPTION)
    assert len(far_end.requests) == 2


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


@pytest.mark.survives("foreign-address")
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
