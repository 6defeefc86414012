"""The inbox: stored once, worked on until it is done or given up, one bad delivery never in the way."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.bookings.stories import API, Teller, read
from wagtail_calendly import tasks
from wagtail_calendly.bookings import inbox, record
from wagtail_calendly.bookings.models import Appointment, Booking, Connection, WebhookDelivery
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.snippets.models import EventType


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


def post(body: bytes, account: str = "default") -> WebhookDelivery | None:
    event = json.loads(body)["event"]
    return inbox.accept(sender="calendly", account=account, body=body, event=event)


def work(body: bytes) -> WebhookDelivery:
    delivery = post(body)
    assert delivery
    return inbox.work_on(delivery.pk)


def test_a_delivery_becomes_a_booking(tell, reference):
    delivery = work(tell.created())
    assert (delivery.state, delivery.error) == ("done", "")
    assert Booking.objects.get(reference=reference.text).status == "confirmed"
    assert Connection.objects.get().last_delivery_at == delivery.created_at


def test_the_same_body_is_stored_once(tell):
    assert post(tell.created())
    assert post(tell.created()) is None
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.survives("told-twice-in-other-words")
def test_two_bodies_that_say_the_same_change_nothing_twice(tell):
    work(tell.created())
    before = Booking.objects.values().get()
    work(tell.created() + b"\n")
    assert Booking.objects.values().get() == before


def test_no_show_and_back(tell):
    work(tell.created())
    work(tell.no_show())
    assert Booking.objects.get().status == "no_show"
    work(tell.no_show_undone())
    assert Booking.objects.get().status == "confirmed"


@pytest.mark.parametrize("event", ["routing_form_submission.created", "contact.created", "x", ""])
def test_unknown_events_are_ignored(event):
    delivery = work(json.dumps({"event": event, "payload": 7}).encode())
    assert delivery.state == "ignored"


@pytest.mark.survives("poisoned-delivery")
@pytest.mark.parametrize(
    "payload",
    [None, 7, [], {}, {"uri": 5}, {"uri": f"{API}/x", "event": "y", "status": "active"}],
    ids=str,
)
def test_poison_is_set_aside_and_others_go_on(tell, reference, settings, payload):
    settings.WAGTAIL_CALENDLY = {"DELIVERY_TRIES": 3}
    envelope = {"event": "invitee.created", "created_at": "2027-01-04T09:00:00Z"}
    poison = post(json.dumps(envelope | {"payload": payload}).encode())
    post(tell.created())
    now = timezone.now()
    for day in range(4):
        inbox.work_due(now + timedelta(days=day), 100)
    poison.refresh_from_db()
    assert poison.state == ("dead" if poison.tries == 3 else "open")
    assert poison.error
    assert "vi@example.org" not in poison.error
    assert Booking.objects.get().status == "confirmed"


def test_tries_are_spaced_ever_wider():
    envelope = {"event": "invitee.created", "created_at": "2027-01-04T09:00:00Z", "payload": {}}
    poison = post(json.dumps(envelope).encode())
    now, waits = timezone.now(), []
    for _ in range(7):
        poison = inbox.work_on(poison.pk, now=now)
        waits.append((poison.next_try_at - now).total_seconds() / 60)
        now = poison.next_try_at
    assert waits == [1, 3, 9, 27, 81, 243, 360]
    assert inbox.work_on(poison.pk, now=now).state == "dead"


@pytest.mark.survives("any-json")
def test_extra_fields_and_missing_optional_ones_do_no_harm(tell, reference):
    body = json.loads(tell.created())
    body["version"] = "2031-01"
    body["payload"] |= {
        "new_thing": {"deep": [1]},
        "scheduled_event": body["payload"]["scheduled_event"] | {"x": 1},
    }
    for name in ("questions_and_answers", "timezone", "cancel_url", "reschedule_url", "updated_at"):
        body["payload"].pop(name, None)
    assert work(json.dumps(body).encode()).state == "done"
    assert Booking.objects.get().status == "confirmed"


def test_an_event_type_delivery_updates_the_mirror(terms):
    payload = {
        "uri": terms.event_type.uri,
        "name": "Renamed",
        "duration": 45,
        "scheduling_url": "https://calendly.com/ada-host/renamed",
        "updated_at": "2027-01-04T09:00:00Z",
    }
    envelope = {"event": "event_type.updated", "created_at": "2027-01-04T09:00:00Z"}
    assert work(json.dumps(envelope | {"payload": payload}).encode()).state == "done"
    assert EventType.objects.get(pk=terms.event_type.pk).name == "Renamed"


def test_a_worker_that_was_killed_is_taken_over(tell):
    """Its lease is the only trace it leaves."""
    delivery = post(tell.created())
    now = timezone.now()
    WebhookDelivery.objects.update(claimed_until=now + timedelta(minutes=3), tries=1)
    assert inbox.work_due(now, 10) == 0
    assert inbox.work_on(delivery.pk, now=now).state == "open"
    assert inbox.work_due(now + timedelta(minutes=3), 10) == 1
    assert Booking.objects.get().status == "confirmed"


@pytest.mark.survives("killed-worker")
def test_a_crash_between_record_and_settle_loses_nothing(tell, reference, settings):
    settings.WAGTAIL_CALENDLY = {}
    record.appointment(*read(tell.created()))
    booking = Booking.objects.get()
    assert booking.status == "pending"
    assert booking.next_check_at <= timezone.now()
    tick()
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_old_deliveries_are_deleted_and_open_ones_kept(tell, settings):
    work(tell.created())
    post(tell.canceled())
    assert inbox.purge(timezone.now() + timedelta(days=29)) == 0
    assert inbox.purge(timezone.now() + timedelta(days=31)) == 1
    assert WebhookDelivery.objects.get().state == "open"
    assert Appointment.objects.count() == 1


def test_the_task_works_on_a_delivery(tell):
    delivery = post(tell.created())
    result = tasks.work_delivery.enqueue(delivery.pk)
    assert result.return_value == "done"


def test_bytes_that_are_no_text_are_kept_readable(tell: Teller) -> None:
    delivery: Any = inbox.accept(
        sender="calendly", account="default", body=b'\xff\x00{"a": 1}', event="invitee.created\x00"
    )
    assert inbox.work_on(delivery.pk).state == "open"
