"""The way back to the page where the visitor chose: an address of this site, never one that was sent to us."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_calendly.snippets.pages import page_model


def way_back(request: HttpRequest, site: Site, page_id: int | None) -> str:
    """The path of this page on this site; the site's front page where it is not public any more."""
    page = page_model().objects.live().public().filter(pk=page_id).first() if page_id else None
    for candidate in (page, site.root_page):
        parts = candidate.get_url_parts(request) if candidate else None
        if parts and parts[0] == site.pk and parts[2]:
            return str(parts[2])
    return "/"
