"""Puts another event type in the place of one that is gone, in every session type that stands on it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from wagtail_calendly.snippets import log
from wagtail_calendly.snippets.models import EventType, SessionType


def users_of(event_type: EventType) -> QuerySet[SessionType]:
    """The session types that stand on it, as they are published or first drafted."""
    return SessionType.objects.filter(event_type=event_type)


def problem(session_type: SessionType, event_type: EventType, user: Any) -> str:
    """For editors: why this session type cannot stand on this event type; empty where it can."""
    lock = session_type.get_lock()
    if lock and lock.for_user(user):
        return str(lock.get_message(user) or "")
    changed = _draft(session_type, event_type)
    try:
        changed.clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def replace(session_type: SessionType, event_type: EventType, user: Any) -> None:
    """As visitors are offered it and as it is drafted; what else is drafted stays a draft."""
    old = session_type.event_type
    draft = _draft(session_type, event_type)
    has_more = session_type.has_unpublished_changes
    with transaction.atomic():
        session_type.event_type = event_type
        session_type.save(update_fields=["event_type"])
        revision = draft.save_revision(user=user, log_action=False)
        if session_type.live and not has_more:
            revision.publish(user=user, log_action=False)
        if old:
            log.replaced(session_type, old, user)


def _draft(session_type: SessionType, event_type: EventType) -> SessionType:
    # Without a revision Wagtail gives the row itself, which is to stay as it is until it is saved.
    draft: SessionType = copy(session_type.get_latest_revision_as_object())
    draft.event_type = event_type
    return draft
