"""Under which address the outside reaches this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

from wagtail_calendly.exceptions import NotConfigured

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def origin(base: str = "", *, sender: str) -> str:
    """Scheme, host and port under which a sender of webhooks reaches this site.

    `base` is the site's public origin; without it WAGTAILADMIN_BASE_URL counts, or the default site.
    Raises `NotConfigured` for one that the sender cannot use.
    """
    parts = urlsplit(base or getattr(settings, "WAGTAILADMIN_BASE_URL", "") or _default_site())
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return f"{parts.scheme}://{parts.netloc}"
    raise NotConfigured(
        f"{sender} needs the https:// address of this site. "
        "Name it with --url, or set WAGTAILADMIN_BASE_URL."
    )


def _default_site() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return str(site.root_url) if site else ""
