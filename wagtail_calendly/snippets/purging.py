"""Purges pages from the cache in front of the site, where what they show of session types has changed."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps

from wagtail_calendly.snippets import usage


def is_wanted() -> bool:
    """Whether the host has such a cache, and tells Wagtail of it."""
    return apps.is_installed("wagtail.contrib.frontend_cache")


def purge(session_types: Collection[int]) -> int:
    """Purge the pages that show any of these session types. Returns how many pages."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    pages = list(usage.pages_showing(session_types))
    batch = PurgeBatch()
    batch.add_pages(pages)
    batch.purge()
    return len(pages)
