"""Small plots as SVG, drawn on the server: bars over days, weeks or months. Their numbers stand in a table as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_calendly.desk.report.sums import Numbers
from wagtail_calendly.desk.report.wanted import Wanted
from wagtail_calendly.snippets.price_words import amount

#: Units of the drawing: the height of the tallest bar, the room for one bar, and the gap in it.
HEIGHT = 60
STEP = 10
GAP = 2
#: Days after which bars stand for weeks, and for months.
DAYS_BY_DAY = 62
DAYS_BY_WEEK = 370

Words = Callable[[int], str]


@dataclass(frozen=True)
class Bar:
    """One bar: where it begins on the drawing and how tall it is, and what it says."""

    label: str
    words: str
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Plot:
    """One drawing: its name, what it says in a sentence, and its bars from left to right."""

    name: str
    says: str
    bars: list[Bar]
    top: str

    @property
    def width(self) -> int:
        return len(self.bars) * STEP

    @property
    def bar_width(self) -> int:
        return STEP - GAP


def plots(numbers: Numbers) -> list[Plot]:
    """What was opened, what was booked, and what came in: one drawing for each currency."""
    starts = _starts(numbers.wanted)
    sums: dict[tuple[date, str], Counter[str]] = {}
    for (day, currency), counts in numbers.by("day", "currency").items():
        sums.setdefault((_start(day, numbers.wanted), currency), Counter()).update(counts)

    def series(name: str, currencies: Iterable[str]) -> list[int]:
        return [
            sum(sums.get((start, one), Counter())[name] for one in currencies) for start in starts
        ]

    every = sorted({currency for _start, currency in sums})
    labels = [_label(max(start, numbers.wanted.first), numbers.wanted) for start in starts]
    found = [
        _plot(_("Opened"), labels, series("opened", every), _number),
        _plot(_("Booked"), labels, series("booked", every), _number),
    ]
    for currency in filter(None, every):
        name = _("Revenue in %(currency)s") % {"currency": currency}
        found.append(_plot(name, labels, series("revenue", [currency]), _money(currency)))
    return found


def _plot(name: str, labels: list[str], values: list[int], words: Words) -> Plot:
    most = max(values, default=0)
    bars = []
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        height = round(HEIGHT * value / most, 2) if most else 0
        bars.append(Bar(label, words(value), place * STEP + GAP // 2, HEIGHT - height, height))
    return Plot(name, _sentence(labels, values, words), bars, words(most))


def _sentence(labels: list[str], values: list[int], words: Words) -> str:
    """What the drawing shows, for those who do not see it."""
    if not any(values):
        return _("From %(first)s to %(last)s: nothing.") % {"first": labels[0], "last": labels[-1]}
    most = max(values)
    return _("From %(first)s to %(last)s: %(sum)s in all, the most %(most)s (%(when)s).") % {
        "first": labels[0],
        "last": labels[-1],
        "sum": words(sum(values)),
        "most": words(most),
        "when": labels[values.index(most)],
    }


def _starts(wanted: Wanted) -> list[date]:
    """The first day of each bar, from left to right."""
    days = (wanted.last - wanted.first).days + 1
    found = {_start(wanted.first + timedelta(days=number), wanted) for number in range(days)}
    return sorted(found) or [wanted.last]


def _start(day: date, wanted: Wanted) -> date:
    """The first day of the bar that this day belongs to."""
    if _is_by_day(wanted):
        return day
    return day - timedelta(days=day.weekday()) if _is_by_week(wanted) else day.replace(day=1)


def _label(start: date, wanted: Wanted) -> str:
    if _is_by_day(wanted) or _is_by_week(wanted):
        return date_format(start, "SHORT_DATE_FORMAT")
    return date_format(start, "YEAR_MONTH_FORMAT")


def _is_by_day(wanted: Wanted) -> bool:
    return (wanted.last - wanted.first).days < DAYS_BY_DAY


def _is_by_week(wanted: Wanted) -> bool:
    return not _is_by_day(wanted) and (wanted.last - wanted.first).days < DAYS_BY_WEEK


def _number(value: int) -> str:
    from django.contrib.humanize.templatetags.humanize import intcomma

    return str(intcomma(value))


def _money(currency: str) -> Words:
    return lambda value: amount(value, currency)
