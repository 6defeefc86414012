"""How much is allowed in a minute: to one visitor, and to all of them together on one Calendly account.

Counted in database rows by compare-and-set, so that it holds without a shared cache, over threads and processes.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import Literal

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_calendly import conf
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import RequestCounter
from wagtail_calendly.exceptions import InvalidReference, LimitReached
from wagtail_calendly.snippets.models import EventType

#: What an account's budget is spent on: single-use links made, bookings looked up, payment pages opened.
Kind = Literal["links", "lookups", "checkouts"]
#: The account of the payment provider, beside the aliases of Calendly's.
PAYMENTS = "stripe"

WINDOW = 60
#: Windows after which a counter's row says nothing any more.
KEPT_WINDOWS = 10

_SALT = "wagtail_calendly.limits"


def visitor(request: HttpRequest) -> None:
    """Count one post of this visitor. Raises `LimitReached` when they had their share of this minute."""
    _count(f"visitor:{_who(request)}", conf.load().visitor_posts_per_minute)


def opening(request: HttpRequest) -> None:
    """Count one opening of a session. It has a share of its own, so that whoever looks around can still book.

    Raises `LimitReached`.
    """
    _count(f"opening:{_who(request)}", conf.load().visitor_posts_per_minute)


def account(alias: str, kind: Kind) -> None:
    """Spend one call of an account's budget for visitors. Raises `LimitReached` when it is used up.

    One crowd of visitors, or of bots, can so never use up what Calendly allows the account.
    """
    settings = conf.load()
    per_minute = {
        "links": settings.account_links_per_minute,
        "lookups": settings.account_lookups_per_minute,
        "checkouts": settings.account_checkouts_per_minute,
    }
    _count(f"account:{alias}:{kind}", per_minute[kind])


def lookup(reference: str) -> None:
    """Spend one look-up of the account that this reference's booking is at.

    Raises `LimitReached`, and `InvalidReference` for a text that is none, at no cost to any account.
    """
    terms = references.read(reference).terms_id
    alias = EventType.objects.filter(terms=terms).values_list("account", flat=True).first()
    if alias is None:
        raise InvalidReference("Nothing is offered under this reference.")
    account(alias, "lookups")


def checkout() -> None:
    """Spend one payment page of the provider's account: nobody tries out stolen cards by the thousand.

    Raises `LimitReached`.
    """
    account(PAYMENTS, "checkouts")


def purge(now: datetime) -> int:
    """Forget counters of minutes long over. Returns how many rows went."""
    deleted, _by_model = RequestCounter.objects.filter(
        window__lt=_window(now) - KEPT_WINDOWS
    ).delete()
    return deleted


def _count(key: str, most: int) -> None:
    now = timezone.now()
    if _counted(key, most, _window(now)):
        return
    # No row yet, or no room, or another process began the window between the two statements.
    RequestCounter.objects.bulk_create(
        [RequestCounter(key=key, window=_window(now))], ignore_conflicts=True
    )
    if not _counted(key, most, _window(now)):
        raise LimitReached(retry_after=WINDOW - int(now.timestamp()) % WINDOW)


def _counted(key: str, most: int, window: int) -> bool:
    """Whether there was room. Each statement decides and writes at once, whoever else counts."""
    rows = RequestCounter.objects.filter(key=key)
    return bool(
        rows.filter(window=window, count__lt=most).update(count=F("count") + 1)
        or rows.filter(window__lt=window).update(window=window, count=1)
    )


def _window(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW


def _who(request: HttpRequest) -> str:
    return salted_hmac(_SALT, _network(request), algorithm="sha256").hexdigest()[:32]


def _network(request: HttpRequest) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 that an IPv6 user commands."""
    address = _address(_forwarded(request)) or _address(request.META.get("REMOTE_ADDR", ""))
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def _forwarded(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; what stands left of it, anybody can write."""
    proxies = conf.load().trusted_proxies
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return hops[-proxies].strip() if 0 < proxies <= len(hops) else ""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:5678`, `::1` or `[::1]:5678`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
