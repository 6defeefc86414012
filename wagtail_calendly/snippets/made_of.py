"""Which session types are made of which event types: as visitors have them, or as they are drafted last."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from wagtail_calendly.snippets.models import EventType, SessionType

#: Where the newest draft keeps the primary key of its event type.
DRAFTED = "latest_revision__content__event_type"


def event_type(one: EventType) -> QuerySet[SessionType]:
    """All that are made of this one."""
    return _of([one.pk])


def event_types(several: Iterable[EventType]) -> dict[int, list[SessionType]]:
    """For lists, by primary key of the event type: one query, only titles are loaded."""
    found: dict[int, list[SessionType]] = {each.pk: [] for each in several}
    rows = _of(found).select_related(None).prefetch_related(None).only("title", "event_type_id")
    for row in rows.annotate(drafted=F(DRAFTED)):
        for pk in found.keys() & {row.event_type_id, row.drafted}:
            found[pk].append(row)
    return found


def _of(pks: Iterable[int]) -> QuerySet[SessionType]:
    wanted = list(pks)
    return SessionType.objects.filter(Q(event_type__in=wanted) | Q(**{f"{DRAFTED}__in": wanted}))
