"""Filters of the bookings list and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.widgets import AdminPageChooser

from wagtail_calendly import conf
from wagtail_calendly.bookings.models import Booking, PaymentStatus, Status
from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.pages import page_model


def accounts() -> list[tuple[str, str]]:
    """The accounts that are configured."""
    return [(alias, alias) for alias in conf.load().accounts]


class BookingFilterSet(WagtailFilterSet):
    """By status, payment, session type, dates, page, account, and what needs attention."""

    # Nothing is joined, so no row comes twice; DISTINCT would sort a million of them.
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    payment_status = django_filters.MultipleChoiceFilter(
        label=_("Payment"),
        choices=PaymentStatus.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    session_type = django_filters.ModelMultipleChoiceFilter(
        label=_("Session type"),
        queryset=lambda request: SessionType.objects.order_by("title"),
        widget=forms.CheckboxSelectMultiple,
        method="by_session_type",
    )
    starts_at = django_filters.DateFromToRangeFilter(
        label=_("Date of the session"), widget=DateRangePickerWidget
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=_("Date of the booking"), widget=DateRangePickerWidget
    )
    attention = django_filters.ChoiceFilter(
        label=_("Attention"),
        choices=[("needed", _("Needed")), ("none", _("Not needed"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_attention",
    )
    page = django_filters.ModelChoiceFilter(
        label=_("Page"),
        queryset=lambda request: page_model().objects.all(),
        widget=AdminPageChooser,
        method="by_page",
    )
    account = django_filters.ChoiceFilter(
        label=_("Account"), choices=accounts, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Booking
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(accounts()) < 2:
            del self.filters["account"]

    def by_session_type(
        self, queryset: QuerySet[Booking], name: str, value: Iterable[SessionType]
    ) -> QuerySet[Booking]:
        """By the terms' numbers: of these the database knows how many bookings to expect, of a join it does not."""
        chosen = list(value)
        if not chosen:
            return queryset
        terms = Terms.objects.filter(session_type__in=chosen).order_by()
        return queryset.filter(terms__in=list(terms.values_list("pk", flat=True)))

    def by_attention(self, queryset: QuerySet[Booking], name: str, value: str) -> QuerySet[Booking]:
        if value == "needed":
            return queryset.exclude(attention="")
        return queryset.filter(attention="")

    def by_page(self, queryset: QuerySet[Booking], name: str, value: Any) -> QuerySet[Booking]:
        return queryset.filter(page_id=value.pk)
