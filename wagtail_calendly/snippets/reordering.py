"""The order of session types: one for all languages, so that a translation stands where its original does."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from wagtail.snippets.views.snippets import ReorderView

from wagtail_calendly.snippets.models import SessionType


def move(session_type: SessionType, position: int) -> None:
    """Put it, and its translations, where it was dropped: `position` counts the rows of the whole list."""
    with transaction.atomic():
        rows = list(
            SessionType.objects.select_related(None)
            .prefetch_related(None)
            .only("translation_key", "sort_order")
            .select_for_update()
        )
        places = _places(rows, session_type, position)
        moved = [row for row in rows if row.sort_order != places[row.translation_key]]
        for row in moved:
            row.sort_order = places[row.translation_key]
        SessionType.objects.bulk_update(moved, ["sort_order"])
        # Tells whom it concerns that visitors see another order.
        session_type.sort_order = places[session_type.translation_key]
        session_type.save(update_fields=["sort_order"])


def _places(rows: list[SessionType], moved: SessionType, position: int) -> dict[UUID, int]:
    """The place of each session by its translation key; that of the moved one is where its own row is dropped."""
    others = [row for row in rows if row.pk != moved.pk]
    dropped = [*others[:position], moved, *others[position:]]
    keys = [
        row.translation_key
        for row in dropped
        if row.pk == moved.pk or row.translation_key != moved.translation_key
    ]
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


class SessionTypeReorderView(ReorderView):
    """What Wagtail's list posts when a row was dragged, or moved by keyboard."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        session_type = get_object_or_404(SessionType, pk=kwargs["pk"])
        position = request.GET.get("position", "")
        last = SessionType.objects.count()
        move(session_type, int(position) if position.isdecimal() else last)
        return JsonResponse({"success": True})
