"""What is said of a session in a few words: how long, where, with whom, for how much."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from wagtail_calendly.snippets import price_words
from wagtail_calendly.snippets.models import EventType, SessionType

_ONLINE = gettext_lazy("Online")
_PHONE = gettext_lazy("By phone")

#: Calendly's location kinds. https://developer.calendly.com/api-docs/calendly-api/event-types
_PLACES = {
    "zoom_conference": _ONLINE,
    "google_conference": _ONLINE,
    "microsoft_teams_conference": _ONLINE,
    "webex_conference": _ONLINE,
    "gotomeeting_conference": _ONLINE,
    "inbound_call": _PHONE,
    "outbound_call": _PHONE,
    "physical": gettext_lazy("In person"),
    "ask_invitee": gettext_lazy("Where you like"),
    "custom": gettext_lazy("By arrangement"),
}


def facts(session: SessionType) -> list[str]:
    """Such as ["45 min", "Online", "with Ada"]; what Calendly does not say is left out."""
    event_type = session.event_type
    if event_type is None:
        return []
    return [fact for fact in (duration(event_type), place(event_type), host(event_type)) if fact]


def duration(event_type: EventType) -> str:
    """Such as "45 min", or "15–60 min" where the invitee chooses."""
    options = sorted({event_type.duration, *(event_type.duration_options or [])})
    minutes = str(options[0]) if len(options) == 1 else f"{options[0]}–{options[-1]}"
    return gettext("%(minutes)s min") % {"minutes": minutes}


def place(event_type: EventType) -> str:
    """Such as "Online / By phone"; without addresses and numbers, which are for those who booked."""
    kinds = (location.get("kind", "") for location in event_type.locations or [])
    places = list(dict.fromkeys(str(_PLACES[kind]) for kind in kinds if kind in _PLACES))
    return " / ".join(places)


def host(event_type: EventType) -> str:
    """Such as "with Ada"."""
    return event_type.host_name and gettext("with %(host)s") % {"host": event_type.host_name}


def price(session: SessionType) -> str:
    """Such as "60 €" or "Free", as readers of the active language write it."""
    return price_words.in_words(session)
