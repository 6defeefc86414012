"""What changed at Calendly, in words: each fact as it was when it was accepted, and as it is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.snippets.drift import Drift, Fact

#: Calendly's location kinds. https://developer.calendly.com/api-docs/calendly-api/event-types
_KINDS = {
    "zoom_conference": "Zoom",
    "google_conference": "Google Meet",
    "microsoft_teams_conference": "Microsoft Teams",
    "webex_conference": "Webex",
    "gotomeeting_conference": "GoTo Meeting",
    "inbound_call": gettext_lazy("The invitee calls"),
    "outbound_call": gettext_lazy("The host calls"),
    "physical": gettext_lazy("In person"),
    "ask_invitee": gettext_lazy("The invitee is asked"),
    "custom": gettext_lazy("Another place"),
}


def was(drift: Drift) -> list[str]:
    """One line for each part of it."""
    return _WORDS[Fact(drift.fact)](drift.accepted)


def is_now(drift: Drift) -> list[str]:
    """The same for what Calendly says now."""
    return _WORDS[Fact(drift.fact)](drift.now)


def in_short(facts: list[str]) -> str:
    """The names of facts, such as "Name, Duration"."""
    known = [str(Fact(fact).label) for fact in facts if fact in Fact.values]
    return ", ".join(known)


def _name(value: Any) -> list[str]:
    return [str(value) or "–"]


def _duration(value: Any) -> list[str]:
    return [_("%(minutes)s min") % {"minutes": ", ".join(str(each) for each in value)}]


def _locations(value: Any) -> list[str]:
    return [_place(each) for each in value] or [_("None")]


def _place(location: dict[str, Any]) -> str:
    kind = location.get("kind", "")
    said = [str(_KINDS.get(kind, kind)), location.get("location", "")]
    return ": ".join(filter(None, said))


def _questions(value: Any) -> list[str]:
    return [_question(each) for each in value] or [_("None")]


def _question(question: dict[str, Any]) -> str:
    details = [_("required")] if question.get("required") else []
    details += question.get("answer_choices") or []
    if not question.get("enabled", True):
        details.append(_("not asked"))
    said = question.get("name", "")
    return f"{said} ({', '.join(details)})" if details else str(said)


def _switch(value: Any) -> list[str]:
    return [_("On") if value else _("Off")]


def _existence(value: Any) -> list[str]:
    return [_("There") if value else _("Gone from Calendly")]


_WORDS: dict[Fact, Callable[[Any], list[str]]] = {
    Fact.NAME: _name,
    Fact.DURATION: _duration,
    Fact.LOCATIONS: _locations,
    Fact.QUESTIONS: _questions,
    Fact.ACTIVE: _switch,
    Fact.EXISTS: _existence,
}
