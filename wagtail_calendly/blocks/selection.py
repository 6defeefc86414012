"""Which sessions of a block visitors see, which are withheld from them and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from wagtail.models import Locale

from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.offer import is_bookable, obstacles

_CACHE = "_wagtail_calendly_live_sessions"


@dataclass
class Selection:
    """The sessions to show, in order, and for editors one sentence about each that is withheld."""

    shown: list[SessionType] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)


def select(
    chosen: Iterable[SessionType | None], *, all_live: bool, context: dict[str, Any]
) -> Selection:
    """Chosen sessions first, then all other live ones where the editor asked for them.

    On a page of another language a chosen session gives way to its translation, if that can be
    booked. `context` is the template's: `page` and `request` are used where they are present.
    """
    selection = Selection()
    seen: set[int] = set()
    for session in _candidates(chosen, all_live, context):
        if session is None:
            selection.withheld.append(gettext("A session that was chosen here has been deleted."))
        elif session.pk not in seen:
            seen.add(session.pk)
            _sort_in(session, selection)
    return selection


def _sort_in(session: SessionType, selection: Selection) -> None:
    if is_bookable(session):
        selection.shown.append(session)
        return
    selection.withheld.append(
        gettext("Visitors do not see “%(session)s”: %(reasons)s")
        % {"session": session.title, "reasons": reasons_withheld(session)}
    )


def reasons_withheld(session: SessionType) -> str:
    """For editors: why visitors are not offered this session; empty when they are."""
    return " ".join(str(obstacle.message) for obstacle in obstacles(session))


def _candidates(
    chosen: Iterable[SessionType | None], all_live: bool, context: dict[str, Any]
) -> Iterator[SessionType | None]:
    for session in chosen:
        yield session and _in_language_of_page(session, context)
    if all_live:
        yield from _live_sessions(context)


def _in_language_of_page(session: SessionType, context: dict[str, Any]) -> SessionType:
    locale = getattr(context.get("page"), "locale_id", None)
    if locale is None or session.locale_id == locale:
        return session
    for other in _live_sessions(context):
        if other.translation_key == session.translation_key and is_bookable(other):
            return other
    return session


def _live_sessions(context: dict[str, Any]) -> list[SessionType]:
    """All live sessions in the language of the page; asked for once in a request."""
    request = context.get("request")
    locale = getattr(context.get("page"), "locale_id", None)
    cache: dict[int | None, list[SessionType]] = getattr(request, _CACHE, {})
    if locale not in cache:
        language = locale or Locale.get_active().pk
        cache[locale] = list(SessionType.objects.filter(live=True, locale=language))
        if request is not None:
            setattr(request, _CACHE, cache)
    return cache[locale]
