"""The list of session types, with what tells editors which of them needs them."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    LiveStatusTagColumn,
    LocaleColumn,
)
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView

from wagtail_calendly.snippets import images, standing, tables
from wagtail_calendly.snippets.models import SessionType

CHANGES = "wagtail_calendly_event_types:changes"


class ThumbnailColumn(Column):
    """The image as cards show it; never made here."""

    cell_template_name = "wagtail_calendly/admin/thumbnail_cell.html"

    def get_value(self, instance: SessionType) -> Any:
        made = images.existing(instance.image) if instance.image else []
        return made[0] if made else None


class EventTypeColumn(Column):
    """What it is made of, and how much of that changed at Calendly since an editor looked, with the way there."""

    cell_template_name = "wagtail_calendly/admin/event_type_cell.html"

    def get_cell_context_data(self, instance: SessionType, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"changes": changes_in_words(instance.standing.changes)}


class PagesColumn(Column):
    """On how many pages visitors find it."""

    cell_template_name = "wagtail_calendly/admin/pages_cell.html"

    def get_value(self, instance: SessionType) -> int:
        return len(instance.standing.usage.pages)


def changes_in_words(count: int) -> str:
    """Such as "2 changes"; empty where there is nothing to look at."""
    return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count} * bool(count)


def _bookings(session_type: SessionType) -> int | str:
    booked: int | None = session_type.standing.bookings
    return "" if booked is None else booked


class SessionTypeIndexView(IndexView):
    """Counts for the rows of this page only; bookings are counted for those who may look at them."""

    table_classname = tables.CLASSNAME

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = super().columns
        if self.request.user.has_perm(standing.VIEW_BOOKINGS):
            return columns
        return [column for column in columns if column.name != "bookings"]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, changes_button()]

    def order_queryset(self, queryset: QuerySet[SessionType]) -> QuerySet[SessionType]:
        """To be moved about, they are listed as visitors find them."""
        ordered: QuerySet[SessionType] = super().order_queryset(queryset)
        return (
            ordered.order_by(*cast(list[str], SessionType._meta.ordering))
            if self.show_ordering_column
            else ordered
        )

    def _get_title_column(self, *args: Any, **kwargs: Any) -> BaseColumn:
        return super()._get_title_column(*args, **kwargs, width=tables.TITLE_WIDTH)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        standing.note(context["object_list"], self.request.user)
        return context | {"media": context["media"] + tables.MEDIA}


def changes_button() -> Button:
    """The way to all that changed at Calendly."""
    return Button(gettext_lazy("Changes at Calendly"), url=reverse(CHANGES), icon_name="rotate")


def columns() -> list[Any]:
    """For the list of session types."""
    return [
        "title",
        ThumbnailColumn("image", label=gettext_lazy("Image")),
        EventTypeColumn(
            "event_type", label=gettext_lazy("Event type"), sort_key="event_type__name"
        ),
        *tables.offer_columns(),
        Column("bookings", label=gettext_lazy("Booked in 30 days"), accessor=_bookings),
        PagesColumn("pages", label=gettext_lazy("Pages"), **tables.WORDS),
        LocaleColumn(),
        LiveStatusTagColumn(),
    ]
