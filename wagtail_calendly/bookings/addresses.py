"""Under which address the outside reaches this site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, urlsplit

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
        return _origin(parts)
    raise NotConfigured(
        f"{sender} needs the https:// address of this site. "
        "Name it with --url, or set WAGTAILADMIN_BASE_URL."
    )


def apart(urls: Iterable[str], paths: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Where a sender delivers to: the origin of the first address here, empty where there is none, and the
    origins of other hosts with one of our `paths`.

    Here is what leads to the admin or to any of the sites, to a path that differs in its unguessable end at most.
    """
    start = paths[0].rstrip("/").rpartition("/")[0] + "/" if paths else "/"
    hosts = _hosts()
    known = [urlsplit(url) for url in urls]
    here = [one for one in known if one.hostname in hosts and one.path.startswith(start)]
    away = {_origin(one) for one in known if one.hostname not in hosts and one.path in paths}
    return _origin(here[0]) if here else "", tuple(sorted(away))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    return _origin(urlsplit(url))


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _hosts() -> set[str | None]:
    admin = urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "").hostname
    return {admin, *(host.lower() for host in Site.objects.values_list("hostname", flat=True))}


def _default_site() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return str(site.root_url) if site else ""
