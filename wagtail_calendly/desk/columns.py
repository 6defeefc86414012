"""Columns of the desk's listings: status tags, reasons for attention, times in the reader's zone."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn

from wagtail_calendly.bookings.models import Attention, Booking, PaymentStatus, Status
from wagtail_calendly.snippets.price_words import amount

#: What listings with these columns look like.
DESK_MEDIA = Media(css={"all": ["wagtail_calendly/css/desk.css"]})
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


class PaymentColumn(StatusTagColumn):
    """The payment's status as word and colour, left empty where no money is asked."""

    cell_template_name = "wagtail_calendly/desk/payment_cell.html"

    def __init__(self) -> None:
        super().__init__(
            "payment_status",
            label=_("Payment"),
            sort_key="payment_status",
            primary=lambda booking: booking.payment_status == PaymentStatus.PAID,
        )

    def get_value(self, instance: Booking) -> str:
        if instance.payment_status == PaymentStatus.NOT_REQUIRED:
            return ""
        return str(instance.get_payment_status_display())


class AmountColumn(Column):
    """What was paid, less what was given back; what is asked for where nothing was paid."""

    def __init__(self) -> None:
        super().__init__("amount", label=_("Amount"))

    def get_value(self, instance: Booking) -> str:
        terms = instance.terms
        paid = [payment for payment in instance.payments.all() if payment.captured]
        if not paid:
            return amount(terms.charge, terms.currency) if terms.charge else ""
        captured = sum(payment.captured for payment in paid)
        refunded = sum(payment.refunded for payment in paid)
        words = {
            "captured": amount(captured, paid[0].said_currency),
            "refunded": amount(refunded, paid[0].said_currency),
        }
        if not refunded:
            return words["captured"]
        return gettext("%(captured)s, of it %(refunded)s given back") % words


class AttentionColumn(Column):
    """Why staff must look; empty almost always."""

    cell_template_name = "wagtail_calendly/desk/attention_cell.html"

    def __init__(self) -> None:
        super().__init__("attention", label=_("Attention"))

    def get_value(self, instance: Any) -> list[str]:
        return Attention.in_words(instance.attention)


class MomentColumn(Column):
    """A date and time in the reader's own time zone."""

    cell_template_name = "wagtail_calendly/desk/moment_cell.html"
