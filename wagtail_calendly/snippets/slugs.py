"""The slugs of session types: in each language nobody's else, and fit for an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.text import slugify

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType


def available(session_type: SessionType) -> str:
    """Its slug, or the first of slug-2, slug-3 … that no other has in its language.

    What is no slug, such as one that a translator wrote as words, becomes one.
    """
    wanted = _as_slug(session_type.slug)
    others = type(session_type)._default_manager.filter(
        locale=session_type.locale_id, slug__startswith=wanted[:115]
    )
    taken = set(others.exclude(pk=session_type.pk).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted[:115]}-{number}", number + 1
    return slug


def _as_slug(text: str) -> str:
    if re.fullmatch(r"[-\w]+", text):
        return text
    return slugify(text, allow_unicode=True)[:120] or "session"
