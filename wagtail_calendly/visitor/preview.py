"""A session type as visitors would meet its panel, for the preview in the editor: nothing is stored or asked."""

from __future__ import annotations

from typing import Any

from wagtail_calendly.blocks import facts, look
from wagtail_calendly.snippets import terms
from wagtail_calendly.snippets.models import EventType, SessionType, Terms
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.visitor import steps
from wagtail_calendly.visitor.agreed import Agreed


def panel(session_type: SessionType, settings: BookingSettings | None) -> dict[str, Any]:
    """What the panel's template shows of a draft."""
    offered = Terms(**terms.content_of(session_type))
    # A draft may have none yet; its words do not depend on it.
    offered.event_type = session_type.event_type or EventType()
    agreed = Agreed(offered)
    return {
        "session_type": session_type,
        "facts": facts.facts(session_type),
        "price": facts.price(session_type),
        "agreed": agreed,
        "steps": steps.steps(agreed, steps.PAY if agreed.is_paid_before else steps.TIME),
        "settings": settings,
        "accent_class": look.css_class(session_type.accent_color),
    }
