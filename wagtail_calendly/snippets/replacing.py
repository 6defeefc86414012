"""Puts another event type in the place of one that is gone, in every session type that stands on it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from wagtail_calendly.snippets import log
from wagtail_calendly.snippets.models import EventType, SessionType


def problem(session_type: SessionType, old: EventType, new: EventType, user: Any) -> str:
    """For editors: why the new one cannot stand where the old one stands; empty where it can.

    What is only drafted is checked when it is published.
    """
    lock = session_type.get_lock()
    if lock and lock.for_user(user):
        return str(lock.get_message(user) or "")
    if not (session_type.live and session_type.event_type == old):
        return str(new.refusal)
    try:
        _with(session_type, new).clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def replace(session_type: SessionType, old: EventType, new: EventType, user: Any) -> None:
    """As visitors are offered it and as it is drafted; what else is drafted stays a draft.

    Who has drafted it with yet another event type keeps that draft.
    """
    drafted = session_type.get_latest_revision_as_object()
    has_more = session_type.has_unpublished_changes
    draft = _with(drafted, new) if drafted.event_type == old else None
    with transaction.atomic():
        if session_type.event_type == old:
            session_type.event_type = new
            session_type.save(update_fields=["event_type"])
        if draft:
            revision = draft.save_revision(user=user, log_action=False, clean=False)
            if session_type.live and not has_more:
                revision.publish(user=user, log_action=False)
        log.replaced(session_type, old, new, user)


def _with(session_type: SessionType, new: EventType) -> SessionType:
    # Without a revision Wagtail gives the row itself, which is to stay as it is until it is saved.
    changed: SessionType = copy(session_type)
    changed.event_type = new
    return changed
