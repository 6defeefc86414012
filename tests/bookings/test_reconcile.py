"""The clock: finds what webhooks and browsers lost, touches only what is due, survives what is broken."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from threading import Timer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bookings.conftest import mint_for
from tests.factories import ConfirmedBookingFactory
from wagtail_calendly.bookings import inbox, reconcile
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    PolledEvent,
    WebhookDelivery,
)
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick


def book(calendly: Any, reference: Any = None) -> str:
    tracking = {"utm_content": reference.text} if reference else {}
    uri: str = calendly.book("consultation", tracking=tracking)["invitee"]["uri"]
    return uri


def deliver(calendly: Any) -> None:
    """Hand over every webhook that the simulator holds, oldest first."""
    for item in calendly.deliveries():
        delivery = inbox.accept(
            sender="calendly", account="default", body=item["body"].encode(), event=item["event"]
        )
        if delivery:
            inbox.work_on(delivery.pk)


def state() -> Any:
    bookings = Booking.objects.order_by("reference").values_list(
        "reference", "status", "attention", "calendly_invitee_uri", "starts_at"
    )
    appointments = Appointment.objects.order_by("invitee_uri").values_list(
        "invitee_uri",
        "booking__reference",
        "attention",
        "invitee_status",
        "event_status",
        "rescheduled",
        "no_show_uri",
        "name",
        "email",
        "cancel_url",
        "event_type__uri",
        "location__kind",  # its address comes later than the webhook
    )
    return list(bookings), list(appointments)


@pytest.mark.survives("everything-lost")
@pytest.mark.parametrize("carried", [False, True], ids=["tracking lost", "tracking carried"])
def test_all_webhooks_lost_and_one_tick_equals_all_delivered(calendly, carried):
    calendly.carry_tracking(carried)
    stay, go, move, miss, back = (mint_for("consultation") for _ in range(5))
    book(calendly, stay)
    book(calendly)
    calendly.cancel(book(calendly, go), by="host")
    moved = calendly.reschedule(book(calendly, move))
    calendly.reschedule(moved["new"]["invitee"]["uri"])
    calendly.no_show(book(calendly, miss))
    calendly.undo_no_show(calendly.no_show(book(calendly, back))["invitee"]["uri"])
    tick()
    found = state()
    assert [status for _, status, *_ in found[0]].count("confirmed") == 3
    assert {status for _, status, *_ in found[0]} == {"confirmed", "canceled", "no_show"}
    assert len(found[1]) == 8
    deliver(calendly)
    assert state() == found
    Appointment.objects.update(booking=None)
    Booking.objects.all().delete()
    Appointment.objects.all().delete()
    WebhookDelivery.objects.all().delete()
    deliver(calendly)
    assert state() == found


def test_a_poll_reads_only_what_is_new(calendly):
    uri = book(calendly, mint_for("consultation"))
    report = poll()
    assert (report.listed, report.read, report.failed) == (1, 1, 0)
    calendly.clear_requests()
    report = poll()
    assert (report.listed, report.read) == (1, 0)
    assert len(calendly.requests()) == 1
    calendly.cancel(uri)
    assert poll().read == 1
    assert Booking.objects.get().status == "canceled"


def test_a_no_show_that_no_webhook_told_is_found(calendly):
    uri = book(calendly, mint_for("consultation"))
    poll()
    after = Booking.objects.get().ends_at + timedelta(minutes=1)
    calendly.no_show(uri)
    poll(now=after)
    assert Booking.objects.get().status == "no_show"


def test_what_was_polled_is_forgotten_once_it_is_no_longer_listed(calendly):
    book(calendly)
    poll()
    ends = Appointment.objects.get().end_time
    poll(now=ends + timedelta(days=7, hours=1))
    assert PolledEvent.objects.count() == 1
    poll(now=ends + timedelta(days=9))
    assert PolledEvent.objects.count() == 0


def test_an_event_that_cannot_be_read_does_not_hide_the_others(calendly):
    book(calendly, mint_for("consultation"))
    book(calendly, mint_for("consultation"))
    calendly.fault("GET /scheduled_events/", status=404, times=1)
    report = poll()
    assert (report.read, report.failed) == (2, 1)
    assert Booking.objects.count() == 1
    assert poll().read == 1
    assert Booking.objects.count() == 2


def test_accounts_are_polled_and_synced_once_an_interval(calendly):
    now = timezone.now()
    first = tick(now)
    assert (first.polled, first.synced) == (1, 1)
    second = tick(now + timedelta(seconds=299))
    assert (second.polled, second.synced) == (0, 0)
    assert tick(now + timedelta(seconds=300)).polled == 1
    assert tick(now + timedelta(seconds=3600)).synced == 1
    assert Connection.objects.get().worker_seen_at == now + timedelta(seconds=3600)


def test_a_token_that_is_refused_stops_no_tick(calendly):
    calendly.token(valid=False)
    now = timezone.now()
    assert tick(now).polled == 0
    assert Connection.objects.get().problem
    calendly.token(valid=True)
    assert tick(now + timedelta(minutes=6)).polled == 1
    assert Connection.objects.get().problem == ""


@pytest.mark.survives("half-a-reschedule")
def test_the_successor_is_looked_up_when_its_webhook_is_lost(calendly):
    uri = book(calendly, mint_for("consultation"))
    deliver(calendly)
    calendly.reschedule(uri)
    canceled = [item for item in calendly.deliveries() if item["event"] == "invitee.canceled"]
    delivery = inbox.accept(
        sender="calendly",
        account="default",
        body=canceled[0]["body"].encode(),
        event="invitee.canceled",
    )
    inbox.work_on(delivery.pk)
    booking = Booking.objects.get()
    assert booking.status == "confirmed"
    effect = booking.effects.get(kind="look_up_successor")
    reconcile.effects.perform_due(timezone.now() + timedelta(minutes=2))
    effect.refresh_from_db()
    booking.refresh_from_db()
    assert effect.state == "done"
    assert booking.calendly_invitee_uri != uri
    assert booking.status == "confirmed"


def test_an_effect_is_given_up_after_so_many_tries(calendly, settings):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"EFFECT_TRIES": 2}
    uri = book(calendly, mint_for("consultation"))
    deliver(calendly)
    calendly.reschedule(uri)
    canceled = [item for item in calendly.deliveries() if item["event"] == "invitee.canceled"]
    delivery = inbox.accept(
        sender="calendly",
        account="default",
        body=canceled[0]["body"].encode(),
        event="invitee.canceled",
    )
    inbox.work_on(delivery.pk)
    calendly.fault("GET /scheduled_events/", status=404, times=99)
    for hours in (1, 2, 3):
        reconcile.effects.perform_due(timezone.now() + timedelta(hours=hours))
    booking = Booking.objects.get()
    effect = booking.effects.get(kind="look_up_successor")
    assert (effect.state, effect.tries) == ("dead", 2)
    assert (booking.status, booking.attention) == ("confirmed", "effect_failed")
    calendly.clear_faults()
    poll()
    booking.refresh_from_db()
    assert booking.attention == ""


# Without Calendly.


@pytest.fixture
def alone(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}


@pytest.mark.usefixtures("alone", "db")
def test_time_alone_completes_a_booking():
    booking = ConfirmedBookingFactory()
    assert tick().bookings == 0
    assert tick(booking.ends_at).bookings == 1
    booking.refresh_from_db()
    assert (booking.status, booking.next_check_at) == ("completed", None)


@pytest.mark.usefixtures("alone", "db")
def test_a_broken_booking_blocks_no_other():
    broken, fine = ConfirmedBookingFactory(), ConfirmedBookingFactory()
    broken.appointments.update(location=["not", "what", "we", "write"])
    now = max(broken.ends_at, fine.ends_at)
    Booking.objects.filter(pk=broken.pk).update(next_check_at=now - timedelta(days=1))
    assert tick(now, limit=1).bookings == 1
    tick(now, limit=1)
    fine.refresh_from_db()
    broken.refresh_from_db()
    assert fine.status == "completed"
    assert broken.next_check_at > now


@pytest.mark.usefixtures("alone", "db")
def test_a_tick_with_nothing_due_costs_the_same_whatever_the_history():
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tick()
        return len(captured)

    tick()
    before = queries()
    for _ in range(5):
        ConfirmedBookingFactory(appointment__start_time=timezone.now() - timedelta(days=3))
    assert queries() == before


@pytest.mark.usefixtures("alone", "db")
def test_daylight_saving_moves_nothing():
    """An hour that is skipped or doubled somewhere is an hour like any other in UTC."""
    for start in ("2027-03-28T00:59:59Z", "2027-10-31T00:30:00Z", "2027-10-31T23:45:00Z"):
        moment = timezone.datetime.fromisoformat(start)
        booking = ConfirmedBookingFactory(appointment__start_time=moment)
        assert booking.ends_at - booking.starts_at == timedelta(minutes=30)
        assert booking.next_check_at == booking.ends_at


@pytest.mark.usefixtures("alone", "db")
def test_the_command_works_once():
    booking = ConfirmedBookingFactory()
    Booking.objects.filter(pk=booking.pk).update(next_check_at=timezone.now())
    out = StringIO()
    call_command("calendly_work", stdout=out)
    assert "1 bookings" in out.getvalue()


@pytest.fixture
def _handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("alone", "_handlers", "transactional_db")
def test_the_loop_stops_cleanly_on_sigterm():
    out = StringIO()
    Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    call_command("calendly_work", "--loop", "--every", "30", stdout=out)
    assert out.getvalue().splitlines()[-1] == "Stopped."
