"""Days in the time zone of the settings: what a day of the report is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

ONE_DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in which this aware moment lies."""
    return moment.astimezone(timezone.get_default_timezone()).date()


def start_of(day: date) -> datetime:
    """The first moment of a day, aware."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def span_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day, and of the next: 23 to 25 hours."""
    return start_of(day), start_of(day + ONE_DAY)
