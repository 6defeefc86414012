"""What waits for staff: appointments without a booking, and deliveries that were set aside."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from wagtail_calendly.bookings.models import Appointment, WebhookDelivery
from wagtail_calendly.desk.columns import AttentionColumn, MomentColumn
from wagtail_calendly.desk.permissions import BookingsMenuItem, booking_policy


def invitee_status(appointment: Appointment) -> str:
    """Calendly's own two words, for people. https://developer.calendly.com/api-docs/calendly-api/scheduled-events"""
    words = {"active": gettext("active"), "canceled": gettext("canceled")}
    return words.get(appointment.invitee_status, appointment.invitee_status)


class WaitingIndexView(generic.IndexView):
    """A listing that whoever may view bookings may read."""

    any_permission_required: ClassVar = ["view"]
    permission_policy = booking_policy
    list_export: ClassVar[list[str]] = []


class UnlinkedIndexView(WaitingIndexView):
    """Appointments that no booking claims."""

    model = Appointment
    page_title = _("Unlinked appointments")
    default_ordering = "-recorded_at"
    results_template_name = "wagtail_calendly/desk/unlinked_results.html"
    columns: ClassVar = [
        Column("name", label=_("Name"), sort_key="name"),
        Column("event_type", label=_("Event type"), accessor="event_type"),
        MomentColumn("start_time", label=_("Session"), sort_key="start_time"),
        Column("invitee_status", label=_("Status"), accessor=invitee_status),
        AttentionColumn(),
        MomentColumn("recorded_at", label=_("Recorded"), sort_key="recorded_at"),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return Appointment.objects.filter(booking=None).select_related("event_type")


class StalledIndexView(WaitingIndexView):
    """Webhook deliveries that were given up after their last try. Their bodies are not shown."""

    model = WebhookDelivery
    page_title = _("Deliveries set aside")
    default_ordering = "-created_at"
    results_template_name = "wagtail_calendly/desk/stalled_results.html"
    columns: ClassVar = [
        Column("event", label=_("Event"), sort_key="event"),
        Column("sender", label=_("Sender"), accessor="get_sender_display"),
        Column("tries", label=_("Tries"), sort_key="tries"),
        Column("error", label=_("Last error")),
        MomentColumn("created_at", label=_("Received"), sort_key="created_at"),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return WebhookDelivery.objects.filter(state=WebhookDelivery.State.DEAD)


class WaitingViewSet(ViewSet):
    """A page of the desk with one listing and nothing else."""

    model: type[Model]
    index_view_class: type[WaitingIndexView]
    menu_item_class = BookingsMenuItem

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        view = self.index_view_class
        return [
            path("", self.construct_view(view), name="index"),
            path("results/", self.construct_view(view, results_only=True), name="index_results"),
        ]


class UnlinkedViewSet(WaitingViewSet):
    """Unlinked appointments in the admin."""

    name = "unlinked_appointments"
    url_prefix = "calendly/unlinked"
    icon = "link"
    menu_label = _("Unlinked appointments")
    index_view_class = UnlinkedIndexView


class StalledViewSet(WaitingViewSet):
    """Deliveries set aside in the admin."""

    name = "stalled_deliveries"
    url_prefix = "calendly/deliveries"
    icon = "warning"
    menu_label = _("Deliveries set aside")
    index_view_class = StalledIndexView
