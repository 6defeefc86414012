"""Keeps the daily totals true: once a day, the days of whatever has changed since are summed again.

What must be counted is marked on the rows themselves (a booking's version is beyond the one counted), so
that a run may be late, come twice, or be killed at any line.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_calendly.bookings.models import Booking, DailyTotal, Payment, Refund, Turn
from wagtail_calendly.bookings.numbers import modes
from wagtail_calendly.bookings.numbers.counting import totals
from wagtail_calendly.bookings.numbers.days import ONE_DAY, day_of, start_of
from wagtail_calendly.bookings.retries import in_transaction

NAME = "numbers"
#: After which a run that did not come to its end is begun again.
LEASE = timedelta(hours=1)
#: So many bookings, or of so many days, are counted at once; other work must not wait for the rest.
MOST_BOOKINGS = 5_000
MOST_DAYS = 50
#: The counted version of a booking that was never counted.
NEVER = -1

_KEY = ["session_type" if name == "session_type_id" else name for name in DailyTotal.KEY]


def count_if_due(now: datetime | None = None) -> bool:
    """Once a day, after midnight: count what has changed, a portion at each call.

    True when it is up to date by now; False where more is left, it is not due, or somebody is at it.
    """
    now = now or timezone.now()
    name = _turn()
    if not _takes_turn(name, now):
        return False
    today = day_of(now)
    _count_portion(today)
    is_done = not _uncounted(today).exists()
    Turn.objects.filter(name=name).update(due_at=start_of(today + ONE_DAY) if is_done else now)
    return is_done


def recount(now: datetime | None = None) -> int:
    """Sum again the days up to yesterday of every booking not counted yet. Returns how many bookings.

    Today is not over: what belongs to it is counted tomorrow, and live until then.
    """
    today, counted = day_of(now or timezone.now()), 0
    while portion := _count_portion(today):
        counted += portion
    return counted


def missing_until(now: datetime | None = None) -> date | None:
    """The last day before today of which bookings were never counted; None when all were."""
    never = _uncounted(day_of(now or timezone.now())).filter(counted_version=NEVER)
    made = never.values_list("created_at", flat=True).first()
    return day_of(made) if made else None


def _count_portion(today: date) -> int:
    """Count some, the newest first, as reports are mostly about them. Returns how many, 0 when none is left."""
    found = dict(_uncounted(today).values_list("pk", "version")[:MOST_BOOKINGS])
    days_of, days, versions = _days_of(found), set[date](), {}
    for pk, version in found.items():
        days |= days_of[pk]
        versions[pk] = version
        if len(days) >= MOST_DAYS:
            break
    for day in sorted(days, reverse=True):
        if day < today:
            in_transaction(partial(_replace, day))
    _mark(versions, today)
    return len(versions)


def _uncounted(today: date) -> QuerySet[Booking]:
    """The bookings made before today, whose facts the totals have not seen, the newest first."""
    rows = Booking.objects.filter(counted_version__lt=F("version"), created_at__lt=start_of(today))
    return rows.exclude(counted_version=_again_after(today)).order_by("-pk")


def _mark(versions: dict[int, int], today: date) -> None:
    """These are counted as they were before they were summed; what changed meanwhile has a newer version.

    Where money moved today, the booking is counted once more when the day is over.
    """
    midnight = start_of(today)
    goes_on = Q(payments__settled_at__gte=midnight) | Q(payments__refunds__created_at__gte=midnight)
    moving = set(Booking.objects.filter(goes_on, pk__in=versions).values_list("pk", flat=True))
    Booking.objects.filter(pk__in=moving).update(counted_version=_again_after(today))
    for version in set(versions.values()):
        ids = [pk for pk, its in versions.items() if its == version and pk not in moving]
        Booking.objects.filter(pk__in=ids).update(counted_version=version)


def _again_after(day: date) -> int:
    """The counted version of a booking that is counted, and will be once more when this day is over."""
    return -day.toordinal()


def _days_of(ids: Collection[int]) -> dict[int, set[date]]:
    """For each of these bookings the days on which it was made, and on which its money moved."""
    payments = Payment.objects.filter(booking__in=ids)
    refunds = Refund.objects.filter(payment__booking__in=ids)
    found: dict[int, set[date]] = {pk: set() for pk in ids}
    for pk, moment in (
        *Booking.objects.filter(pk__in=ids).values_list("pk", "created_at"),
        *payments.values_list("booking", "settled_at"),
        *refunds.values_list("payment__booking", "created_at"),
    ):
        if moment:
            found[pk].add(day_of(moment))
    return found


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


def _turn() -> str:
    """The name of the turn, one for each way in which money is counted."""
    return f"{NAME}.live" if modes.is_live() else NAME


def _takes_turn(name: str, now: datetime) -> bool:
    due = Turn.objects.filter(name=name, due_at__lte=now)
    if due.update(due_at=now + LEASE):
        return True
    if Turn.objects.filter(name=name).exists():
        return False
    in_transaction(partial(_begin, name, now))
    return bool(due.update(due_at=now + LEASE))


def _begin(name: str, now: datetime) -> None:
    """The first turn, or the first since the key is of another mode: then other orders count than before."""
    earlier = Turn.objects.filter(name__startswith=NAME).exclude(name=name)
    if earlier.delete()[0]:
        Booking.objects.filter(modes.depending()).update(counted_version=NEVER)
    Turn.objects.bulk_create([Turn(name=name, due_at=now)], ignore_conflicts=True)
