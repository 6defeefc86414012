"""The sums of a report: stored ones by day, and today's from the bookings, payments and refunds of today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Sum

from wagtail_calendly.bookings import numbers
from wagtail_calendly.bookings.models import DailyTotal
from wagtail_calendly.desk.report.wanted import Wanted

Key = tuple[Any, ...]


@dataclass
class Sums:
    """One thing counted, in all its currencies. Money is in minor units and never added across currencies."""

    counts: Counter[str]
    #: Of what was booked, what had a price: only that can be paid.
    priced: int
    #: By currency, what came in and what went back.
    money: dict[str, tuple[int, int]]

    @property
    def booked_rate(self) -> float | None:
        """Which part of those who opened a session booked it."""
        return _rate(self.counts["booked"], self.counts["opened"])

    @property
    def paid_rate(self) -> float | None:
        """Which part of what had a price was paid."""
        return _rate(self.counts["paid"], self.priced)


def _rate(part: int, whole: int) -> float | None:
    """None where it would say nothing: of what was booked without being opened here, by staff for instance."""
    return part / whole if whole and part <= whole else None


@dataclass
class Numbers:
    """What the totals say about what is wanted."""

    wanted: Wanted
    today: date

    def by(self, *columns: str) -> dict[Key, Counter[str]]:
        """The counts for each combination of these columns of `DailyTotal`."""
        found: dict[Key, Counter[str]] = defaultdict(Counter)
        sums = {f"sum_{name}": Sum(name) for name in DailyTotal.COUNTS}
        stored = DailyTotal.objects.filter(self.wanted.query).order_by()
        for row in stored.values(*columns).annotate(**sums):
            key = tuple(row[name] for name in columns)
            found[key].update({name: row[f"sum_{name}"] for name in DailyTotal.COUNTS})
        for total in self._live:
            key = tuple(getattr(total, name) for name in columns)
            found[key].update({name: getattr(total, name) for name in DailyTotal.COUNTS})
        return found

    @cached_property
    def _live(self) -> list[DailyTotal]:
        """Today's, which nothing has summed up yet."""
        if not self.wanted.first <= self.today <= self.wanted.last:
            return []
        return [row for row in numbers.totals(self.today) if self.wanted.takes(row)]


def together(parts: Iterable[tuple[str, Counter[str]]]) -> Sums:
    """Counts by currency as one."""
    counts: Counter[str] = Counter()
    money: dict[str, tuple[int, int]] = {}
    priced = 0
    for currency, part in parts:
        counts.update(part)
        if currency:
            priced += part["booked"]
            came, went = money.get(currency, (0, 0))
            money[currency] = came + part["revenue"], went + part["refunded"]
    return Sums(counts, priced, dict(sorted(money.items())))
