"""Polling: reads what Calendly may have told in vain, and only what does not stand as it did when it was last read."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.utils import timezone

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health, record
from wagtail_calendly.bookings.models import Connection, PolledEvent
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.calendly import CalendlyClient, CalendlyError, ScheduledEvent

logger = logging.getLogger(__name__)

Item = TypeVar("Item")

#: Fingerprints are kept a little longer than events are listed, so that none is read twice at the edge.
MARGIN = timedelta(days=1)
BATCH = 100


@dataclass(frozen=True)
class PollReport:
    """How many events were listed, how many of them were read, and how many could not be recorded."""

    listed: int = 0
    read: int = 0
    failed: int = 0


def poll(alias: str = "default", *, now: datetime | None = None) -> PollReport:
    """Read an account's events in the window of days that the settings give, and record what is news.

    Calendly cannot be asked for what changed since a time, so the window is listed and compared with how
    its events stood when they were last read. Raises a `CalendlyError` when the list cannot be read.
    """
    now = now or timezone.now()
    settings = conf.load()
    client = accounts.calendly(alias).for_background()
    scope = health.scope(alias, client=client)
    events = client.scheduled_events(
        user=scope.user,
        organization=scope.organization,
        min_start_time=now - timedelta(days=settings.poll_days_back),
        max_start_time=now + timedelta(days=settings.poll_days_ahead),
    )
    listed = read = failed = 0
    for batch in _batches(events):
        listed += len(batch)
        for event, fingerprint in _news(batch, now):
            read += 1
            failed += not _read(event, fingerprint, alias, client)
    health.well(alias)
    Connection.objects.filter(account=alias).update(last_poll_at=now)
    _prune(alias, now - timedelta(days=settings.poll_days_back) - MARGIN)
    return PollReport(listed, read, failed)


def _news(batch: list[ScheduledEvent], now: datetime) -> list[tuple[ScheduledEvent, str]]:
    """The events that do not stand as they did when they were read."""
    rows = PolledEvent.objects.filter(event_uri__in=[event.uri for event in batch])
    known = dict(rows.values_list("event_uri", "fingerprint"))
    prints = [(event, _fingerprint(event, now)) for event in batch]
    return [(event, mark) for event, mark in prints if known.get(event.uri) != mark]


def _fingerprint(event: ScheduledEvent, now: datetime) -> str:
    """How an event stands. A no-show changes the invitee only, so an event is read again once it is
    over, and once more a day later."""
    days_over = min((now - event.end_time) // timedelta(days=1), 1)
    counter = event.invitees_counter
    stand = (event.status, event.updated_at, counter.total, counter.active, max(days_over, -1))
    return hashlib.sha256(repr(stand).encode()).hexdigest()


def _read(event: ScheduledEvent, fingerprint: str, alias: str, client: CalendlyClient) -> bool:
    """Record an event's invitees, then how it stood. False when one of them could not be recorded."""
    try:
        for invitee in client.invitees(event.uri):
            appointment = record.appointment(invitee, event, account=alias)
            if appointment and appointment.booking_id:
                settle(appointment.booking_id, because="poll")
    except health.TROUBLE:
        raise
    except CalendlyError as error:
        logger.warning("An event could not be read: %s", error)
        return False
    except Exception:
        logger.exception("An event could not be recorded.")
        return False
    PolledEvent.objects.update_or_create(
        event_uri=event.uri,
        defaults={"account": alias, "fingerprint": fingerprint, "start_time": event.start_time},
    )
    return True


def _prune(alias: str, before: datetime) -> None:
    PolledEvent.objects.filter(account=alias, start_time__lt=before).delete()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
