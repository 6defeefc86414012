"""The days that a calendar shows: a week, or the whole weeks of a month, as days are in the reader's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format, get_format

WEEK, MONTH = "week", "month"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The week or the month in which `day` lies."""

    kind: str
    day: date

    @property
    def days(self) -> list[date]:
        """Every day shown; around a month also those that fill its first and last week."""
        first, last = _week_of(self._first), _week_of(self._last) + 6 * ONE_DAY
        return [first + n * ONE_DAY for n in range((last - first).days + 1)]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day; a day may have 23 hours, or 25."""
        return _midnight(self.days[0]), _midnight(self.days[-1] + ONE_DAY)

    @property
    def before(self) -> date:
        return self._first - ONE_DAY if self.kind == MONTH else self.day - 7 * ONE_DAY

    @property
    def after(self) -> date:
        return self._last + ONE_DAY if self.kind == MONTH else self.day + 7 * ONE_DAY

    @property
    def title(self) -> str:
        if self.kind == MONTH:
            return str(date_format(self.day, "YEAR_MONTH_FORMAT"))
        return f"{date_format(self.days[0], 'DATE_FORMAT')} – {date_format(self.days[-1], 'DATE_FORMAT')}"

    def holds(self, day: date) -> bool:
        """Whether a day belongs to it, not to a neighbour whose days fill a week."""
        return self.kind == WEEK or (day.year, day.month) == (self.day.year, self.day.month)

    @property
    def _first(self) -> date:
        return self.day.replace(day=1) if self.kind == MONTH else self.day

    @property
    def _last(self) -> date:
        if self.kind == WEEK:
            return self.day
        return (self._first + 31 * ONE_DAY).replace(day=1) - ONE_DAY


def _week_of(day: date) -> date:
    """The first day of its week, as weeks begin in the reader's language."""
    return day - ((day.isoweekday() - get_format("FIRST_DAY_OF_WEEK")) % 7) * ONE_DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
