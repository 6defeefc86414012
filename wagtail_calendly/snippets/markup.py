"""HTML of Calendly and of editors: cleaned with a small allow-list, when it is stored and when it is shown."""

from __future__ import annotations

from urllib.parse import urljoin

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}


def clean(html: str, *, base: str = "") -> SafeString:
    """The same text with nothing but paragraphs, lists, emphasis and links left of its markup.

    With `base`, links within the site are written out, as mails need them.
    """
    return mark_safe(  # noqa: S308 - this is the place that makes it safe
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=lambda tag, name, value: (
                urljoin(base, value) if name == "href" else value
            ),
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
    )


def without_tags(html: str) -> str:
    """The text alone, still escaped."""
    return nh3.clean(html, tags=set())
