"""The report's screen: sums, plots, a table, and the same as CSV and XLSX. It reads totals, never all bookings."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet

from wagtail_calendly.bookings.numbers import day_of, missing_until, modes
from wagtail_calendly.desk.exporting import DefusedExportMixin
from wagtail_calendly.desk.permissions import VIEW, BookingsMenuItem, booking_policy
from wagtail_calendly.desk.report.columns import columns
from wagtail_calendly.desk.report.filters import ReportFilterSet
from wagtail_calendly.desk.report.lines import Group, Line, Row, lines, rows
from wagtail_calendly.desk.report.plots import plots
from wagtail_calendly.desk.report.sums import Numbers, Sums

COUNTED = ("opened", "booked", "paid", "canceled", "no_show")
CAMPAIGN = ("source", "medium", "campaign")


class BookingsReportView(DefusedExportMixin, ReportView):
    """How many opened, booked and paid, and what came in."""

    page_title = _("Bookings and revenue")
    template_name = "wagtail_calendly/desk/report/report.html"
    results_template_name = "wagtail_calendly/desk/report/results.html"
    filterset_class = ReportFilterSet
    permission_policy = booking_policy
    any_permission_required: ClassVar = [VIEW]
    export_headings: ClassVar = {
        "name": _("Name"),
        "source": _("Source"),
        "medium": _("Medium"),
        "campaign": _("Campaign"),
        "counts.opened": _("Opened"),
        "counts.booked": _("Booked"),
        "counts.paid": _("Paid"),
        "counts.canceled": _("Canceled"),
        "counts.no_show": _("No-shows"),
        "currency": _("Currency"),
        "revenue": _("Revenue"),
        "refunded": _("Given back"),
    }

    @cached_property
    def group(self) -> Group:
        return self.filters.group_by

    @cached_property
    def numbers(self) -> Numbers:
        today = day_of(timezone.now())
        return Numbers(self.filters.wanted(today), today)

    @property
    def list_export(self) -> list[str]:
        names = CAMPAIGN if self.group == Group.CAMPAIGN else ("name",)
        return [*names, *(f"counts.{name}" for name in COUNTED), "currency", "revenue", "refunded"]

    def get_filename(self) -> str:
        wanted = self.numbers.wanted
        return f"bookings-{wanted.first.isoformat()}-{wanted.last.isoformat()}"

    def get_queryset(self) -> Any:
        """Lines for the screen, rows of one currency each for an export; neither is a query."""
        build = rows if self.is_export else lines
        return build(self.numbers, self.group)

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        counts = {f"counts.{name}": item.counts[name] for name in COUNTED}
        return {
            name: counts[name] if name in counts else getattr(item, name)
            for name in self.list_export
        }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return columns(self.group, self.request.GET, self.index_url)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.is_export:
            return {"object_list": self.object_list}
        wanted, drawn = self.numbers.wanted, plots(self.numbers)
        return super().get_context_data(
            *args,
            **kwargs,
            total=_total(self.object_list),
            plots=drawn,
            plot_rows=list(zip(*(plot.bars for plot in drawn), strict=True)),
            days=gettext("%(first)s – %(last)s")
            % {
                "first": date_format(wanted.first, "DATE_FORMAT"),
                "last": date_format(wanted.last, "DATE_FORMAT"),
            },
            group=self.group,
            missing_until=missing_until(),
            modes=modes,
        )


def _total(found: list[Line]) -> Sums:
    """All lines as one."""
    counts: Counter[str] = Counter()
    money: dict[str, tuple[int, int]] = {}
    for line in found:
        counts.update(line.sums.counts)
        for currency, (came, went) in line.sums.money.items():
            before = money.get(currency, (0, 0))
            money[currency] = before[0] + came, before[1] + went
    priced = sum(line.sums.priced for line in found)
    return Sums(counts, priced, dict(sorted(money.items())))


class ReportViewSet(ViewSet):
    """The report in the admin's reports menu."""

    name = "bookings_report"
    url_prefix = "reports/bookings"
    icon = "calendar-check"
    menu_label = _("Bookings and revenue")
    menu_hook = "register_reports_menu_item"
    menu_item_class = BookingsMenuItem
    menu_order = 600

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        view = BookingsReportView
        return [
            path("", self.construct_view(view), name="index"),
            path("results/", self.construct_view(view, results_only=True), name="index_results"),
        ]
