"""The choosers of event types and session types, with what an editor needs to know before choosing one."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.views import chooser as snippets

from wagtail_calendly.snippets import offer, tables
from wagtail_calendly.snippets.models import EventType, SessionType


class SearchForm(BaseFilterForm):
    """Finds event types by name or host."""

    q = forms.CharField(
        label=_("Search term"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Name or host")}),
    )

    def filter(self, objects: QuerySet[EventType]) -> QuerySet[EventType]:
        objects = super().filter(objects)
        if words := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, words
            objects = objects.filter(Q(name__icontains=words) | Q(host_name__icontains=words))
        return objects


def _in_fixed_order(columns: list[Column]) -> list[Column]:
    for column in columns:
        column.sort_key = None
    return columns


class _EventTypes:
    """What the first list and each later page of results share."""

    filter_form_class = SearchForm
    ordering = ["-active", "name", "pk"]

    def get_object_list(self) -> QuerySet[EventType]:
        return EventType.objects.filter(missing_since=None)

    @property
    def columns(self) -> list[Column]:
        ours = [*tables.event_type_columns(), tables.calendly_payment_column()]
        return _in_fixed_order([*super().columns, *ours])  # type: ignore[misc]


class EventTypeChooseView(_EventTypes, ChooseView):
    pass


class EventTypeChooseResultsView(_EventTypes, ChooseResultsView):
    pass


class _SessionTypes:
    """Says which of them visitors can book, before one is put on a page."""

    @property
    def columns(self) -> list[Column]:
        return _in_fixed_order([*super().columns, *tables.offer_columns()])  # type: ignore[misc]


class SessionTypeChooseView(_SessionTypes, snippets.ChooseView):
    pass


class SessionTypeChooseResultsView(_SessionTypes, snippets.ChooseResultsView):
    pass


class SessionTypeChosenView(snippets.SnippetChosenView):
    def get_display_title(self, instance: SessionType) -> str:
        return offer.title_for_editors(instance)


class SessionTypeChooserViewSet(snippets.SnippetChooserViewSet):
    choose_view_class = SessionTypeChooseView
    choose_results_view_class = SessionTypeChooseResultsView
    chosen_view_class = SessionTypeChosenView


class EventTypeChooserViewSet(ChooserViewSet):
    """Offers the event types that exist at Calendly."""

    model = EventType
    name = "wagtail_calendly_event_type_chooser"
    icon = "calendar-alt"
    choose_one_text = _("Choose an event type")
    choose_another_text = _("Choose another event type")
    edit_item_text = _("See this event type")
    choose_view_class = EventTypeChooseView
    choose_results_view_class = EventTypeChooseResultsView
