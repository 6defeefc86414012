"""The filters of the report, as they stand in its links."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from wagtail_calendly.bookings.models import DailyTotal
from wagtail_calendly.desk.report.lines import Group
from wagtail_calendly.desk.report.wanted import Period, Wanted, span
from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.pages import page_model


def _pages(request: Any) -> QuerySet[Any]:
    """Pages that anything was ever opened or booked on."""
    used = DailyTotal.objects.exclude(page_id=0).values("page_id")
    return page_model().objects.filter(pk__in=used).order_by("title")


def _currencies() -> list[tuple[str, str]]:
    used = Terms.objects.exclude(currency="").values_list("currency", flat=True).distinct()
    return [(code, code) for code in used.order_by("currency")]


class ReportFilterSet(WagtailFilterSet):
    """When, what, where and through which campaign; and what a line of the table is about."""

    group = django_filters.ChoiceFilter(
        label=_("One line for each"),
        choices=Group.choices,
        empty_label=None,
        widget=forms.RadioSelect,
        initial=Group.SESSION_TYPE,
    )
    period = django_filters.ChoiceFilter(
        label=_("Period"),
        choices=Period.choices,
        empty_label=None,
        widget=forms.RadioSelect,
        initial=Period.MONTH,
    )
    day = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    session_type = django_filters.ModelMultipleChoiceFilter(
        label=_("Session type"),
        queryset=lambda request: SessionType._base_manager.order_by("title"),
        widget=forms.CheckboxSelectMultiple,
    )
    page = django_filters.ModelMultipleChoiceFilter(
        label=_("Page"), queryset=_pages, widget=forms.CheckboxSelectMultiple
    )
    campaign = django_filters.CharFilter(
        label=_("Campaign"), help_text=_("A part of its source, medium or name.")
    )
    currency = django_filters.MultipleChoiceFilter(
        label=_("Currency"), choices=_currencies, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = DailyTotal
        fields: ClassVar[list[str]] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        """Defaults count as chosen, so that the form shows them and they are no active filters."""
        chosen = QueryDict(mutable=True) if data is None else data.copy()
        for name in ("group", "period"):
            chosen.setdefault(name, str(self.base_filters[name].extra["initial"]))
        super().__init__(chosen, *args, **kwargs)

    @property
    def said(self) -> dict[str, Any]:
        """What was asked for; what does not fit is left at its default."""
        return self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def group_by(self) -> Group:
        return Group(self.said.get("group") or Group.SESSION_TYPE)

    def wanted(self, today: date) -> Wanted:
        """What the report is asked about."""
        said = self.said
        days = said.get("day")
        first, last = span(
            said.get("period") or "",
            days.start.date() if days and days.start else None,
            days.stop.date() if days and days.stop else None,
            today,
        )
        return Wanted(
            first,
            last,
            session_types=frozenset(row.pk for row in said.get("session_type") or ()),
            pages=frozenset(row.pk for row in said.get("page") or ()),
            currencies=frozenset(said.get("currency") or ()),
            campaign=said.get("campaign") or "",
        )
