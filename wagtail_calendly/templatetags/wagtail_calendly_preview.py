"""What only previews in the editor show; apart from the tags that pages load."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Site

from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import preview
from wagtail_calendly.visitor.panels import settings_of

register = template.Library()


@register.inclusion_tag("wagtail_calendly/preview/panel.html", takes_context=True)
def session_panel(context: dict[str, Any], session: SessionType) -> dict[str, Any]:
    """`{% session_panel session %}`: what visitors meet after choosing it; nothing in it acts."""
    site = Site.find_for_request(context.get("request"))
    return preview.panel(session, site and settings_of(site))
