"""Webhooks of the stand-in Stripe: endpoints, signatures, modes, and the list of events."""

from __future__ import annotations

import json

import pytest
import stripe

from tests.fixtures.stripe import VERSION, order

SOON = [0.01, 0.01]
COMPLETED = "checkout.session.completed"


def pay(simulator, stripe_api) -> str:
    id_ = stripe_api.v1.checkout.sessions.create(order()).id
    simulator.stripe.pay(id_)
    return id_


def types(receiver) -> list[str]:
    return [json.loads(item.body)["type"] for item in receiver.received]


def test_an_endpoint_through_its_life(simulator, stripe_api):
    endpoints = stripe_api.v1.webhook_endpoints
    made = endpoints.create(
        {
            "url": "https://site.example/hook/",
            "enabled_events": [COMPLETED],
            "api_version": VERSION,
            "description": "wagtail_calendly",
        }
    )
    assert made.secret.startswith("whsec_")
    read = endpoints.retrieve(made.id)
    assert (read.status, read.api_version) == ("enabled", VERSION)
    assert getattr(read, "secret", None) is None
    changed = endpoints.update(made.id, {"enabled_events": ["*"], "disabled": True})
    assert (changed.status, changed.enabled_events) == ("disabled", ["*"])
    assert [item.id for item in endpoints.list().data] == [made.id]
    assert endpoints.delete(made.id).deleted
    assert endpoints.list().data == []


@pytest.mark.parametrize(
    "params",
    [
        {"url": "https://site.example/", "enabled_events": ["checkout.session.complete"]},
        {"url": "/hook/", "enabled_events": [COMPLETED]},
        {"url": "https://site.example/"},
        {"url": "https://site.example/", "enabled_events": [COMPLETED], "api_version": "2020-01"},
    ],
)
def test_an_endpoint_that_makes_no_sense(stripe_api, params):
    with pytest.raises(stripe.InvalidRequestError):
        stripe_api.v1.webhook_endpoints.create(params)


def test_signed_as_stripe_signs(simulator, stripe_api, receiver):
    endpoint = stripe_api.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": [COMPLETED], "api_version": VERSION}
    )
    id_ = pay(simulator, stripe_api)
    [delivery] = simulator.deliveries(wait=5)
    assert (delivery["sender"], delivery["event"]) == ("stripe", COMPLETED)
    [received] = receiver.received
    header = received.headers["Stripe-Signature"]
    stripe.WebhookSignature.verify_header(received.body, header, endpoint.secret, 300)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(received.body, header, "whsec_other", 300)
    event = stripe_api.construct_event(received.body, header, endpoint.secret)
    assert (event.data.object.id, event.api_version) == (id_, VERSION)


def test_one_change_may_have_two_events(simulator, stripe_api, receiver):
    simulator.stripe.subscribe(receiver.url, events=[COMPLETED])
    simulator.stripe.tell_again(pay(simulator, stripe_api))
    simulator.deliveries(wait=5)
    first, second = (json.loads(item.body) for item in receiver.received)
    assert first["id"] != second["id"]
    assert first["data"] == second["data"]


def test_while_a_secret_is_rolled_both_sign(simulator, stripe_api, receiver):
    endpoint = simulator.stripe.subscribe(receiver.url, "whsec_old", [COMPLETED])
    simulator.stripe.roll_secret(endpoint["id"], "whsec_new")
    pay(simulator, stripe_api)
    simulator.deliveries(wait=5)
    [received] = receiver.received
    header = received.headers["Stripe-Signature"]
    for secret in ("whsec_old", "whsec_new"):
        stripe.WebhookSignature.verify_header(received.body, header, secret, 300)


def test_what_an_endpoint_did_not_ask_for_is_not_sent(simulator, stripe_api, receiver):
    simulator.stripe.subscribe(receiver.url, events=["refund.created", "charge.refunded"])
    id_ = pay(simulator, stripe_api)
    simulator.stripe.refund(id_, 1000)
    simulator.deliveries(wait=5)
    assert sorted(types(receiver)) == ["charge.refunded", "refund.created"]


def test_modes_for_one_sender_or_both(simulator, stripe_api, receiver):
    simulator.subscribe(receiver.url)
    simulator.stripe.subscribe(receiver.url, events=[COMPLETED])
    simulator.webhooks("drop", sender="stripe")
    simulator.webhooks("hold", sender="calendly")
    simulator.book()
    pay(simulator, stripe_api)
    states = {item["sender"]: item["state"] for item in simulator.deliveries()}
    assert states == {"calendly": "held", "stripe": "dropped"}
    simulator.webhooks("drop")
    simulator.book("support")
    assert simulator.deliveries()[-1]["state"] == "dropped"
    refused = simulator.http.post("/control/webhooks", json={"mode": "hold", "sender": "paypal"})
    assert refused.status_code == 400


@pytest.mark.parametrize("mode", ["duplicate", "reorder", "delay"])
def test_misbehaving(simulator, stripe_api, receiver, mode):
    simulator.stripe.subscribe(receiver.url, events=["payment_intent.succeeded", COMPLETED])
    simulator.webhooks(mode, seconds=0.01, sender="stripe")
    pay(simulator, stripe_api)
    simulator.deliveries(wait=5)
    told, got = ["payment_intent.succeeded", COMPLETED], types(receiver)
    if mode == "reorder":
        assert got == told[::-1]
    else:
        assert sorted(got) == sorted(told * 2 if mode == "duplicate" else told)


def test_a_late_delivery_is_signed_afresh(simulator, stripe_api, receiver):
    simulator.stripe.subscribe(receiver.url, events=[COMPLETED])
    simulator.webhooks("hold")
    pay(simulator, stripe_api)
    [held] = simulator.deliveries()
    simulator.clock(1800)
    simulator.release()
    [received] = receiver.received
    assert received.headers["Stripe-Signature"] != held["headers"]["Stripe-Signature"]
    at = int(received.headers["Stripe-Signature"].split(",")[0].removeprefix("t="))
    assert at - json.loads(received.body)["created"] >= 1800


def test_events_not_taken_can_be_found_for_thirty_days(simulator, stripe_api, receiver):
    receiver.statuses = [500]
    simulator.stripe.subscribe(receiver.url, events=[COMPLETED])
    simulator.webhooks("deliver", backoff=SOON)
    pay(simulator, stripe_api)
    simulator.deliveries(wait=5)
    events = stripe_api.v1.events
    [missed] = events.list({"delivery_success": False}).data
    assert (missed.type, missed.pending_webhooks) == (COMPLETED, 1)
    simulator.webhooks("deliver")
    receiver.statuses = [200]
    simulator.redeliver(simulator.deliveries()[0]["id"])
    assert events.list({"delivery_success": False}).data == []
    assert [item.id for item in stripe_api.v1.webhook_endpoints.list().data]
    simulator.clock(31 * 24 * 3600)
    assert events.list({"type": COMPLETED}).data == []


def test_events_since_one_that_is_known(simulator, stripe_api):
    first = pay(simulator, stripe_api)
    events = stripe_api.v1.events
    known = events.list({"limit": 1}).data[0]
    second = pay(simulator, stripe_api)
    simulator.stripe.refund(second)
    newer = events.list({"ending_before": known.id, "limit": 2}).auto_paging_iter()
    assert [event.type for event in newer] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        COMPLETED,
        "refund.created",
        "charge.refunded",
    ]
    done = events.list({"types": [COMPLETED, "charge.dispute.created"]}).data
    assert [event.data.object["id"] for event in done] == [second, first]
    with pytest.raises(stripe.InvalidRequestError):
        events.list({"types": ["checkout.session.complete"]})
