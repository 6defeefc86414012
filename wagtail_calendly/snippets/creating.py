"""Session types made of event types: what an editor would otherwise copy by hand, as drafts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale

from wagtail_calendly.snippets import markup, slugs
from wagtail_calendly.snippets.models import EventType, SessionType


def draft_of(event_type: EventType, locale: Locale | None = None) -> SessionType:
    """A session type that is not stored yet, with title, summary and description as Calendly has them."""
    locale = locale or Locale.get_default()
    title = _fitting(str(event_type), "title")
    first, has_more = _first_sentence(event_type)
    session_type = SessionType(
        title=title,
        slug=slugify(title, allow_unicode=True)[:100] or "session",
        summary=_fitting(first, "summary"),
        description=str(event_type.description) if has_more else "",
        event_type=event_type,
        locale=locale,
        live=False,
    )
    session_type.slug = slugs.available(session_type)
    return session_type


def copy_of(session_type: SessionType) -> SessionType:
    """The same offer, not stored yet: with a slug of its own, the last in order, nobody's translation."""
    begun = {"live", "has_unpublished_changes", "latest_revision"}
    own = {"id", "translation_key", "sort_order", *begun, *SessionType.exclude_fields_in_copy}
    columns = {
        field.attname: getattr(session_type, field.attname)
        for field in SessionType._meta.concrete_fields
        if field.name not in own
    }
    copy = SessionType(**columns)
    copy.slug = slugs.available(copy)
    return copy


def create_drafts(event_types: Iterable[EventType], user: Any) -> list[SessionType]:
    """Stored as drafts, in this order, each with a first revision; none for what cannot be offered."""
    with transaction.atomic():
        return [_create(each, user) for each in event_types if not why_not(each)]


def why_not(event_type: EventType) -> str:
    """For editors: why no session type is made of it; empty where one can be."""
    if event_type.missing_since:
        return _("It is gone from Calendly.")
    return str(event_type.refusal)


def _create(event_type: EventType, user: Any) -> SessionType:
    session_type = draft_of(event_type)
    session_type.save()
    log(instance=session_type, action="wagtail.create", user=user, content_changed=True)
    session_type.save_revision(user=user, log_action=False)
    return session_type


def _first_sentence(event_type: EventType) -> tuple[str, bool]:
    """Of Calendly's description, and whether that says more than fits in a summary."""
    with_breaks = re.sub(r"</(p|li)>|<br>", "\n", str(event_type.description))
    text = html.unescape(markup.without_tags(with_breaks)).strip()
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].strip()
    return first, text != _fitting(first, "summary")


def _fitting(text: str, field: str) -> str:
    longest: int = SessionType._meta.get_field(field).max_length  # type: ignore[union-attr, assignment]
    return Truncator(text).chars(longest)
