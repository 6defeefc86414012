"""The addresses of Calendly's booking page: for our frame, and for a tab of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

#: The languages that Calendly's booking page speaks. Reading it from the address is not promised by
#: Calendly; where it is not, the page stays in the event type's own language.
LANGUAGES = frozenset({"en", "fr", "es", "de", "nl", "pt", "it", "uk"})


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_at(url: str, origins: Sequence[str]) -> bool:
    """Whether this address is one of Calendly's own: nothing else is framed or linked to."""
    return bool(url) and origin(url) in origins


def tab(scheduling_url: str, *, reference: str, tracking: Mapping[str, str]) -> str:
    """The booking page in a tab of its own, carrying the reference."""
    return _with(scheduling_url, {**tracking, "utm_content": reference})


def frame(
    scheduling_url: str,
    *,
    reference: str,
    tracking: Mapping[str, str],
    host: str,
    embed: str,
    language: str,
    color: str = "",
    hide_details: bool = False,
) -> str:
    """The booking page in our frame. `host` is this site's; `color` is "#rrggbb" or empty.

    Without `embed_domain` the page posts no messages.
    https://developer.calendly.com/api-docs/overview/embedding/getting-started.md
    """
    options = {
        "embed_domain": host,
        "embed_type": "PopupWidget" if embed == "popup" else "Inline",
        "hide_event_type_details": "1" if hide_details else "",
        "primary_color": color.lstrip("#"),
        "locale": language if language in LANGUAGES else "",
    }
    given = {name: value for name, value in options.items() if value}
    # The reference comes last, so that no campaign value can take its place.
    return _with(scheduling_url, {**given, **tracking, "utm_content": reference})


def _with(url: str, parameters: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if k not in parameters]
    return urlunsplit(parts._replace(query=urlencode([*kept, *parameters.items()]), fragment=""))
