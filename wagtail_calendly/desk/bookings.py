"""The list of bookings and its place in the admin. Nobody writes a row: what is not to be done has no URL."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton, ListingButton

from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.desk.actions import ACTIONS, AcknowledgeView, ForClientView, FreeTimesView
from wagtail_calendly.desk.booking_export import HEADINGS, BookingExportMixin
from wagtail_calendly.desk.columns import (
    DESK_MEDIA,
    AmountColumn,
    AttentionColumn,
    MomentColumn,
    PaymentColumn,
    StatusColumn,
)
from wagtail_calendly.desk.detail import BookingDetailView
from wagtail_calendly.desk.filters import BookingFilterSet
from wagtail_calendly.desk.finding import found_by
from wagtail_calendly.desk.paging import FarPaginator
from wagtail_calendly.desk.permissions import MANAGE, VIEW, may
from wagtail_calendly.desk.saved_views import saved_views


def invitee_name(booking: Booking) -> str:
    """Who booked, as the current appointment says; the newest one's where none is current."""
    if booking.erased_at:
        return str(_("Erased"))
    current = booking.current_appointment
    return (current and current.name) or str(_("Not known yet"))


def with_invitee(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With the name of whoever comes as `invitee`, and the session type, all in the same query."""
    current = Appointment.objects.filter(invitee_uri=OuterRef("calendly_invitee_uri")).order_by()
    named = bookings.annotate(invitee=Subquery(current.values("name")[:1]))
    return named.select_related("terms__session_type")


class BookingURLFinder(ModelAdminURLFinder):
    """Where Wagtail's own screens, such as the site history, lead from a booking: nobody edits one."""

    def get_edit_url(self, instance: Booking) -> str | None:
        if self.user and not may(self.user, VIEW):
            return None
        return reverse("bookings:inspect", args=[instance.pk])


class BookingIndexView(BookingExportMixin, generic.IndexView):
    """Bookings, newest first, with filters and a search by name, mail address or reference."""

    template_name = "wagtail_calendly/desk/booking_index.html"
    add_item_label = ForClientView.label
    default_ordering = "-created_at"
    results_template_name = "wagtail_calendly/desk/booking_results.html"
    paginator_class = FarPaginator
    table_classname = "listing wc-bookings"

    @cached_property
    def may_manage(self) -> bool:
        return may(self.request.user, MANAGE)

    @cached_property
    def add_url(self) -> str | None:
        """Nobody writes a row; whoever manages bookings begins one for a client."""
        return reverse(f"bookings:{ForClientView.name}") if self.may_manage else None

    @cached_property
    def bulk_buttons(self) -> list[Button]:
        """What may be done to several at once, by whoever looks."""
        served = bulk_action_registry.get_bulk_actions_for_model("wagtail_calendly", "booking")
        allowed = [
            one
            for one in served
            if may(self.request.user, getattr(one, "permission_required", VIEW))
        ]
        return [_bulk_button(one) for one in sorted(allowed, key=lambda each: each.action_priority)]

    @property
    def is_searchable(self) -> bool:
        return True

    def get_search_form(self) -> SearchForm:
        asked = self.request.GET if self.search_kwarg in self.request.GET else None
        return SearchForm(asked, placeholder=_("Name, e-mail or reference"))

    def get_base_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.select_related("terms__session_type").prefetch_related(
            "appointments", "payments__refunds"
        )

    def search_queryset(self, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        words = self.search_query.strip()
        return queryset.filter(found_by(words)) if words else queryset

    def order_queryset(self, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        """By an index, with a last word on rows that are alike. What has no time yet has no place among times."""
        sign = "-" if self.ordering.startswith("-") else ""
        field = self.ordering.removeprefix("-")
        if field == "starts_at":
            return queryset.filter(starts_at__isnull=False).order_by(self.ordering, f"{sign}pk")
        if field == "created_at":
            return queryset.order_by(self.ordering, f"{sign}pk")
        other = "" if sign else "-"
        return queryset.order_by(self.ordering, f"{other}created_at", f"{other}pk")

    @cached_property
    def header_buttons(self) -> list[Button]:
        asked = self.request.GET.urlencode()
        url = reverse("bookings_calendar:index") + (f"?{asked}" if asked else "")
        calendar = HeaderButton(_("Calendar"), url=url, icon_name="calendar-alt")
        return [*super().header_buttons, calendar]

    @property
    def columns(self) -> list[Column]:
        ticks = [BulkActionsCheckboxColumn("bulk_actions", obj_type="booking")]
        return [
            *(ticks if self.bulk_buttons else []),
            self._get_title_column_class(generic.models.TitleColumn)(
                "name",
                label=_("Name"),
                accessor=invitee_name,
                get_url=self.get_inspect_url,
            ),
            Column("session", label=_("Session type"), accessor="terms.session_type.title"),
            MomentColumn("starts_at", label=_("Session"), sort_key="starts_at"),
            StatusColumn(),
            PaymentColumn(),
            AmountColumn(),
            AttentionColumn(),
            MomentColumn("created_at", label=_("Booked"), sort_key="created_at"),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        views = [(view, view.is_shown(asked)) for view in saved_views(timezone.localdate())]
        context = super().get_context_data(*args, **kwargs, saved_views=views)
        if self.is_export:
            return context
        return context | {"media": context["media"] + DESK_MEDIA}


def _bulk_button(action: Any) -> Button:
    """As Wagtail's script for bulk actions wants it."""
    named = ["wagtail_calendly", "booking", action.action_type]
    said = {"aria-label": action.aria_label, "data-bulk-action-button": ""}
    url = reverse("wagtail_bulk_action", args=named)
    return ListingButton(action.display_name, url, attrs=said, classname="bulk-action-btn")


def listed(request: HttpRequest) -> QuerySet[Booking]:
    """All that the list shows for an address, on every page of it."""
    view = BookingIndexView(filterset_class=BookingFilterSet)
    view.setup(request)
    return cast("QuerySet[Booking]", view.get_queryset())


class BookingViewSet(ModelViewSet):
    """Bookings in the admin."""

    model = Booking
    icon = "calendar-check"
    menu_label = _("Bookings")
    name = "bookings"
    url_prefix = "calendly/bookings"
    index_view_class = BookingIndexView
    inspect_view_class = BookingDetailView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = BookingFilterSet
    list_export = list(HEADINGS)
    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = dict.fromkeys(
            ("add_url_name", "edit_url_name", "delete_url_name", "usage_url_name"), None
        )
        return super().get_common_view_kwargs(**absent, history_url_name=None, **kwargs)

    def register_admin_url_finder(self) -> None:
        register_admin_url_finder(Booking, BookingURLFinder)

    def get_urlpatterns(self) -> list[URLPattern]:
        served = {"index", "index_results", "inspect"}
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in served),
            *(
                path(f"<int:pk>/{action.name}/", action.as_view(), name=action.name)
                for action in ACTIONS
            ),
            path("for-client/", ForClientView.as_view(), name=ForClientView.name),
            path("<int:pk>/free-times/", FreeTimesView.as_view(), name="free_times"),
            path(
                "<int:pk>/acknowledge/<slug:code>/", AcknowledgeView.as_view(), name="acknowledge"
            ),
        ]
