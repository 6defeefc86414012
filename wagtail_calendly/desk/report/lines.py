"""The lines of the report's table: what they are told apart by, their names, their cells as text and as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.desk.report.sums import Key, Numbers, Sums, together
from wagtail_calendly.desk.report.wanted import CAMPAIGN
from wagtail_calendly.payments.money import to_decimal
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.pages import page_model


class Group(TextChoices):
    """What a line of the table is about."""

    SESSION_TYPE = "session_type", _("Session type")
    PAGE = "page", _("Page")
    CAMPAIGN = "campaign", _("Campaign")
    DAY = "day", _("Day")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `DailyTotal` that tell its lines apart."""
        columns: dict[str, tuple[str, ...]] = {
            "session_type": ("session_type_id",),
            "page": ("page_id",),
            "campaign": CAMPAIGN,
            "day": ("day",),
        }
        return columns[self.value]


@dataclass(frozen=True)
class Line:
    """One line on the screen."""

    key: Key
    name: str
    sums: Sums


@dataclass(frozen=True)
class Row:
    """One line of an export: of one currency, with money as decimal amounts."""

    name: date | str
    source: str
    medium: str
    campaign: str
    currency: str
    counts: Counter[str]

    @property
    def revenue(self) -> Decimal | None:
        return to_decimal(self.counts["revenue"], self.currency) if self.currency else None

    @property
    def refunded(self) -> Decimal | None:
        return to_decimal(self.counts["refunded"], self.currency) if self.currency else None


def lines(numbers: Numbers, group: Group) -> list[Line]:
    """What was booked most comes first; days come newest first."""
    parts: dict[Key, list[tuple[str, Counter[str]]]] = {}
    for (*key, currency), counts in numbers.by(*group.columns, "currency").items():
        parts.setdefault(tuple(key), []).append((currency, counts))
    names = _names(group, parts)
    found = [Line(key, str(names[key]), together(part)) for key, part in parts.items()]
    if group == Group.DAY:
        return sorted(found, key=lambda line: line.key, reverse=True)
    return sorted(
        found,
        key=lambda line: (-line.sums.counts["booked"], -line.sums.counts["opened"], line.name),
    )


def rows(numbers: Numbers, group: Group) -> list[Row]:
    """The same for an export, in the order of their names."""
    counted = numbers.by(*group.columns, "currency")
    names = _names(group, {tuple(key[:-1]): [] for key in counted})
    found = []
    for (*key, currency), counts in counted.items():
        source, medium, campaign = key if group == Group.CAMPAIGN else ("", "", "")
        name = key[0] if group == Group.DAY else names[tuple(key)]
        found.append(Row(name, source, medium, campaign, currency, counts))
    return sorted(found, key=lambda row: (str(row.name), row.currency))


def _names(group: Group, keys: dict[Key, Any]) -> dict[Key, str]:
    if group == Group.DAY:
        return {key: date_format(key[0], "SHORT_DATE_FORMAT") for key in keys}
    if group == Group.CAMPAIGN:
        return {key: campaign_name(*key) for key in keys}
    ids = [key[0] for key in keys if key[0]]
    gone = {(pk,): gettext("Deleted page %(number)s") % {"number": pk} for pk in ids}
    rows: Any = (
        SessionType._base_manager if group == Group.SESSION_TYPE else page_model()._base_manager
    )
    titles = {(pk,): title for pk, title in rows.filter(pk__in=ids).values_list("pk", "title")}
    return {(0,): gettext("No page"), **gone, **titles}


def campaign_name(source: str, medium: str, campaign: str) -> str:
    """Such as "newsletter / email / spring"."""
    if not (source or medium or campaign):
        return gettext("No campaign")
    return " / ".join(part or "–" for part in (source, medium, campaign))
