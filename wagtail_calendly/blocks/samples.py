"""Sessions that exist nowhere: what the block's preview shows before an editor has written any."""

from __future__ import annotations

from django.utils.translation import gettext

from wagtail_calendly.snippets.models import EventType, SessionType


def sessions() -> list[SessionType]:
    """Three believable sessions, not saved."""
    return [
        _session(
            gettext("Introductory call"),
            gettext("Get to know each other and find out whether we can help."),
            EventType(duration=30, locations=[{"kind": "zoom_conference"}]),
        ),
        _session(
            gettext("Consultation"),
            gettext("Your question, looked at in depth, with a plan at the end."),
            EventType(duration=60, locations=[{"kind": "zoom_conference"}, {"kind": "physical"}]),
        ),
        _session(
            gettext("Follow-up"),
            gettext("A short look at what has changed since last time."),
            EventType(duration=15, locations=[{"kind": "outbound_call"}]),
        ),
    ]


def _session(title: str, summary: str, event_type: EventType) -> SessionType:
    return SessionType(title=title, summary=summary, event_type=event_type)
