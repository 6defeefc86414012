"""Views behind the forms of session types and the list of event types: parse, call one function, answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import any_permission_required, permission_required
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from wagtail_calendly import tasks
from wagtail_calendly.snippets import creating, made_of, progress, sync, tables
from wagtail_calendly.snippets.drift_view import DriftView
from wagtail_calendly.snippets.event_type_bulk import ADD, address_of_form
from wagtail_calendly.snippets.models import EventType, SessionType, Terms
from wagtail_calendly.snippets.session_type_list import changes_button
from wagtail_calendly.snippets.side_panel import OfferSidePanel, remarks

VIEW_EVENT_TYPES = "wagtail_calendly.view_eventtype"
SYNC_EVENT_TYPES = "wagtail_calendly.sync_eventtype"
#: The namespace of the addresses of event types in the admin.
EVENT_TYPES = "wagtail_calendly_event_types"
REPLACE = f"{EVENT_TYPES}:replace"


class RemarkingView:
    """Says after saving what keeps visitors from booking, and what would be better otherwise."""

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()  # type: ignore[misc]
        if not self.expects_json_response:  # type: ignore[attr-defined]
            for remark in remarks(self.object):  # type: ignore[attr-defined]
                messages.warning(self.request, remark)  # type: ignore[attr-defined]
        return response


class SessionTypeCreateView(RemarkingView, snippets.CreateView):
    """The empty form, or one filled from the event type that the address names."""

    def get_initial_form_instance(self) -> SessionType | None:
        named = self.request.GET.get("event_type", "")
        event_type = EventType.objects.filter(pk=named).first() if named.isdecimal() else None
        if event_type is None or creating.why_not(event_type):
            empty: SessionType | None = super().get_initial_form_instance()
            return empty
        return creating.draft_of(event_type, self.locale)


class SessionTypeEditView(RemarkingView, snippets.EditView):
    """The form, with what is known of this session type beside it."""

    def get_side_panels(self) -> MediaContainer:
        panels: MediaContainer = super().get_side_panels()
        # Saving by itself renders the status alone; a form that has just become one has no place for ours.
        if not (self.expects_json_response or self.hydrate_create_view):
            panels.append(OfferSidePanel(self.object, self.request))
        return panels


class SessionTypeCopyView(RemarkingView, snippets.CopyView):
    """A copy begins with a slug that is free, and is nobody's translation."""

    def get_initial_form_instance(self) -> SessionType:
        original: SessionType = super().get_initial_form_instance()
        return creating.copy_of(original)


def keep_what_was_booked(
    request: HttpRequest, session_types: list[SessionType]
) -> HttpResponse | None:
    """Refuse to delete session types that have bookings; those would lose what was agreed."""
    if not session_types or not isinstance(session_types[0], SessionType):
        return None
    booked = Terms.objects.filter(session_type__in=session_types, bookings__isnull=False)
    names = sorted(set(booked.values_list("session_type__title", flat=True)))
    if not names:
        return None
    messages.error(
        request,
        _("There are bookings of %(names)s, so it is kept. Unpublish it to offer it no longer.")
        % {"names": ", ".join(names)},
    )
    return redirect(SessionType.snippet_viewset.get_url_name("list"))


class EventTypeIndexView(generic.IndexView):
    """The list of event types, under the panel that syncs it."""

    template_name = "wagtail_calendly/admin/event_types.html"
    results_template_name = "wagtail_calendly/admin/event_types_results.html"
    table_classname = tables.CLASSNAME

    @cached_property
    def may_add(self) -> bool:
        return bool(self.request.user.has_perm(ADD))

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = super().header_more_buttons
        may_look = DriftView.permission_policy.user_has_any_permission(
            self.request.user, DriftView.any_permission_required
        )
        return [*buttons, changes_button()] if may_look else buttons

    @cached_property
    def may_publish(self) -> bool:
        return bool(self.request.user.has_perm("wagtail_calendly.publish_sessiontype"))

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = super().columns
        if self.may_add:
            return [BulkActionsCheckboxColumn("bulk_actions", obj_type="eventtype"), *columns]
        return columns

    def _get_title_column(self, *args: Any, **kwargs: Any) -> BaseColumn:
        return super()._get_title_column(
            *args,
            **kwargs,
            get_title_id=lambda instance: f"eventtype_{instance.pk}_title",
            width=tables.TITLE_WIDTH,
        )

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.may_add and not creating.why_not(instance):
            label, url = gettext_lazy("Create session type"), address_of_form(instance)
            buttons.append(Button(label, url=url, icon_name="plus", priority=5))
        if instance.missing_since and self.may_publish and instance.made:
            label, url = gettext_lazy("Choose another"), reverse(REPLACE, args=[instance.pk])
            buttons.append(Button(label, url=url, icon_name="resubmit", priority=6))
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        made = made_of.event_types(context["object_list"])
        for each in context["object_list"]:
            each.made = made[each.pk]
        media = context["media"] + tables.MEDIA
        return {**context, **_sync_context(self.request), "may_add": self.may_add, "media": media}


class EventTypeInspectView(generic.InspectView):
    """All that Calendly says of one event type."""

    page_title = gettext_lazy("Event type")

    def get_fields_context(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "value": value, "component": None}
            for label, value in tables.facts_of(self.object)
        ]


def _sync_context(request: HttpRequest) -> dict[str, Any]:
    syncs = progress.of_all_accounts()
    return {
        "syncs": syncs,
        "sync_is_under_way": any(sync.is_under_way for sync in syncs),
        "may_sync": request.user.has_perm(SYNC_EVENT_TYPES),
        "sync_url": reverse(f"{EVENT_TYPES}:sync"),
        "sync_progress_url": reverse(f"{EVENT_TYPES}:sync_progress"),
        "sync_list_url": reverse(f"{EVENT_TYPES}:index"),
    }


@require_POST
@permission_required(SYNC_EVENT_TYPES)
def start_sync(request: HttpRequest) -> HttpResponse:
    """Ask for a sync of every connected account; the list shows how far it is."""
    for account in progress.of_all_accounts():
        sync.announce(account.alias)
        transaction.on_commit(partial(tasks.sync_event_types.enqueue, account.alias))
    return redirect(f"{EVENT_TYPES}:index")


@require_GET
@any_permission_required(VIEW_EVENT_TYPES, SYNC_EVENT_TYPES)
def sync_progress(request: HttpRequest) -> HttpResponse:
    """The panel alone, for the script that keeps it fresh."""
    return render(request, "wagtail_calendly/admin/sync.html", _sync_context(request))
