"""Filters of the bookings list."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from wagtail_calendly.bookings.models import Booking, PaymentStatus, Status
from wagtail_calendly.snippets.models import SessionType


class BookingFilterSet(WagtailFilterSet):
    """By status, payment, session type, the session's date, the booking's date, and what needs attention."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    payment_status = django_filters.MultipleChoiceFilter(
        label=_("Payment"), choices=PaymentStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    session_type = django_filters.ModelMultipleChoiceFilter(
        label=_("Session type"),
        field_name="terms__session_type",
        queryset=lambda request: SessionType.objects.order_by("title"),
        widget=forms.CheckboxSelectMultiple,
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

    class Meta:
        model = Booking
        fields: ClassVar[list[str]] = []

    def by_attention(self, queryset: QuerySet[Booking], name: str, value: str) -> QuerySet[Booking]:
        if value == "needed":
            return queryset.exclude(attention="")
        return queryset.filter(attention="")
