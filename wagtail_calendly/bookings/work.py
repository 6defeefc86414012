"""How work is claimed, finished and tried again: by a lease, so that it may be killed at any line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_calendly.bookings.models import Work

Row = TypeVar("Row", bound=Work)

#: Longer than any one piece of work may take; then another worker takes it over.
LEASE = timedelta(minutes=3)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
FIRST_LOOK = timedelta(seconds=15)
LONGEST_LOOK = timedelta(hours=1)


def due(rows: type[Row], now: datetime) -> QuerySet[Row]:
    """Open rows whose time has come and that nobody holds, the longest waiting first."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    open_rows = rows._default_manager.filter(free, state=Work.State.OPEN, next_try_at__lte=now)
    return open_rows.order_by("next_try_at", "pk")


def claim(rows: type[Row], pk: int, now: datetime, *, due_at: datetime | None = None) -> Row | None:
    """Take a row for the time of the lease; None when it is done or somebody else has it.

    `due_at`: when it was seen to be due; None too when somebody has tried it and put it off since.

    Raises `RuntimeError` inside a transaction: what follows calls a vendor, and must not hold locks.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    row = rows._default_manager.filter(free, pk=pk, state=Work.State.OPEN)
    if due_at is not None:
        row = row.filter(next_try_at__lte=due_at)
    with transaction.atomic(durable=True):
        if not row.update(claimed_until=now + LEASE, tries=F("tries") + 1):
            return None
    return rows._default_manager.get(pk=pk)


def finish(row: Work, state: str, now: datetime, **columns: Any) -> None:
    """It is done, or not worth doing. `columns` are written with that."""
    _write(row, state=state, finished_at=now, error="", **columns)


def not_yet(row: Work, now: datetime) -> None:
    """Calendly answered, and what is waited for is not there; the longer it lasts, the rarer we ask."""
    wait = min(max((now - row.created_at) / 2, FIRST_LOOK), LONGEST_LOOK)
    _write(row, tries=0, next_try_at=now + wait, error="")


def postpone(row: Work, error: Exception, wait: timedelta, now: datetime) -> None:
    """It could not be tried, through no fault of its own; this does not count as a try."""
    _write(row, tries=max(row.tries - 1, 0), next_try_at=now + wait, error=told(error))


def fail(row: Work, error: Exception, *, tries: int, now: datetime) -> bool:
    """It failed; after so many tries it is given up. True when it is."""
    if row.tries >= tries:
        _write(row, state=Work.State.DEAD, finished_at=now, error=told(error))
        return True
    wait = min(FIRST_RETRY * 3 ** (row.tries - 1), LONGEST_RETRY)
    _write(row, next_try_at=now + wait, error=told(error))
    return False


def revive(rows: QuerySet[Row]) -> int:
    """Begin anew with those of these rows that were given up: somebody asks for them again."""
    dead = rows.filter(state=Work.State.DEAD)
    return dead.update(
        state=Work.State.OPEN, tries=0, next_try_at=timezone.now(), finished_at=None, error=""
    )


def told(error: Exception) -> str:
    """What may be kept of an error: texts that are our own; of others the kind only, for they may hold anything."""
    own = type(error).__module__.startswith("wagtail_calendly.")
    return (f"{type(error).__name__}: {error}" if own else type(error).__name__)[:255]


def _write(row: Work, **columns: Any) -> None:
    """Give the row back, unless the lease ran out and somebody else has taken it over."""
    held = type(row)._default_manager.filter(pk=row.pk, claimed_until=row.claimed_until)
    held.update(claimed_until=None, **columns)
