"""Keeps the daily totals true: once a day, the days of whatever has changed since are summed again.

What must be counted is marked on the rows themselves (a booking's version is beyond the one counted), so
that a run may be late, come twice, or be killed at any line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import F, Q
from django.utils import timezone

from wagtail_calendly.bookings.models import Booking, DailyTotal, Payment, Refund, Turn
from wagtail_calendly.bookings.numbers.counting import totals
from wagtail_calendly.bookings.numbers.days import ONE_DAY, day_of, start_of
from wagtail_calendly.bookings.retries import in_transaction

NAME = "numbers"
#: After which a run that did not come to its end is begun again.
LEASE = timedelta(hours=1)
BATCH = 5000

_KEY = ["session_type" if name == "session_type_id" else name for name in DailyTotal.KEY]


def count_if_due(now: datetime | None = None) -> bool:
    """Once a day, after midnight: count what has changed. False where it is not due, or somebody is at it."""
    now = now or timezone.now()
    if not _takes_turn(now):
        return False
    recount(now)
    Turn.objects.filter(name=NAME).update(due_at=start_of(day_of(now) + ONE_DAY))
    return True


def recount(now: datetime | None = None) -> int:
    """Sum again the days up to yesterday of every booking not counted yet. Returns how many bookings.

    Today is not over: what belongs to it is counted tomorrow, and live until then.
    """
    today, counted = day_of(now or timezone.now()), 0
    for versions in _uncounted(before=start_of(today)):
        for day in sorted(_days_of(list(versions))):
            if day < today:
                in_transaction(partial(_replace, day))
        _mark(versions, start_of(today))
        counted += len(versions)
    return counted


def _uncounted(before: datetime) -> Iterator[dict[int, int]]:
    """The bookings made before, whose facts the totals have not seen, with their versions; each once, in batches."""
    rows = Booking.objects.filter(counted_version__lt=F("version"), created_at__lt=before)
    rows, last = rows.order_by("pk"), 0
    while found := dict(rows.filter(pk__gt=last).values_list("pk", "version")[:BATCH]):
        yield found
        last = max(found)


def _mark(versions: dict[int, int], midnight: datetime) -> None:
    """These are counted as they were before they were summed; what changed meanwhile has a newer version.

    Where money moved today, the booking is left to be counted once more when the day is over.
    """
    goes_on = Q(payments__settled_at__gte=midnight) | Q(payments__refunds__created_at__gte=midnight)
    moving = set(Booking.objects.filter(goes_on, pk__in=versions).values_list("pk", flat=True))
    for version in set(versions.values()):
        ids = [pk for pk, its in versions.items() if its == version and pk not in moving]
        Booking.objects.filter(pk__in=ids).update(counted_version=version)


def _days_of(ids: list[int]) -> set[date]:
    """The days on which these bookings were made, and on which their money moved."""
    moments = [
        *Booking.objects.filter(pk__in=ids).values_list("created_at", flat=True),
        *Payment.objects.filter(booking__in=ids).values_list("settled_at", flat=True),
        *Refund.objects.filter(payment__booking__in=ids).values_list("created_at", flat=True),
    ]
    return {day_of(moment) for moment in moments if moment}


def _replace(day: date) -> None:
    """Write what the day sums up to now. What was opened is no sum, and stays."""
    rows = DailyTotal.objects.filter(day=day)
    rows.update(**dict.fromkeys(DailyTotal.DERIVED, 0))
    DailyTotal.objects.bulk_create(
        totals(day),
        update_conflicts=True,
        unique_fields=_KEY,
        update_fields=list(DailyTotal.DERIVED),
    )
    rows.filter(**dict.fromkeys(DailyTotal.COUNTS, 0)).delete()


def _takes_turn(now: datetime) -> bool:
    due = Turn.objects.filter(name=NAME, due_at__lte=now)
    if due.update(due_at=now + LEASE):
        return True
    if Turn.objects.filter(name=NAME).exists():
        return False
    Turn.objects.bulk_create([Turn(name=NAME, due_at=now)], ignore_conflicts=True)
    return bool(due.update(due_at=now + LEASE))
