"""On the admin's home: how much was booked lately, as a link to the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.site_summary import SummaryItem

from wagtail_calendly.bookings.models import Booking, DailyTotal
from wagtail_calendly.bookings.numbers import counting, day_of, start_of
from wagtail_calendly.desk.permissions import VIEW, may

DAYS = 30


class BookingsSummaryItem(SummaryItem):
    """What was booked in the last 30 days, today included."""

    order = 400
    template_name = "wagtail_calendly/desk/report/summary_item.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        today = day_of(timezone.now())
        before = DailyTotal.objects.filter(day__gt=today - timedelta(days=DAYS), day__lt=today)
        stored = before.aggregate(sum=Sum("booked"))["sum"] or 0
        live = Booking.objects.filter(counting.booked(), created_at__gte=start_of(today)).count()
        return {"booked": stored + live, "days": DAYS}

    def is_shown(self) -> bool:
        return may(self.request.user, VIEW)


def summary_item(request: HttpRequest, items: list[SummaryItem]) -> None:
    """For Wagtail's hook `construct_homepage_summary_items`."""
    items.append(BookingsSummaryItem(request))
