"""Template tags for hosts and for the package's own templates: the assets, and one session as a card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static

from wagtail_calendly import conf
from wagtail_calendly.blocks import look
from wagtail_calendly.blocks.cards import card
from wagtail_calendly.blocks.site import defaults
from wagtail_calendly.snippets.models import SessionType

register = template.Library()


@register.inclusion_tag("wagtail_calendly/blocks/assets.html", takes_context=True)
def wagtail_calendly_assets(
    context: dict[str, Any], sessions: Iterable[SessionType] = ()
) -> dict[str, Any]:
    """`{% wagtail_calendly_assets %}`: stylesheets and the boot module.

    Give `sessions` where their own accent colours are to work. Each block brings the assets it
    needs, so that blocks may be cached one by one; browsers load each file once.
    """
    site = defaults(context.get("request"))
    accents = [session.accent_color for session in sessions]
    return {"look": look.address(site.accent_color, site.corner_radius, accents)}


@register.inclusion_tag("wagtail_calendly/blocks/session_card.html")
def session_card(session: SessionType, level: int = 2) -> dict[str, Any]:
    """`{% session_card session %}`: the card as blocks show it, also for a draft in a preview."""
    return {"card": card(session), "level": level}


@register.simple_tag
def htmx_address() -> str:
    """`{% htmx_address %}`: where the boot module finds htmx; empty where the host loads its own."""
    return static("django_htmx/htmx-2.min.js") if conf.load().load_htmx else ""


@register.simple_tag
def booking_privacy() -> dict[str, Any]:
    """`{% booking_privacy as privacy %}`: what the settings mean to visitors: takes_payments, retention_days."""
    settings = conf.load()
    return {
        "takes_payments": settings.payments.is_ready,
        "retention_days": settings.retention_days,
    }
