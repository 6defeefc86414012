"""Where a session takes place, from what Calendly said of its location."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

#: Calendly's examples say "zoom" where its schema says "zoom_conference"; both are read.
#: https://developer.calendly.com/api-docs/calendly-api/scheduled-events
ONLINE = ("zoom", "google", "microsoft", "webex", "gotomeeting")


@dataclass(frozen=True)
class Where:
    """`text` for people, `link` safe to open, `public` what may stand in an address of another service."""

    text: str
    link: str = ""
    public: str = ""
    is_to_come: bool = False


def where(location: Mapping[str, Any] | None) -> Where | None:
    """The place, or None where Calendly named none."""
    location = location or {}
    kind, text = str(location.get("kind") or ""), str(location.get("location") or "").strip()
    link = safe_link(str(location.get("join_url") or "")) or safe_link(text)
    if link:
        return Where(_("Online"), link=link, public=_("Online"))
    if kind.startswith(ONLINE):
        return Where(_to_come(), public=_("Online"), is_to_come=True)
    if not text:
        return None
    return _spoken(kind, text)


def safe_link(url: str) -> str:
    """The address if a browser may be sent there: https with a host; else empty."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme == "https" and parts.hostname else ""


def _to_come() -> str:
    return _(
        "Online. The link appears here, and in the e-mail from Calendly, as soon as it is made."
    )


def _spoken(kind: str, text: str) -> Where:
    """A place that is no link. Numbers and places that the visitor named stay with them."""
    if kind == "outbound_call":
        return Where(_("By telephone: we call you at %(number)s.") % {"number": text})
    if kind == "inbound_call":
        return Where(_("By telephone: call us at %(number)s.") % {"number": text})
    if kind == "ask_invitee":
        return Where(text)
    return Where(text, public=text)
