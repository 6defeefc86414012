"""Gives notice, after commit, that visitors are shown something else from now on of some session types."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wagtail_calendly.signals import offer_changed
from wagtail_calendly.snippets.event_types import EventType

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType

#: Saving only these changes nothing that visitors see.
UNSEEN = {
    "latest_revision",
    "has_unpublished_changes",
    "locked",
    "locked_at",
    "locked_by",
    "go_live_at",
}


def of_event_types(pks: Iterable[int]) -> None:
    """The session types made of these event types are shown otherwise."""
    rows = EventType.objects.filter(pk__in=list(pks), session_types__live=True)
    of_session_types(rows.values_list("session_types", flat=True).distinct())


def of_session_types(pks: Iterable[int], pages: Iterable[int] = ()) -> None:
    """These are shown otherwise, or no more; `pages` are those that nobody can find afterwards."""
    if changed := sorted(pks):
        send = partial(
            offer_changed.send_robust,
            sender=None,
            session_type_ids=changed,
            page_ids=sorted(pages),
        )
        transaction.on_commit(send, robust=True)


def on_save(
    instance: SessionType, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Receiver of a session type's `post_save`. What was never published is nobody's business."""
    was_public = instance.live or instance.last_published_at
    if was_public and (update_fields is None or not UNSEEN.issuperset(update_fields)):
        of_session_types([instance.pk])
