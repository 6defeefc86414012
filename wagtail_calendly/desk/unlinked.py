"""Appointments without a booking, and what staff can do with them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from wagtail_calendly.bookings.acts import given
from wagtail_calendly.bookings.models import Appointment
from wagtail_calendly.desk.actions import ADOPTING, ConfirmedView, LinkView, is_adoptable
from wagtail_calendly.desk.columns import AttentionColumn, MomentColumn
from wagtail_calendly.desk.waiting import WaitingIndexView, WaitingViewSet


def invitee_status(appointment: Appointment) -> str:
    """Calendly's own two words, for people. https://developer.calendly.com/api-docs/calendly-api/scheduled-events"""
    words = {"active": gettext("active"), "canceled": gettext("canceled")}
    return words.get(appointment.invitee_status, appointment.invitee_status)


class UnlinkedIndexView(WaitingIndexView):
    """Appointments that no booking claims."""

    model = Appointment
    page_title = _("Unlinked appointments")
    default_ordering = "-recorded_at"
    results_template_name = "wagtail_calendly/desk/unlinked_results.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self.title_column("name", label=_("Name"), sort_key="name", accessor=_name),
            Column("event_type", label=_("Event type"), accessor="event_type"),
            MomentColumn("start_time", label=_("Session"), sort_key="start_time"),
            Column("invitee_status", label=_("Status"), accessor=invitee_status),
            AttentionColumn(),
            MomentColumn("recorded_at", label=_("Recorded"), sort_key="recorded_at"),
        ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return Appointment.objects.filter(booking=None).select_related("event_type")

    def get_list_more_buttons(self, instance: Appointment) -> list[Button]:
        """What can be done, for those who may and where it can still be done."""
        if not self.may_manage:
            return []
        actions: list[type[ConfirmedView]] = [LinkView] if given.is_free(instance) else []
        if is_adoptable(instance) and instance.attention:
            actions += ADOPTING
        return [
            Button(
                str(action.label),
                url=reverse(f"unlinked_appointments:{action.name}", args=[instance.pk]),
                icon_name=action.icon,
                priority=number,
            )
            for number, action in enumerate(actions)
        ]


def _name(appointment: Appointment) -> str:
    return appointment.name or "–"


class UnlinkedViewSet(WaitingViewSet):
    """Unlinked appointments in the admin."""

    name = "unlinked_appointments"
    url_prefix = "calendly/unlinked"
    icon = "link"
    menu_label = _("Unlinked appointments")
    index_view_class = UnlinkedIndexView
    actions = (*ADOPTING, LinkView)
