"""HTML that Calendly sends us: cleaned with a small allow-list, when it is stored and again when it is shown."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}


def clean(html: str) -> SafeString:
    """The same text with nothing but paragraphs, lists, emphasis and links left of its markup."""
    return mark_safe(  # noqa: S308 - this is the place that makes it safe
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
    )
