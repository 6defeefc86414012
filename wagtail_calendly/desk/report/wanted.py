"""What a report is asked about: a span of days, and which session types, pages, campaigns and currencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.bookings.models import DailyTotal

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
#: Further back no report reaches in one go.
MOST_DAYS = 3660


class Period(TextChoices):
    """Spans of days that are asked for often."""

    WEEK = "7", _("Last 7 days")
    MONTH = "30", _("Last 30 days")
    QUARTER = "90", _("Last 90 days")
    YEAR = "365", _("Last 365 days")
    THIS_MONTH = "this-month", _("This month")
    LAST_MONTH = "last-month", _("Last month")
    THIS_YEAR = "this-year", _("This year")
    LAST_YEAR = "last-year", _("Last year")

    def days(self, today: date) -> tuple[date, date]:
        """Its first and last day."""
        if self.value.isdecimal():
            return today - timedelta(days=int(self.value) - 1), today
        first = today.replace(day=1)
        spans = {
            self.THIS_MONTH: (first, today),
            self.LAST_MONTH: (
                (first - timedelta(days=1)).replace(day=1),
                first - timedelta(days=1),
            ),
            self.THIS_YEAR: (first.replace(month=1), today),
            self.LAST_YEAR: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        }
        return spans[self]


@dataclass(frozen=True)
class Wanted:
    """What is asked for. An empty set or text asks for all; `first` and `last` are both part of it."""

    first: date
    last: date
    session_types: frozenset[int] = frozenset()
    pages: frozenset[int] = frozenset()
    currencies: frozenset[str] = frozenset()
    #: A part of the campaign's source, medium or name.
    campaign: str = ""

    @property
    def query(self) -> Q:
        """As a question to stored totals."""
        query = Q(day__range=(self.first, self.last))
        for column, values in self._columns.items():
            if values:
                query &= Q(**{f"{column}__in": values})
        if self.campaign:
            named = [Q(**{f"{name}__icontains": self.campaign}) for name in CAMPAIGN]
            query &= named[0] | named[1] | named[2]
        return query

    def takes(self, row: DailyTotal) -> bool:
        """The same question, of a row that is not stored."""
        if not self.first <= row.day <= self.last:
            return False
        if any(
            values and getattr(row, column) not in values
            for column, values in self._columns.items()
        ):
            return False
        part = self.campaign.lower()
        return not part or any(part in getattr(row, name).lower() for name in CAMPAIGN)

    @property
    def _columns(self) -> dict[str, frozenset[int] | frozenset[str]]:
        return {
            "session_type_id": self.session_types,
            "page_id": self.pages,
            "currency": self.currencies,
        }


def span(period: str, first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days asked for: dates count more than a period; of those with one end open, 30 days or up to today."""
    if first is None and last is None:
        chosen = Period(period) if period in Period.values else Period.MONTH
        return chosen.days(today)
    last = last or max(today, first or today)
    first = first or last - timedelta(days=29)
    return max(first, last - timedelta(days=MOST_DAYS)), last
