"""Columns of the desk's listings: status tags, reasons for attention, times in the reader's zone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn

from wagtail_calendly.bookings.models import Attention, Booking, PaymentStatus, Status

#: Statuses that ask nothing of anybody, shown in Wagtail's primary tag.
SETTLED = {Status.CONFIRMED, Status.COMPLETED}


class StatusColumn(StatusTagColumn):
    """A booking's status, as word and colour."""

    def __init__(self) -> None:
        super().__init__(
            "status",
            label=_("Status"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda booking: booking.status in SETTLED,
        )


class PaymentColumn(Column):
    """The payment's status, left empty where no money is asked."""

    def __init__(self) -> None:
        super().__init__("payment_status", label=_("Payment"), sort_key="payment_status")

    def get_value(self, instance: Booking) -> str:
        if instance.payment_status == PaymentStatus.NOT_REQUIRED:
            return ""
        return str(instance.get_payment_status_display())


class AttentionColumn(Column):
    """Why staff must look; empty almost always."""

    cell_template_name = "wagtail_calendly/desk/attention_cell.html"

    def __init__(self) -> None:
        super().__init__("attention", label=_("Attention"), sort_key="attention")

    def get_value(self, instance: Any) -> list[str]:
        return Attention.in_words(instance.attention)


class MomentColumn(Column):
    """A date and time in the reader's own time zone."""

    cell_template_name = "wagtail_calendly/desk/moment_cell.html"
