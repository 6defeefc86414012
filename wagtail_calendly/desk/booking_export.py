"""The bookings list as CSV and XLSX: what it shows, a thousand rows at a time, however many there are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from django.db.models import Prefetch, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_calendly.bookings import log
from wagtail_calendly.bookings.models import Appointment, Attention, Booking, PaymentStatus, Status
from wagtail_calendly.desk.exporting import DefusedExportMixin
from wagtail_calendly.payments.money import to_decimal
from wagtail_calendly.snippets.pages import page_model

CHUNK = 1000
#: A workbook is written whole before it is sent, so that somebody waits for it.
MOST_IN_WORKBOOK = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
#: The columns, in order, by what stands above them.
HEADINGS: dict[str, str | Promise] = {
    "reference": gettext_lazy("Reference"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail address"),
    "session_type": gettext_lazy("Session type"),
    "starts_at": gettext_lazy("starts at"),
    "ends_at": gettext_lazy("ends at"),
    "status": gettext_lazy("Status"),
    "payment": gettext_lazy("Payment"),
    "price": gettext_lazy("Price"),
    "paid": gettext_lazy("Paid"),
    "refunded": gettext_lazy("Given back"),
    "currency": gettext_lazy("Currency"),
    "attention": gettext_lazy("Attention"),
    "created_at": gettext_lazy("Booked"),
    "page": gettext_lazy("Page"),
    "utm_source": gettext_lazy("Source"),
    "utm_medium": gettext_lazy("Medium"),
    "utm_campaign": gettext_lazy("Campaign"),
}
MOMENTS = ("starts_at", "ends_at", "created_at")
#: Django's own `get_status_display` translates every choice to find one, which is felt among a million rows.
STATUSES, PAYMENTS = dict(Status.choices), dict(PaymentStatus.choices)


class BookingExportMixin(DefusedExportMixin):
    """For a list of bookings; put it before Wagtail's view. Newest first, whatever the list is ordered by.

    No query stays open while somebody downloads, so nobody waits for them, not even on SQLite. What is booked
    meanwhile is not in it. Times are in the site's zone, which the headings name; money is in decimal amounts.
    """

    request: HttpRequest
    is_export: bool

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = self.is_export and bool(self.list_export)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.is_export:
            return {"object_list": cast(Any, self).object_list}
        return cast("dict[str, Any]", super().get_context_data(*args, **kwargs))

    def get_filename(self) -> str:
        return f"bookings-{timezone.localdate().isoformat()}"

    def get_heading(self, queryset: Any, field: str) -> str:
        heading = capfirst(str(HEADINGS[field]))
        return (
            f"{heading} ({timezone.get_default_timezone_name()})" if field in MOMENTS else heading
        )

    def as_spreadsheet(self, queryset: QuerySet[Booking], spreadsheet_format: str) -> HttpResponse:
        """The file, noted in the audit trail."""
        if spreadsheet_format == self.FORMAT_XLSX and self._is_long(queryset):
            text = _(
                "A workbook holds up to %(most)s bookings. Filter the list, or download it as CSV."
            )
            messages.error(self.request, text % {"most": number_format(MOST_IN_WORKBOOK)})
            return redirect(self.request.path)
        log.listed(self.request.user, spreadsheet_format, sorted(self._filtered_by()))
        return cast(HttpResponse, super().as_spreadsheet(in_chunks(queryset), spreadsheet_format))

    def write_xlsx_response(self, queryset: Iterable[Any]) -> FileResponse:
        """Wagtail's own, from the disk."""
        output = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        self.write_xlsx(queryset, output)
        output.seek(0)
        name = f"{self.get_filename()}.xlsx"
        return FileResponse(output, as_attachment=True, content_type=XLSX, filename=name)

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return {name: item[name] for name in self.list_export}

    @staticmethod
    def _is_long(queryset: QuerySet[Booking]) -> bool:
        return queryset.order_by().values("pk")[: MOST_IN_WORKBOOK + 1].count() > MOST_IN_WORKBOOK

    def _filtered_by(self) -> set[str]:
        """By what it is filtered, without saying for what: that may be a name."""
        aside = ("export", "p", "ordering", "_w_filter_fragment")
        return {name for name, value in self.request.GET.items() if value and name not in aside}


def in_chunks(bookings: QuerySet[Booking]) -> Iterator[dict[str, Any]]:
    """By heading, what the export says of each. As many queries for every thousand."""
    wanted = _with_what_is_said(bookings.order_by("-created_at", "-pk"))
    after = Q()
    while rows := list(wanted.filter(after)[:CHUNK]):
        titles = _titles(rows)
        for row in rows:
            yield _said(row) | {"page": titles.get(row.page_id or 0, "")}
        last = rows[-1]
        after = Q(created_at__lte=last.created_at) & (
            Q(created_at__lt=last.created_at) | Q(pk__lt=last.pk)
        )


def _with_what_is_said(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    columns = ("booking_id", "invitee_uri", "name", "email", "tracking")
    appointments = Prefetch("appointments", Appointment.objects.only(*columns))
    plain = bookings.prefetch_related(None).select_related("terms__session_type")
    return plain.prefetch_related(appointments, "payments__refunds")


def _titles(rows: list[Booking]) -> dict[int, str]:
    """By number, of the pages on which these were booked."""
    numbers = {row.page_id for row in rows if row.page_id}
    pages: Any = page_model()._base_manager
    return dict(pages.filter(pk__in=numbers).values_list("pk", "title")) if numbers else {}


def _said(row: Booking) -> dict[str, Any]:
    current = row.current_appointment
    campaigns = [row.tracking, *(one.tracking for one in row.appointments.all())]
    return {
        "reference": row.reference,
        "name": _("Erased") if row.erased_at else current.name if current else "",
        "email": current.email if current else "",
        "session_type": row.terms.session_type.title,
        "status": str(STATUSES.get(row.status, row.status)),
        "payment": str(PAYMENTS.get(row.payment_status, row.payment_status)),
        "attention": "; ".join(capfirst(reason) for reason in Attention.in_words(row.attention)),
        **{name: _on_site(getattr(row, name)) for name in MOMENTS},
        **_money(row),
        **{name: _first(name, campaigns) for name in CAMPAIGN},
    }


def _money(row: Booking) -> dict[str, Any]:
    """What was agreed, what came in, and what of it went back; empty where no money was asked for."""
    terms = row.terms
    paid = [one for one in row.payments.all() if one.captured]
    currency = paid[0].said_currency if paid else terms.currency
    if not (currency and (terms.charge or paid)):
        return {"price": None, "paid": None, "refunded": None, "currency": ""}
    is_agreed = currency == terms.currency
    return {
        "price": to_decimal(terms.price, currency) if is_agreed else None,
        "paid": to_decimal(sum(one.captured for one in paid), currency),
        "refunded": to_decimal(sum(one.refunded for one in paid), currency),
        "currency": currency,
    }


def _first(name: str, campaigns: list[dict[str, Any]]) -> str:
    """As the site noted it; where no browser told the site, as Calendly carried it."""
    return next((str(said[name]) for said in campaigns if said.get(name)), "")


def _on_site(moment: datetime | None) -> datetime | None:
    """As a clock at the site shows it; spreadsheets know no zones."""
    if moment is None:
        return None
    return timezone.make_naive(moment, timezone.get_default_timezone()).replace(microsecond=0)
