"""The calendar of sessions, by week and by month, with the filters and the search of the bookings list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.desk.bookings import BookingIndexView, with_invitee
from wagtail_calendly.desk.filters import BookingFilterSet
from wagtail_calendly.desk.permissions import VIEW, BookingsMenuItem, booking_policy, may
from wagtail_calendly.desk.saved_views import of_day
from wagtail_calendly.desk.spans import MONTH, WEEK, Span

#: So many sessions of a day are shown; a link leads to the others.
SHOWN = {WEEK: 30, MONTH: 4}
#: What does not take place is shown only when it is asked for.
OFF = (Status.CANCELED, Status.EXPIRED, Status.ABANDONED)
#: Beyond these, weeks and zones have no days.
FIRST_YEAR, LAST_YEAR = 1900, 9000
NAMES = {WEEK: _("Week"), MONTH: _("Month")}


@dataclass(frozen=True)
class Day:
    """One day: the bookings shown, and where the others are."""

    date: date
    bookings: list[Booking]
    more: int
    url: str
    is_today: bool
    is_outside: bool


class CalendarView(BookingIndexView):
    """A week or a month of sessions, in the reader's time zone."""

    results_template_name = "wagtail_calendly/desk/calendar_results.html"
    page_title = _("Calendar")
    model = Booking
    permission_policy = booking_policy
    any_permission_required: ClassVar = [VIEW]
    filterset_class = BookingFilterSet
    bulk_buttons: ClassVar[list[Button]] = []

    @cached_property
    def span(self) -> Span:
        try:
            day = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise Http404 from error
        if self.kwargs["kind"] not in NAMES or not FIRST_YEAR < day.year < LAST_YEAR:
            raise Http404
        return Span(self.kwargs["kind"], day)

    @cached_property
    def header_buttons(self) -> list[Button]:
        url = reverse("bookings:index")
        asked = self._asked()
        return [
            HeaderButton(_("List"), url=f"{url}?{asked}" if asked else url, icon_name="list-ul")
        ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        bookings = {"url": reverse("bookings:index"), "label": capfirst(_("bookings"))}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, bookings, here]

    def get_index_url(self) -> str:
        return self._url(self.span)

    def get_index_results_url(self) -> str:
        return self._url(self.span, "span_results")

    def get_queryset(self) -> list[Booking]:
        """The bookings that are shown, each with its invitee's name."""
        shown = [pk for keys in self._keys.values() for pk in keys[: SHOWN[self.span.kind]]]
        return list(with_invitee(Booking.objects.filter(pk__in=shown)).order_by("starts_at", "pk"))

    @cached_property
    def _keys(self) -> dict[date, list[int]]:
        """The keys of each day's bookings."""
        first, after = self.span.bounds
        found = self.filter_queryset(
            Booking.objects.filter(starts_at__gte=first, starts_at__lt=after)
        )
        if not self.request.GET.getlist("status"):
            found = found.exclude(status__in=OFF)
        moments = self.search_queryset(found).order_by("starts_at", "pk")
        keys = defaultdict(list)
        for pk, starts_at in moments.values_list("pk", "starts_at"):
            keys[timezone.localtime(starts_at).date()].append(pk)
        return keys

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        today = timezone.localdate()
        return context | {
            "days": self._days(context["object_list"], today),
            "span": self.span,
            "is_empty": not self._keys,
            "steps": [
                (_("Previous"), self._link(self.span.kind, self.span.before)),
                (_("Today"), self._link(self.span.kind, today)),
                (_("Next"), self._link(self.span.kind, self.span.after)),
            ],
            "kinds": [
                (NAMES[kind], self._link(kind, self.span.day), kind == self.span.kind)
                for kind in (WEEK, MONTH)
            ],
        }

    def _days(self, bookings: list[Booking], today: date) -> list[Day]:
        by_day = defaultdict(list)
        for booking in bookings:
            by_day[timezone.localtime(booking.starts_at).date()].append(booking)
        return [
            Day(
                date=day,
                bookings=by_day[day],
                more=len(self._keys.get(day, ())) - len(by_day[day]),
                url=f"{reverse('bookings:index')}?{self._asked(**of_day(day))}",
                is_today=day == today,
                is_outside=not self.span.holds(day),
            )
            for day in self.span.days
        ]

    def _asked(self, **changed: str) -> str:
        """What the address asks for, with these changed."""
        asked = self.request.GET.copy()
        asked.pop("_w_filter_fragment", None)
        for name, value in changed.items():
            asked[name] = value
        return str(asked.urlencode())

    def _link(self, kind: str, day: date) -> str:
        asked = self._asked()
        return self._url(Span(kind, day)) + (f"?{asked}" if asked else "")

    def _url(self, span: Span, name: str = "span") -> str:
        return reverse(f"{CalendarViewSet.name}:{name}", args=[span.kind, span.day.isoformat()])


def this_week(request: HttpRequest) -> HttpResponse:
    """To the week of today, with what the address asks for."""
    if not may(request.user, VIEW):
        raise PermissionDenied
    today = timezone.localdate().isoformat()
    url = reverse(f"{CalendarViewSet.name}:span", args=[WEEK, today])
    asked = request.GET.urlencode()
    return redirect(f"{url}?{asked}" if asked else url)


class CalendarViewSet(ViewSet):
    """The calendar in the admin."""

    name = "bookings_calendar"
    url_prefix = "calendly/calendar"
    icon = "calendar-alt"
    menu_label = _("Calendar")
    menu_item_class = BookingsMenuItem

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(header_icon=self.icon, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        results = self.construct_view(CalendarView, results_only=True)
        span = "<str:kind>/<str:day>/"
        return [
            path("", this_week, name="index"),
            path(span, self.construct_view(CalendarView), name="span"),
            path(f"{span}results/", results, name="span_results"),
        ]
