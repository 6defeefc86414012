"""The colours and corners that editors choose, as a stylesheet whose address holds all it says.

A strict content security policy forbids style attributes, and a stylesheet per site in the
database would cost a query and go stale in caches. This one is made from its own query string
alone: the same for everybody, cacheable for ever, different as soon as an editor changes a colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from wagtail_calendly.snippets.look import on_color

COLOR = re.compile(r"[0-9a-f]{6}")
MAX_RADIUS = 40
MAX_COLORS = 60


class InvalidLook(ValueError):
    """A query string that no page of ours links to."""


def address(accent: str, radius: int | None, others: Iterable[str] = ()) -> str:
    """The stylesheet's URL for a site's accent and radius and the sessions' own accents ("#0a6c74").

    Empty when everything is left to the host's own styles.
    """
    colors = sorted({_bare(color) for color in others if color})[:MAX_COLORS]
    query = [("also", color) for color in colors]
    if radius is not None:
        query.insert(0, ("radius", str(radius)))
    if accent:
        query.insert(0, ("accent", _bare(accent)))
    return f"{reverse('wagtail_calendly:look')}?{urlencode(query)}" if query else ""


def css_class(color: str) -> str:
    """The class that gives an element and all in it this accent ("#0a6c74"); empty for none."""
    return f"wc-accent-{_bare(color)}" if color else ""


def stylesheet(query: QueryDict) -> str:
    """The CSS that a query string stands for. Raises `InvalidLook`."""
    rules = [f".wc-accent-{color}{{{_accent(color)}}}" for color in _colors(query, "also")]
    root = "".join(_accent(color) for color in _colors(query, "accent")) + _radius(query)
    # No specificity, so that a host's own `.wc-root` rule wins wherever it stands.
    return "\n".join([f":where(.wc-root){{{root}}}", *rules]) + "\n"


def _bare(color: str) -> str:
    return color.removeprefix("#").lower()


def _accent(color: str) -> str:
    return f"--wc-accent:#{color};--wc-on-accent:{on_color(color)};"


def _colors(query: QueryDict, name: str) -> list[str]:
    colors = query.getlist(name)
    if len(colors) > MAX_COLORS or not all(COLOR.fullmatch(color) for color in colors):
        raise InvalidLook(name)
    return colors


def _radius(query: QueryDict) -> str:
    radius = query.get("radius")
    if radius is None:
        return ""
    if not re.fullmatch(r"[0-9]{1,2}", radius) or int(radius) > MAX_RADIUS:
        raise InvalidLook("radius")
    return f"--wc-radius:{int(radius)}px;"
