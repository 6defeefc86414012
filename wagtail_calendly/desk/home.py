"""What the admin's first page tells of bookings: today's sessions to come, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from wagtail_calendly.bookings.models import Attention, Booking, Status
from wagtail_calendly.desk.bookings import with_invitee
from wagtail_calendly.desk.permissions import VIEW, may
from wagtail_calendly.desk.saved_views import of_day

#: So many rows are shown; a link leads to the others.
SHOWN = 8
TO_COME = (Status.CONFIRMED, Status.AWAITING_PAYMENT)


class UpcomingPanel(Component):
    """Sessions of today that are to come, or the next one; below it what staff must look at."""

    name = "calendly_upcoming"
    template_name = "wagtail_calendly/desk/upcoming.html"
    order = 120

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        index, day = reverse("bookings:index"), timezone.localdate()
        upcoming, troubled = _upcoming(), _troubled()
        today = [one for one in upcoming if timezone.localtime(one.starts_at).date() == day]
        return {
            "today": today[:SHOWN],
            "has_more_today": len(today) > SHOWN,
            "today_url": f"{index}?{urlencode(of_day(day))}",
            "next": upcoming[0] if upcoming and not today else None,
            "troubled": [(one, Attention.in_words(one.attention)) for one in troubled[:SHOWN]],
            "has_more_troubled": len(troubled) > SHOWN,
            "troubled_url": f"{index}?attention=needed",
        }


def _upcoming() -> list[Booking]:
    """The next sessions, and one more than is shown."""
    to_come = Booking.objects.filter(status__in=TO_COME, starts_at__gte=timezone.now())
    return list(with_invitee(to_come).order_by("starts_at", "pk")[: SHOWN + 1])


def _troubled() -> list[Booking]:
    """The newest that need attention, and one more than is shown."""
    needy = with_invitee(Booking.objects.exclude(attention=""))
    return list(needy.order_by("-created_at", "-pk")[: SHOWN + 1])


def add_upcoming(request: HttpRequest, panels: list[Component]) -> None:
    """For Wagtail's hook `construct_homepage_panels`."""
    if may(request.user, VIEW):
        panels.append(UpcomingPanel())
