"""The audit trail of what is offered: what editors accepted of Calendly's changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from wagtail_calendly.snippets import drift_words
from wagtail_calendly.snippets.models import EventType, SessionType

ACCEPTED = "wagtail_calendly.session_type.accepted"
REPLACED = "wagtail_calendly.session_type.replaced"


def accepted(session_type: SessionType, facts: list[str], user: Any) -> None:
    """An editor has looked at these changes and is content with them."""
    log(instance=session_type, action=ACCEPTED, user=user, data={"facts": facts})


def replaced(session_type: SessionType, old: EventType, new: EventType, user: Any) -> None:
    """An editor put another event type in the place of this one."""
    data = {"from": str(old), "to": str(new)}
    log(instance=session_type, action=REPLACED, user=user, data=data)


def register(actions: LogActionRegistry) -> None:
    """For Wagtail's hook `register_log_actions`."""
    actions.register_action(ACCEPTED)(Accepted)
    actions.register_action(REPLACED)(Replaced)


class Accepted(LogFormatter):
    """How it reads in the history."""

    label = gettext_lazy("Changes at Calendly accepted")

    def format_message(self, log_entry: Any) -> str:
        facts = drift_words.in_short(log_entry.data.get("facts", []))
        return _("Accepted what changed at Calendly: %(facts)s") % {"facts": facts}


class Replaced(LogFormatter):
    """How it reads in the history."""

    label = gettext_lazy("Event type replaced")

    def format_message(self, log_entry: Any) -> str:
        return _("Put “%(to)s” in the place of the event type “%(from)s”") % {
            "from": log_entry.data.get("from", ""),
            "to": log_entry.data.get("to", ""),
        }
