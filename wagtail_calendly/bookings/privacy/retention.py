"""Erases what was kept as long as the site's settings say, a few rows at a time, beginning with the oldest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from wagtail_calendly import conf
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.privacy import erasing, hindrances, kept
from wagtail_calendly.bookings.privacy.kept import Kept
from wagtail_calendly.exceptions import NotErasable

logger = logging.getLogger(__name__)

BATCH = 100


def erase_due(now: datetime, limit: int = BATCH) -> int:
    """Erase what is over for longer than `RETENTION_DAYS`, except what is still needed; returns how many rows.

    What staff must see to, and what money is still open on, waits until that is done.
    """
    days = conf.load().retention_days
    if days is None:
        return 0
    before = now - timedelta(days=days)
    bookings = list(_bookings(before, now).values_list("pk", flat=True)[:limit])
    unlinked = list(_unlinked(before).values_list("pk", flat=True)[:limit])
    return _erase(kept.of_bookings, bookings) + _erase(kept.of_appointments, unlinked)


def _erase(find: Callable[[Iterable[int]], Kept], ids: list[int]) -> int:
    """All of them at once; where one turns out to be needed, the others one by one."""
    if not ids:
        return 0
    try:
        erasing.at_once(find(ids), because="retention")
    except NotErasable as error:
        logger.info("Not all of %d are erased yet: %s", len(ids), error)
        return sum(_erase(find, [pk]) for pk in ids) if len(ids) > 1 else 0
    return len(ids)


def _bookings(before: datetime, now: datetime) -> QuerySet[Booking]:
    """Those without a session count from their beginning. What is due is settled first."""
    over = Q(ends_at__lt=before) | Q(ends_at=None, created_at__lt=before)
    is_settled = Q(next_check_at=None) | Q(next_check_at__gt=now)
    found = Booking.objects.filter(over, is_settled, erased_at=None)
    return found.exclude(hindrances.any_of_a_booking(now)).order_by("ends_at", "pk")


def _unlinked(before: datetime) -> QuerySet[Appointment]:
    found = Appointment.objects.filter(booking=None, erased_at=None, end_time__lt=before)
    return found.order_by("end_time", "pk")
