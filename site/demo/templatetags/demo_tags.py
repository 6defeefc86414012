"""The head of every page of the demo site."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from wagtail.models import Locale, Page, Site

register = template.Library()


@register.inclusion_tag("demo/masthead.html", takes_context=True)
def masthead(context: dict[str, Any]) -> dict[str, Any]:
    """Name, menu and languages. A page of the visitor's booking stands in no tree, so it has no languages."""
    page = context.get("page") if isinstance(context.get("page"), Page) else None
    home = Site.find_for_request(context["request"]).root_page.localized
    return {
        "request": context["request"],
        "page": page,
        "home": home,
        "menu": home.get_children().live().in_menu(),
        "language": Locale.get_active().language_code,
        "languages": in_every_language(page),
    }


@register.simple_tag
def in_every_language(page: Page | None) -> list[tuple[str, Page]]:
    """The page's live translations, itself included, in the order of the settings."""
    if not isinstance(page, Page):
        return []
    pages = page.get_translations(inclusive=True).live().select_related("locale")
    by_language = {each.locale.language_code: each for each in pages}
    return [(code, by_language[code]) for code, _name in settings.LANGUAGES if code in by_language]
