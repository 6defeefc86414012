"""How far the syncs of all accounts are, in words for the admin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.snippets.models import EventType

#: A sync that said nothing for so long is not coming back: ten calls take seconds.
STALLED_AFTER = timedelta(minutes=5)


@dataclass
class Progress:
    """Where one account's sync stands. `state`: never, waiting, running, stalled, failed, done."""

    alias: str
    state: str
    sentence: str
    at: datetime | None = None
    problem: str = ""
    details: list[str] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        return self.state in ("waiting", "running")


def of_all_accounts() -> list[Progress]:
    """One entry for each account that has a token."""
    aliases = health.configured()
    notes = dict(Connection.objects.filter(account__in=aliases).values_list("account", "last_sync"))
    return [_read(alias, notes.get(alias) or {}) for alias in aliases]


def _read(alias: str, note: dict[str, Any]) -> Progress:
    if not note:
        return Progress(alias, "never", _("Event types were never read from Calendly."))
    at, state = datetime.fromisoformat(note["noted_at"]), note["state"]
    if state in ("waiting", "running") and timezone.now() - at > STALLED_AFTER:
        state = "stalled"
    return Progress(
        alias,
        state,
        _sentence(state, note),
        at=at,
        problem=note.get("problem", ""),
        details=_details(note) if state == "done" else [],
    )


def _sentence(state: str, note: dict[str, Any]) -> str:
    seen = note["seen"]
    if state == "waiting":
        return _("Waiting to begin…")
    if state == "running":
        return ngettext(
            "Reading from Calendly: %(seen)s event type so far…",
            "Reading from Calendly: %(seen)s event types so far…",
            seen,
        ) % {"seen": seen}
    if state == "stalled":
        return _("The sync was begun and never ended. Check that a worker runs, then sync again.")
    if state == "failed":
        return _("The sync failed. What was read before is kept; nothing was marked as gone.")
    return _result(seen, note["counts"])


def _result(seen: int, counts: dict[str, int]) -> str:
    total = ngettext("%(seen)s event type", "%(seen)s event types", seen) % {"seen": seen}
    parts = {
        "created": _("%(count)s new"),
        "changed": _("%(count)s changed"),
        "missing": _("%(count)s gone"),
        "returned": _("%(count)s back again"),
    }
    found = [text % {"count": counts[key]} for key, text in parts.items() if counts[key]]
    return _("%(total)s: %(found)s.") % {
        "total": total,
        "found": ", ".join(found) or _("nothing changed"),
    }


def _details(note: dict[str, Any]) -> list[str]:
    """The first few event types that differ, by name, with the fields that changed."""
    uris = {*note["created"], *note["changed"], *note["missing"]}
    rows = {row.uri: row for row in EventType.objects.filter(uri__in=uris)}
    lines = [(uri, _("new")) for uri in note["created"]]
    lines += [(uri, _columns(names)) for uri, names in note["changed"].items()]
    lines += [(uri, _("gone from Calendly")) for uri in note["missing"]]
    return [f"{rows[uri]}: {what}" for uri, what in lines if uri in rows]


def _columns(names: list[str]) -> str:
    """Column names as people read them; the time stamp says nothing by itself."""
    fields = [EventType._meta.get_field(name) for name in names if name != "remote_updated_at"]
    return ", ".join(str(getattr(column, "verbose_name", "")) for column in fields) or _("touched")
