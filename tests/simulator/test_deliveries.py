"""Webhook deliveries: signed, retried, given up, and misbehaving on demand."""

from __future__ import annotations

import hmac
import json

import pytest

SOON = [0.01, 0.01, 0.01]


def events(deliveries: list[dict]) -> list[str]:
    return [delivery["event"] for delivery in deliveries]


def received_events(receiver) -> list[str]:
    return [json.loads(item.body)["event"] for item in receiver.received]


def test_a_booking_is_told_with_a_valid_signature(simulator, receiver):
    simulator.subscribe(receiver.url)
    simulator.book(tracking={"utm_content": "ref-1"})
    [delivery] = simulator.deliveries(wait=5)
    assert delivery["state"] == "delivered"
    [received] = receiver.received
    signature = dict(
        p.split("=") for p in received.headers["Calendly-Webhook-Signature"].split(",")
    )
    signed = f"{signature['t']}.".encode() + received.body
    assert signature["v1"] == hmac.digest(simulator.signing_key.encode(), signed, "sha256").hex()
    envelope = json.loads(received.body)
    assert envelope["payload"]["tracking"]["utm_content"] == "ref-1"
    assert "calendar_event" not in envelope["payload"]["scheduled_event"]
    assert "buffered_start_time" not in str(envelope)


def test_a_conference_has_no_address_in_the_first_webhook(simulator, receiver):
    simulator.subscribe(receiver.url)
    booked = simulator.book("support")
    simulator.deliveries(wait=5)
    told = json.loads(receiver.received[0].body)["payload"]["scheduled_event"]["location"]
    assert (told["status"], told["join_url"]) == ("processing", None)
    assert booked["event"]["location"]["status"] == "pushed"


def test_without_a_key_there_is_no_signature(simulator, receiver):
    body = {
        "url": receiver.url,
        "events": ["invitee.created"],
        "organization": simulator.organization,
        "scope": "organization",
    }
    simulator.api("POST", "/webhook_subscriptions", json=body)
    simulator.book()
    simulator.deliveries(wait=5)
    assert "Calendly-Webhook-Signature" not in receiver.received[0].headers


def test_what_was_not_subscribed_is_not_told(simulator):
    simulator.webhooks("hold")
    simulator.subscribe("http://127.0.0.1:9/", events=["invitee.canceled"])
    simulator.cancel(simulator.book()["invitee"]["uri"])
    assert events(simulator.deliveries()) == ["invitee.canceled"]


@pytest.mark.parametrize("failure", [500, 404, 302])
def test_failures_are_tried_again(simulator, receiver, failure):
    receiver.statuses = [failure, failure, 204]
    simulator.webhooks("deliver", backoff=SOON)
    simulator.subscribe(receiver.url)
    simulator.book()
    [delivery] = simulator.deliveries(wait=5)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [failure, failure, 204]
    assert delivery["state"] == "delivered"
    assert simulator.state["subscriptions"][0]["retry_started_at"] is None


def test_a_dead_address_disables_the_subscription(simulator, receiver):
    receiver.statuses = [503]
    simulator.webhooks("deliver", backoff=SOON)
    simulator.subscribe(receiver.url)
    simulator.book()
    [delivery] = simulator.deliveries(wait=5)
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 4)
    [subscription] = simulator.state["subscriptions"]
    assert subscription["state"] == "disabled"
    assert subscription["retry_started_at"] is not None
    simulator.book()
    assert len(simulator.deliveries(wait=5)) == 1


def test_held_ones_go_out_in_the_order_named(simulator, receiver):
    simulator.webhooks("hold")
    simulator.subscribe(receiver.url)
    simulator.reschedule(simulator.book()["invitee"]["uri"])
    created, canceled, moved = simulator.deliveries()
    assert receiver.received == []
    simulator.release(moved["id"], created["id"])
    assert received_events(receiver) == ["invitee.created", "invitee.created"]
    simulator.release()
    assert received_events(receiver)[2:] == ["invitee.canceled"]
    simulator.redeliver(canceled["id"])
    assert len(receiver.received) == 4


def test_reordered_pairs_are_swapped(simulator, receiver):
    simulator.subscribe(receiver.url)
    first = simulator.book()
    simulator.deliveries(wait=5)
    simulator.webhooks("reorder")
    simulator.reschedule(first["invitee"]["uri"])
    simulator.deliveries(wait=5)
    assert received_events(receiver) == ["invitee.created", "invitee.created", "invitee.canceled"]


def test_doubled_ones_arrive_twice(simulator, receiver):
    simulator.webhooks("duplicate")
    simulator.subscribe(receiver.url)
    simulator.book()
    simulator.deliveries(wait=5)
    assert len(receiver.received) == 2
    assert receiver.received[0].body == receiver.received[1].body


def test_dropped_and_delayed_ones(simulator, receiver):
    simulator.subscribe(receiver.url)
    simulator.webhooks("drop")
    simulator.book()
    simulator.webhooks("delay", seconds=0.05)
    simulator.book()
    dropped, delayed = simulator.deliveries(wait=5)
    assert (dropped["state"], delayed["state"]) == ("dropped", "delivered")
    assert len(receiver.received) == 1


def test_a_no_show_names_its_mark_only_while_it_stands(simulator):
    simulator.webhooks("hold")
    simulator.subscribe("http://127.0.0.1:9/")
    invitee = simulator.book()["invitee"]["uri"]
    simulator.no_show(invitee)
    simulator.undo_no_show(invitee)
    told = [json.loads(delivery["body"]) for delivery in simulator.deliveries()][1:]
    assert [envelope["event"] for envelope in told] == [
        "invitee_no_show.created",
        "invitee_no_show.deleted",
    ]
    assert [envelope["payload"]["no_show"] is None for envelope in told] == [False, True]


def test_event_types_are_told_without_their_html(simulator):
    simulator.webhooks("hold")
    kinds = ["event_type.created", "event_type.updated", "event_type.deleted"]
    simulator.subscribe("http://127.0.0.1:9/", events=kinds)
    simulator.event_types(slug="new-one", name="New One")
    simulator.event_types(slug="new-one", duration=15)
    simulator.event_types(slug="new-one", deleted=True)
    deliveries = simulator.deliveries()
    assert events(deliveries) == kinds
    payloads = [json.loads(delivery["body"])["payload"] for delivery in deliveries]
    assert not any("description_html" in payload for payload in payloads)
    assert [payload["duration"] for payload in payloads] == [30, 15, 15]
