"""Races, with real threads on a real database; each with a naive twin that loses, so that we know it is a race."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.bookings.stories import START, invitee_uri, read, wire
from tests.factories import AppointmentFactory, BookingFactory
from wagtail_calendly import signals
from wagtail_calendly.bookings import inbox, links, record, said, work
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, WebhookDelivery
from wagtail_calendly.bookings.reference import read as read_reference
from wagtail_calendly.bookings.settle import settle

THREADS = 8


@pytest.fixture(autouse=True)
def _real_transactions(transactional_db: None, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}


def together(*works: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment; what each returned, or the database error it met."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return work()
        except (IntegrityError, OperationalError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def hear(body: bytes) -> None:
    appointment = record.appointment(*read(body))
    if appointment and appointment.booking_id:
        settle(appointment.booking_id, because="webhook")


@pytest.mark.survives("delivered-twice")
def test_eight_deliveries_of_one_body(tell):
    body = tell.created()

    def accept() -> Any:
        return inbox.accept(
            sender="calendly", account="default", body=body, event="invitee.created"
        )

    accepted = [result for result in together(*[accept] * THREADS) if result]
    assert [type(result) for result in accepted] == [WebhookDelivery]
    assert WebhookDelivery.objects.count() == 1


def test_eight_naive_deliveries_collide():
    """Negative control: look first, then insert."""
    looked = Barrier(THREADS)

    def accept() -> Any:
        seen = WebhookDelivery.objects.filter(digest="same").exists()
        looked.wait(10)
        return None if seen else WebhookDelivery.objects.create(digest="same")

    results = together(*[accept] * THREADS)
    assert sum(isinstance(result, IntegrityError) for result in results) == THREADS - 1


def test_eight_settle_one_booking():
    booking = BookingFactory()
    AppointmentFactory(booking=booking)
    told = []

    def confirmed(**arguments: Any) -> None:
        told.append(arguments["booking"].pk)

    signals.booking_confirmed.connect(confirmed)
    try:
        results = together(*[lambda: settle(booking.pk, because="race").status] * THREADS)
    finally:
        signals.booking_confirmed.disconnect(confirmed)
    assert results == ["confirmed"] * THREADS
    assert told == [booking.pk]
    assert ModelLogEntry.objects.filter(action="wagtail_calendly.booking.changed").count() == 1


def test_eight_naive_settlers_all_announce():
    """Negative control: read, check, save."""
    booking, looked, announced = BookingFactory(), Barrier(THREADS), []

    def naive() -> None:
        row = Booking.objects.get(pk=booking.pk)
        looked.wait(10)
        if row.status == "pending":
            Booking.objects.filter(pk=row.pk).update(page_id=1)
            announced.append(row.pk)

    together(*[naive] * THREADS)
    assert len(announced) == THREADS


@pytest.mark.survives("two-workers")
def test_eight_workers_claim_one_effect():
    booking = BookingFactory()
    effect = Effect.objects.create(booking=booking, kind="look_up", key="k")
    now = timezone.now()
    claims = together(*[lambda: work.claim(Effect, effect.pk, now)] * THREADS)
    assert sum(claim is not None for claim in claims) == 1
    effect.refresh_from_db()
    assert effect.tries == 1


def test_eight_naive_workers_all_claim():
    """Negative control: read, check, save."""
    effect = Effect.objects.create(booking=BookingFactory(), kind="look_up", key="k")
    looked = Barrier(THREADS)

    def naive() -> bool:
        row = Effect.objects.get(pk=effect.pk)
        looked.wait(10)
        if row.claimed_until is None:
            Effect.objects.filter(pk=row.pk).update(claimed_until=timezone.now())
            return True
        return False

    assert together(*[naive] * THREADS) == [True] * THREADS


@pytest.mark.survives("two-workers")
def test_two_workers_share_an_inbox(tell):
    for number in range(6):
        body = tell.created(tracking={}, text_reminder_number=str(number))
        inbox.accept(sender="calendly", account="default", body=body, event="invitee.created")
    together(*[lambda: inbox.work_due(timezone.now(), 100)] * 4)
    assert set(WebhookDelivery.objects.values_list("state", "tries")) == {("done", 1)}
    assert Appointment.objects.count() == 1


@pytest.mark.survives("webhook-and-browser-at-once")
def test_browser_and_webhooks_at_once(tell, reference):
    def claim() -> None:
        booking = record.claim(read_reference(reference.text), invitee_uri=invitee_uri("1"))
        settle(booking.pk, because="visitor")

    body = tell.created()
    errors = together(*[claim, lambda: hear(body)] * 4)
    assert errors == [None] * 8
    booking = Booking.objects.get()
    assert (booking.status, booking.calendly_invitee_uri) == ("confirmed", invitee_uri("1"))
    assert booking.appointments.count() == 1
    changes = ModelLogEntry.objects.filter(action="wagtail_calendly.booking.changed")
    assert [entry.data["to"]["status"] for entry in changes] == ["confirmed"]


@pytest.mark.parametrize("attempt", range(3))
def test_both_halves_of_a_reschedule_at_once(tell, reference, attempt):
    bodies = [tell.created(), tell.moved_away(), tell.moved_here()]
    errors = together(*[lambda body=body: hear(body) for body in bodies * 2])
    assert errors == [None] * 6
    booking = Booking.objects.get()
    assert booking.appointments.count() == 2
    assert settle(booking.pk, because="clock").calendly_invitee_uri == invitee_uri("2")


@pytest.mark.parametrize("attempt", range(3))
def test_one_reference_used_by_several_at_once(tell, reference, attempt):
    """Whoever arrives first, the same one has the booking."""
    bodies = [
        tell.created(str(number), created_at=wire(START.replace(minute=number)))
        for number in (3, 1, 4, 2)
    ]
    errors = together(*[lambda body=body: hear(body) for body in bodies])
    assert errors == [None] * 4
    linked = Appointment.objects.exclude(booking=None)
    assert [row.invitee_uri for row in linked] == [invitee_uri("1")]
    others = Appointment.objects.filter(booking=None)
    assert {row.attention for row in others} == {"reference_used_twice"}
    booking = settle(Booking.objects.get().pk, because="clock")
    assert booking.calendly_invitee_uri == invitee_uri("1")


def test_naive_linkers_give_one_reference_to_all(reference):
    """Negative control: look whether it is taken, then take it."""
    booking, looked = links.booking_of(reference), Barrier(THREADS)

    def naive(pk: int) -> None:
        is_free = not booking.appointments.exists()
        looked.wait(10)
        if is_free:
            Appointment.objects.filter(pk=pk).update(booking=booking)

    rows = AppointmentFactory.create_batch(THREADS, booking=None)
    together(*[lambda row=row: naive(row.pk) for row in rows])
    assert booking.appointments.count() == THREADS


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_older_and_newer_words_at_once(tell, reference, order):
    bodies = [tell.created(), tell.no_show(), tell.canceled()]
    errors = together(*[lambda i=i: hear(bodies[i]) for i in order for _ in range(2)])
    assert errors == [None] * 6
    assert settle(Booking.objects.get().pk, because="clock").status == "canceled"


def test_a_naive_merger_overwrites_newer_words_with_older(tell, reference):
    """Negative control: compare, then write, though another wrote in between."""
    hear(tell.created())
    looked, written = Barrier(2), Event()

    def naive(body: bytes, *, is_last: bool) -> None:
        register = said.of_invitee(read(body)[0])
        is_news = register.is_news_to(Appointment.objects.get())
        looked.wait(10)
        if is_last:
            written.wait(10)
        if is_news:
            Appointment.objects.update(**register.assignments())
        written.set()

    canceled, no_show = tell.canceled(), tell.no_show()
    together(lambda: naive(canceled, is_last=False), lambda: naive(no_show, is_last=True))
    assert Appointment.objects.get().invitee_status == "active"
