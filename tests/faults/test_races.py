"""Many at once: threads at the same row.

The same races without their guards are here for locks, and in tests/bookings/test_races.py for rows.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, TypeVar

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.factories import default_site
from tests.faults.conftest import Post, book, send
from tests.faults.test_deliveries import told
from tests.faults.truth import changes
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects, record
from wagtail_calendly.bookings.confirm import booked, confirm
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    RequestCounter,
    Status,
    WebhookDelivery,
)
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.settle import settle

pytestmark = pytest.mark.django_db(transaction=True)

Result = TypeVar("Result")
CROWD = 6


def together(*acts: Callable[[], Result]) -> list[Result]:
    """What each returned; all start at the same moment, each with a connection of its own."""
    barrier, results, errors = threading.Barrier(len(acts)), [], []

    def act(one: Callable[[], Result]) -> None:
        try:
            barrier.wait(20)
            results.append(one())
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    return results


@pytest.mark.survives("delivered-twice")
def test_the_same_delivery_from_many_sides_counts_once(
    calendly: Simulator, reference: Reference
) -> None:
    body = told(calendly, reference)
    assert together(*[lambda: send(body)] * CROWD) == [200] * CROWD
    assert (WebhookDelivery.objects.count(), Appointment.objects.count()) == (1, 1)
    assert (Booking.objects.get().status, changes()) == (Status.CONFIRMED, 1)


@pytest.mark.survives("webhook-and-browser-at-once")
def test_webhook_browser_and_clock_at_once_make_one_booking_and_one_change(
    calendly: Simulator, reference: Reference
) -> None:
    body = told(calendly, reference)
    ours, site = json.loads(body)["payload"]["uri"], default_site()

    def claim() -> object:
        return confirm(reference.text, ours, site=site)

    def say_so() -> object:
        return booked(reference.text, site=site)

    together(claim, lambda: send(body), say_so, claim, say_so)
    booking = Booking.objects.get()
    assert (booking.status, booking.calendly_invitee_uri) == (Status.CONFIRMED, ours)
    confirmed = [entry for entry in log() if entry.get("status") == Status.CONFIRMED]
    assert len(confirmed) == 1


@pytest.mark.survives("two-workers")
def test_one_effect_is_performed_by_one_of_many_workers(
    calendly: Simulator, reference: Reference
) -> None:
    booking = record.claim(reference)
    settle(booking.pk, because="visitor")
    effect = Effect.objects.get()
    effects.perform(effect.pk)  # the account's owner is known from here on
    Effect.objects.update(next_try_at=timezone.now(), claimed_until=None)
    calendly.clear_requests()
    # All look at one moment: what is asked again later is not due to the slowest of them.
    assert sum(together(*[partial(effects.perform_due, timezone.now())] * CROWD)) <= CROWD
    assert [call["path"] for call in calendly.requests()] == ["/scheduled_events"]


@pytest.mark.survives("database-gives-way")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one writer")
def test_a_writer_that_had_to_give_way_tries_again() -> None:
    """Another program holds SQLite's one write lock, and gives it back after the first refusal."""
    counter = RequestCounter.objects.create(key="x", window=0)

    def count() -> None:
        RequestCounter.objects.filter(pk=counter.pk).update(count=5)

    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        refusals = []

        def give_back(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            try:
                return execute(sql, params, many, context)
            except OperationalError as error:
                refusals.append(str(error))
                other.execute("ROLLBACK")
                raise

        connection.cursor().execute("PRAGMA busy_timeout = 1")
        other.execute("BEGIN IMMEDIATE")
        with connection.execute_wrapper(give_back):
            in_transaction(count)
        assert refusals == ["database is locked"]
        assert RequestCounter.objects.get().count == 5
        # Negative control: the same without the guard.
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError), transaction.atomic():
            count()
        other.execute("ROLLBACK")
    connection.close()


@pytest.mark.survives("database-gives-way")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL finds deadlocks")
def test_of_two_in_a_deadlock_one_tries_again() -> None:
    """Two lock the same two rows in opposite orders; both wait in the middle, the first time."""
    pks = [RequestCounter.objects.create(key=key, window=0).pk for key in "ab"]

    def locker(first: int, second: int, meet: threading.Barrier) -> Callable[[], None]:
        tries: list[int] = []

        def lock() -> None:
            RequestCounter.objects.filter(pk=first).update(count=1)
            tries.append(first)
            if len(tries) == 1:
                meet.wait(20)
            RequestCounter.objects.filter(pk=second).update(count=1)

        return lock

    meet = threading.Barrier(2)
    one, other = locker(pks[0], pks[1], meet), locker(pks[1], pks[0], meet)
    together(lambda: in_transaction(one), lambda: in_transaction(other))
    # Negative control: the same without the guard.
    meet = threading.Barrier(2)
    one, other = locker(pks[0], pks[1], meet), locker(pks[1], pks[0], meet)
    assert sorted(together(lambda: is_refused(one), lambda: is_refused(other))) == [False, True]


@pytest.mark.survives("sqlite-locked")
def test_many_writers_all_get_their_turn(post: Post, reference: Reference) -> None:
    """Claims, deliveries and the clock write the same booking; nobody is told that it is locked."""
    book(post.simulator, reference)
    post.deliver()
    pk = Booking.objects.get().pk

    def claim() -> object:
        return settle(record.claim(reference, tracking={"utm_source": "x"}).pk, because="visitor")

    together(*[claim, lambda: settle(pk, because="clock")] * (CROWD // 2))
    assert Booking.objects.get().status == Status.CONFIRMED


def is_refused(act: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            act()
    except OperationalError:
        return True
    return False


def log() -> list[dict[str, Any]]:
    return [entry.data.get("to", {}) for entry in ModelLogEntry.objects.all()]
