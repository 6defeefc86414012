"""The list of bookings and its place in the admin. Nobody writes a row: what is not to be done has no URL."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.desk.actions import ACTIONS, AcknowledgeView, ForClientView, FreeTimesView
from wagtail_calendly.desk.columns import (
    AmountColumn,
    AttentionColumn,
    MomentColumn,
    PaymentColumn,
    StatusColumn,
)
from wagtail_calendly.desk.detail import BookingDetailView
from wagtail_calendly.desk.filters import BookingFilterSet
from wagtail_calendly.desk.permissions import MANAGE, may


def invitee_name(booking: Booking) -> str:
    """Who booked, as the current appointment says; the newest one's where none is current."""
    current = booking.current_appointment
    return (current and current.name) or str(_("Not known yet"))


class BookingIndexView(generic.IndexView):
    """Bookings, newest first, with filters and a search by name, mail address or reference."""

    template_name = "wagtail_calendly/desk/booking_index.html"
    add_item_label = ForClientView.label
    default_ordering = "-created_at"
    results_template_name = "wagtail_calendly/desk/booking_results.html"

    @cached_property
    def may_manage(self) -> bool:
        return may(self.request.user, MANAGE)

    @cached_property
    def add_url(self) -> str | None:
        """Nobody writes a row; whoever manages bookings begins one for a client."""
        return reverse(f"bookings:{ForClientView.name}") if self.may_manage else None

    @property
    def is_searchable(self) -> bool:
        return True

    def get_base_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.select_related("terms__session_type").prefetch_related(
            "appointments", "payments__refunds"
        )

    def search_queryset(self, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        words = self.search_query.strip()
        if not words:
            return queryset
        said = Appointment.objects.filter(
            Q(name__icontains=words) | Q(email__icontains=words), booking=OuterRef("pk")
        )
        return queryset.filter(Exists(said) | Q(reference__endswith=words))

    @property
    def columns(self) -> list[Column]:
        ticks = [BulkActionsCheckboxColumn("bulk_actions", obj_type="booking")]
        return [
            *(ticks if self.may_manage else []),
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
    list_export: list[str] = []
    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = dict.fromkeys(
            ("add_url_name", "edit_url_name", "delete_url_name", "usage_url_name"), None
        )
        return super().get_common_view_kwargs(**absent, history_url_name=None, **kwargs)

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
