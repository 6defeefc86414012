"""The language of whoever reads this page, as babel knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from babel import Locale


def active_locale() -> Locale:
    """For dates and names in the active language; English where babel does not know it."""
    from babel import Locale, UnknownLocaleError  # slow to load, and not needed where all is free

    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
