"""Where session types are shown: on pages that chose them, or that offer all live ones (Wagtail's reference index)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import ReferenceIndex

from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.pages import page_model
from wagtail_calendly.snippets.settings import ALL_SESSIONS, BookingSettings

#: How many snippets may stand between a page and a session type.
DEPTH = 5


@dataclass
class Usage:
    """The pages that show one session type, by their numbers."""

    chosen_on: set[int] = field(default_factory=set)
    offered_on: set[int] = field(default_factory=set)

    @property
    def pages(self) -> set[int]:
        return self.chosen_on | self.offered_on


def of_session_types(session_types: Collection[SessionType]) -> dict[int, Usage]:
    """For lists and forms, by primary key: three queries, however many session types and pages."""
    found = {each.pk: Usage() for each in session_types}
    references = _from_pages().filter(_to(SessionType, found))
    for session_type, page in references.values_list("to_object_id", "object_id"):
        found[int(session_type)].chosen_on.add(int(page))
    offering = _pages_by_locale()
    for each in session_types:
        if each.live:
            found[each.pk].offered_on = offering.get(each.locale_id, set())
    return found


def pages_showing(session_types: Iterable[int]) -> QuerySet[Any]:
    """The live pages that show any of these (by primary key), or would show it with another of its language.

    More rather than fewer: for purging. Follows snippets that stand in between.
    """
    keys = SessionType.objects.filter(pk__in=session_types).values("translation_key")
    together = SessionType.objects.filter(translation_key__in=keys).values_list("pk", flat=True)
    wanted = _to(SessionType, {*session_types, *together}) | _offers_all()
    pages = page_model().objects.live()
    rows: QuerySet[Any] = pages.filter(pk__in=_pages_referring(wanted))
    return rows


def _pages_referring(wanted: Q) -> set[int]:
    page, found = _type_of(page_model()), set()
    for _step in range(DEPTH):
        sources = set(
            ReferenceIndex.objects.filter(wanted).values_list("base_content_type", "object_id")
        )
        found |= {int(pk) for kind, pk in sources if kind == page.pk}
        between = {source for source in sources if source[0] != page.pk}
        if not between:
            break
        wanted = Q()
        for kind, pk in between:
            wanted |= Q(to_content_type=kind, to_object_id=pk)
    return found


def _pages_by_locale() -> dict[int, set[int]]:
    """The pages that offer all live session types of their language."""
    pages = _from_pages().filter(_offers_all()).values_list("object_id", flat=True)
    rows = page_model().objects.filter(pk__in={int(pk) for pk in pages})
    found: dict[int, set[int]] = {}
    for pk, locale in rows.values_list("pk", "locale_id"):
        found.setdefault(locale, set()).add(pk)
    return found


def _from_pages() -> QuerySet[Any]:
    rows: QuerySet[Any] = ReferenceIndex.objects.filter(base_content_type=_type_of(page_model()))
    return rows


def _to(model: Any, pks: Iterable[int]) -> Q:
    return Q(to_content_type=_type_of(model), to_object_id__in=[str(pk) for pk in pks])


def _offers_all() -> Q:
    """What blocks that offer all live session types leave in the index."""
    return Q(to_content_type=_type_of(BookingSettings), to_object_id=ALL_SESSIONS)


def _type_of(model: Any) -> ContentType:
    return ContentType.objects.get_for_model(model, for_concrete_model=False)
