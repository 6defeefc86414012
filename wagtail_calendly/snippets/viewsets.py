"""The admin of what is offered: session types as snippets, event types as a read-only list."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_calendly.snippets import (
    drift_view,
    panels,
    replace_view,
    session_type_list,
    tables,
    views,
)
from wagtail_calendly.snippets.models import EventType, SessionType


class SessionTypeFilterSet(WagtailFilterSet):
    class Meta:
        model = SessionType
        fields = ["live", "event_type"]


class SessionTypeViewSet(SnippetViewSet):
    model = SessionType
    icon = "calendar-check"
    menu_label = _("Session types")
    add_to_admin_menu = False
    index_view_class = session_type_list.SessionTypeIndexView
    add_view_class = views.SessionTypeCreateView
    edit_view_class = views.SessionTypeEditView
    copy_view_class = views.SessionTypeCopyView
    filterset_class = SessionTypeFilterSet
    reorder_view_class = session_type_list.ReorderSessionTypesView
    sort_order_field = "sort_order"
    list_per_page = 50
    inspect_view_enabled = False
    list_display = session_type_list.columns()

    edit_handler = panels.session_type_form

    def get_queryset(self, request: HttpRequest) -> QuerySet[SessionType]:
        return SessionType.objects.all()


class EventTypeFilterSet(WagtailFilterSet):
    """What an editor looks for: usable ones, by kind, or those that are gone."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[("solo", _("One-on-one")), ("group", _("Group"))]
    )
    gone = django_filters.BooleanFilter(
        label=_("Gone from Calendly"),
        field_name="missing_since",
        lookup_expr="isnull",
        exclude=True,
    )
    used = django_filters.BooleanFilter(
        label=_("Used by a session type"),
        field_name="session_types",
        lookup_expr="isnull",
        exclude=True,
        distinct=True,
    )

    class Meta:
        model = EventType
        fields = ["active", "kind", "is_paid", "secret", "gone", "used"]


class EventTypeURLFinder:
    """Where Wagtail would link to a form, it links to the page that shows an event type."""

    edit_url_name = f"{views.EVENT_TYPES}:inspect"

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def get_edit_url(self, instance: EventType) -> str | None:
        if self.user and not self.user.has_perm(views.VIEW_EVENT_TYPES):
            return None
        return reverse(self.edit_url_name, args=[instance.pk])


class EventTypeViewSet(ModelViewSet):
    """Read-only: there is no address at which a mirror could be added to, changed or deleted from."""

    model = EventType
    name = views.EVENT_TYPES
    url_prefix = "calendly/event-types"
    icon = "calendar-alt"
    menu_label = _("Event types")
    url_finder_class = EventTypeURLFinder
    add_to_reference_index = False
    index_view_class = views.EventTypeIndexView
    filterset_class = EventTypeFilterSet
    search_fields = ["name", "host_name"]
    list_per_page = 50
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = views.EventTypeInspectView

    @property
    def list_display(self) -> list[Any]:
        return [
            "name",
            *tables.event_type_columns(),
            tables.used_by_column(),
            tables.last_change_column(),
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = dict.fromkeys(
            [
                "add_url_name",
                "edit_url_name",
                "delete_url_name",
                "history_url_name",
                "usage_url_name",
            ]
        )
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("changes/", drift_view.DriftView.as_view(), name="changes"),
            path("<int:pk>/replace/", replace_view.ReplaceView.as_view(), name="replace"),
            path("sync/", views.start_sync, name="sync"),
            path("sync/progress/", views.sync_progress, name="sync_progress"),
        ]
