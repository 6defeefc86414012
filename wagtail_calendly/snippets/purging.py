"""Purges pages from the cache in front of the site, where what they show of session types, or how, has changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps

from wagtail_calendly.snippets import notice, usage
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.pages import page_model


def is_wanted() -> bool:
    """Whether the host has such a cache, and tells Wagtail of it."""
    return apps.is_installed("wagtail.contrib.frontend_cache")


def purge(session_types: Collection[int], pages: Collection[int] = ()) -> int:
    """Purge these pages, and all that show any of these session types. Returns how many pages."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    shown = usage.pages_showing(session_types) | page_model().objects.filter(pk__in=pages)
    batch = PurgeBatch()
    batch.add_pages(found := list(shown))
    batch.purge()
    return len(found)


def on_delete(instance: SessionType, **kwargs: Any) -> None:
    """Receiver of a session type's `pre_delete`: afterwards nothing tells any more where it was shown."""
    shown = usage.pages_showing([instance.pk]).values_list("pk", flat=True) if is_wanted() else []
    notice.of_session_types([instance.pk], shown)


def on_settings(**kwargs: Any) -> None:
    """Receiver of `post_save` and `post_delete` of booking settings: they are part of what each block shows."""
    notice.of_session_types(SessionType._base_manager.values_list("pk", flat=True))
