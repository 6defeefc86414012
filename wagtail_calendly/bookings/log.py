"""The audit trail: one entry of Wagtail's log for each change of a booking, without personal data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from wagtail_calendly.bookings.models import Booking, Request, Status

CHANGED = "wagtail_calendly.booking.changed"
REQUESTED = "wagtail_calendly.booking.requested"
ADOPTED = "adopted"


def changed(booking: Booking, *, old: dict[str, Any], new: dict[str, Any], because: str) -> None:
    """One change: `from` and `to` hold what differs (status, payment_status, attention, starts_at)."""
    log(instance=booking, action=CHANGED, data={"from": old, "to": new, "because": because})


def requested(booking: Booking, request: Request) -> None:
    """Somebody asked for something: what, and until when or how much; a reason in words stays with the request."""
    said = {
        "kind": request.kind,
        "total": request.total,
        "until": request.until and request.until.isoformat(),
        "code": request.code,
    }
    data = {name: value for name, value in said.items() if value not in (None, "")}
    log(instance=booking, action=REQUESTED, user=request.user, data=data)


def adopted(booking: Booking, user: Any) -> None:
    """Staff gave an appointment that was nobody's a booking of its own."""
    log(instance=booking, action=REQUESTED, user=user, data={"kind": ADOPTED})


def register(actions: LogActionRegistry) -> None:
    """For Wagtail's hook `register_log_actions`."""
    actions.register_action(CHANGED)(Changed)
    actions.register_action(REQUESTED)(Requested)


class Changed(LogFormatter):
    """How a change reads in the history."""

    label = gettext_lazy("Booking changed")

    def format_message(self, log_entry: Any) -> str:
        old, new = log_entry.data.get("from", {}), log_entry.data.get("to", {})
        if "status" in new:
            return _("Changed from “%(old)s” to “%(new)s”") % {
                "old": _label(old.get("status")),
                "new": _label(new["status"]),
            }
        if "starts_at" in new:
            return _("Moved to another time")
        return _("Booking changed")


class Requested(LogFormatter):
    """How a request reads in the history."""

    label = gettext_lazy("Asked for")

    def format_message(self, log_entry: Any) -> str:
        kind = log_entry.data.get("kind", "")
        if kind == ADOPTED:
            return _("Made for an appointment that had no booking")
        known = Request.Kind(kind).label if kind in Request.Kind.values else kind
        return _("Asked for: %(what)s") % {"what": known}


def _label(status: str | None) -> str:
    return str(Status(status).label) if status in Status.values else str(status or "")
