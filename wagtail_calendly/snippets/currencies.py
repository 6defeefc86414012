"""The currencies that an editor can choose: all that can be charged, those that this site uses first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_calendly.payments import money
from wagtail_calendly.snippets.language import active_locale
from wagtail_calendly.snippets.models import SessionType

#: (code, name) pairs, and groups of them, as a select takes them.
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def choices(current: str = "") -> Choices:
    """Named in the active language, in two groups where the site has used some before.

    `current` is always among them, though it may not be chargeable any more.
    """
    used = _used() | ({current} if current else set())
    none: Choices = [("", _("None: the session is free"))]
    if not used:
        return [*none, *_named(money.CURRENCIES)]
    return [
        *none,
        (_("Used on this site"), _named(used)),
        (_("All others"), _named(money.CURRENCIES - used)),
    ]


def _used() -> set[str]:
    rows = SessionType.objects.order_by().exclude(currency="")
    return set(rows.values_list("currency", flat=True).distinct())


def _named(codes: set[str] | frozenset[str]) -> list[tuple[str, str]]:
    """Such as ("EUR", "Euro (EUR)"), by name."""
    from babel.numbers import get_currency_name  # slow to load

    locale = active_locale()
    named = {code: f"{get_currency_name(code, locale=locale)} ({code})" for code in codes}
    return sorted(named.items(), key=lambda item: item[1].casefold())
