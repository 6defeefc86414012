"""What a site's booking settings say to a block, without an SQL query for every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from wagtail.models import Site

from wagtail_calendly.snippets.look import EmbedMode, Layout
from wagtail_calendly.snippets.settings import BookingSettings

#: Seconds that other processes may show old settings where each has a cache of its own.
_SECONDS = 60


@dataclass(frozen=True)
class SiteDefaults:
    """The part of `BookingSettings` that a page render needs."""

    accent_color: str = ""
    corner_radius: int | None = None
    layout: str = Layout.CARDS.value
    embed_mode: str = EmbedMode.INLINE.value
    contact_email: str = ""
    contact_phone: str = ""


_FIELDS = tuple(SiteDefaults.__dataclass_fields__)


def defaults(request: HttpRequest | None) -> SiteDefaults:
    """The settings of the request's site. Writes nothing; previews see what was just saved."""
    site = Site.find_for_request(request)
    if site is None:
        return SiteDefaults()
    stored: dict[str, Any] | None = None
    if not getattr(request, "is_preview", False):
        stored = cache.get(_key(site.pk))
    if stored is None:
        stored = _stored(site.pk)
        cache.set(_key(site.pk), stored, _SECONDS)
    return SiteDefaults(**stored)


def _stored(site: int) -> dict[str, Any]:
    # Not `for_request`: it would create the row on the first GET.
    return BookingSettings.objects.filter(site=site).values(*_FIELDS).first() or {}


def _key(site: int) -> str:
    return f"wagtail_calendly.site_defaults.{site}"


def forget(instance: BookingSettings, **kwargs: Any) -> None:
    """Signal receiver: the settings of a site were saved or deleted."""
    key = _key(instance.site_id)
    transaction.on_commit(lambda: cache.delete(key))
