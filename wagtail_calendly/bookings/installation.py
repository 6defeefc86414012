"""Keeps a copy of the database from acting: it serves one installation, known by the host of WAGTAILADMIN_BASE_URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.models import Connection, Effect
from wagtail_calendly.exceptions import OtherInstallation


def guard(alias: str) -> None:
    """To be called before anything is done for an account; the first installation that acts is the one.

    A site without WAGTAILADMIN_BASE_URL is not guarded. Raises `OtherInstallation`.
    """
    here = _host()
    if not here:
        return
    served = Connection.objects.exclude(serves="").values_list("serves", flat=True).first()
    if served is None:
        health.connection(alias)
        Connection.objects.filter(account=alias, serves="").update(serves=here)
    elif served != here:
        raise OtherInstallation(served, here)


def move_here() -> int:
    """The site has moved: the database serves it here from now on. Returns how much work has waited for that."""
    elsewhere = ~Q(serves__in=("", _host()))
    Connection.objects.filter(elsewhere).update(serves=_host(), problem="")
    waiting = Effect.objects.filter(
        state=Effect.State.OPEN, error__startswith=OtherInstallation.__name__
    )
    return waiting.update(next_try_at=timezone.now(), error="")


def _host() -> str:
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", "") or ""
    return urlsplit(base).hostname or ""
