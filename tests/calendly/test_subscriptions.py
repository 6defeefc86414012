"""Endpoints of webhook subscriptions: what is sent, and what becomes of the documented answer."""

from __future__ import annotations

import httpx
import pytest

from tests.calendly.conftest import answer
from wagtail_calendly.calendly import (
    CalendlyConflict,
    CalendlyInvalidRequest,
    CalendlyUnexpectedResponse,
    WebhookEnvelope,
)

API = "https://api.calendly.com"
USER = f"{API}/users/USER"
ORGANIZATION = f"{API}/organizations/ORG"
INVITEE = f"{API}/scheduled_events/EV/invitees/IN"
SUBSCRIPTION = f"{API}/webhook_subscriptions/WH"


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
