"""A worker is killed in the middle of its work: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.faults.conftest import book
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects, record, work
from wagtail_calendly.bookings.models import Booking, Effect, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.settle import settle

pytestmark = pytest.mark.django_db(transaction=True)

#: A worker of its own, at the test's database and simulator, that performs one effect.
WORKER = """
import sys
from django.conf import settings
name, url, effect = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = name
account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"] | {"BASE_URL": url}
settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": account}}
import django
django.setup()
from wagtail_calendly.bookings import effects
effects.perform(int(effect))
"""


@pytest.mark.survives("killed-worker")
def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(
    calendly: Simulator, reference: Reference
) -> None:
    book(calendly, reference)
    settle(record.claim(reference).pk, because="visitor")
    effect = Effect.objects.get()
    kill_at_calendly(calendly, effect)
    effect.refresh_from_db()
    assert (effect.state, effect.tries) == ("open", 1)
    assert effect.claimed_until > timezone.now()
    # It may be alive still: nobody else takes it before the lease is over.
    assert effects.perform(effect.pk).tries == 1
    assert Booking.objects.get().status == Status.PENDING
    Effect.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert effects.perform_due(timezone.now() + timedelta(minutes=1)) == 1
    assert Booking.objects.get().status == Status.CONFIRMED
    assert Effect.objects.get().state == "done"


@pytest.mark.survives("killed-worker")
def test_what_a_late_worker_says_of_work_that_was_taken_over_counts_no_more(
    calendly: Simulator, reference: Reference
) -> None:
    """It was not killed after all, only slow; its failure must not undo what the other did."""
    settle(record.claim(reference).pk, because="visitor")
    effect = Effect.objects.get()
    slow = work.claim(Effect, effect.pk, timezone.now() - work.LEASE)
    assert slow
    book(calendly, reference)
    assert effects.perform(effect.pk).state == "done"
    work.fail(slow, RuntimeError("too late"), tries=1, now=timezone.now())
    effect.refresh_from_db()
    assert (effect.state, effect.error) == ("done", "")


def kill_at_calendly(calendly: Simulator, effect: Effect) -> None:
    """Start a worker, and kill it while it waits for Calendly's answer."""
    calendly.fault("GET", delay=30, times=1)
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", WORKER, name, calendly.url, str(effect.pk)])
    while not Effect.objects.filter(tries=1).exists():  # claimed before Calendly is asked
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"The worker ended by itself: {worker.wait(0.1)}")
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(20) == -signal.SIGKILL
    calendly.clear_faults()
