"""The columns of the report's table: a name that leads deeper, counts with their rates, money by currency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn, TitleColumn

from wagtail_calendly.desk.report.lines import Group, Line
from wagtail_calendly.snippets.price_words import amount


def columns(group: Group, asked: QueryDict, index_url: str) -> list[BaseColumn]:
    """The columns for lines of this kind; names lead to what they stand for, the other filters kept."""
    return [
        TitleColumn("name", label=group.label, get_url=_deeper(group, asked, index_url)),
        _count("opened", _("Opened")),
        _count("booked", _("Booked")),
        RateColumn("booked_rate", label=_("of opened")),
        _count("paid", _("Paid")),
        RateColumn("paid_rate", label=_("of priced")),
        _count("canceled", _("Canceled")),
        _count("no_show", _("No-shows")),
        MoneyColumn("revenue", 0, label=_("Revenue")),
        MoneyColumn("refunded", 1, label=_("Given back")),
    ]


class RateColumn(Column):
    """A part of a whole, as percent; empty where it says nothing."""

    def get_value(self, instance: Line) -> str:
        return percent(getattr(instance.sums, self.name))


class MoneyColumn(Column):
    """Money in each of its currencies: `place` 0 is what came in, 1 what went back."""

    def __init__(self, name: str, place: int, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.place = place

    def get_value(self, instance: Line) -> str:
        return money(instance.sums.money, self.place)


def percent(rate: float | None) -> str:
    """As readers of the active language write it."""
    if rate is None:
        return ""
    return gettext("%(number)s%%") % {"number": number_format(round(rate * 100, 1), 1)}


def money(sums: dict[str, tuple[int, int]], place: int) -> str:
    """Amounts side by side, for they cannot be added."""
    shown = [amount(pair[place], currency) for currency, pair in sums.items() if pair[place]]
    return ", ".join(shown)


def _count(name: str, label: Any) -> NumberColumn:
    return NumberColumn(name, label=label, accessor=lambda line: line.sums.counts[name])


def _deeper(group: Group, asked: QueryDict, index_url: str) -> Callable[[Line], str | None]:
    """Where a line leads: a day to its bookings, a session type or page to its days."""

    def url(line: Line) -> str | None:
        if group == Group.DAY:
            day = line.key[0].isoformat()
            query = f"created_at_from={day}&created_at_to={day}"
            return f"{reverse('bookings:index')}?{query}"
        if group == Group.CAMPAIGN or not line.key[0]:
            return None
        deeper = asked.copy()
        for passing in ("p", "_w_filter_fragment"):
            deeper.pop(passing, None)
        deeper[group.value] = str(line.key[0])
        deeper["group"] = Group.DAY.value
        return f"{index_url}?{deeper.urlencode()}"

    return url
