"""The audit trail: one entry of Wagtail's log for each change of a booking, without personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from wagtail_calendly.bookings.models import (
    Appointment,
    Attention,
    Booking,
    Connection,
    PaymentStatus,
    Request,
    Status,
    WebhookDelivery,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CHANGED = "wagtail_calendly.booking.changed"
REQUESTED = "wagtail_calendly.booking.requested"
ADOPTED = "adopted"
GIVEN = "given"
TRIED_AGAIN = "wagtail_calendly.work.tried_again"
ERASED = "wagtail_calendly.person.erased"
EXPORTED = "wagtail_calendly.person.exported"
DISCARDED = "wagtail_calendly.work.discarded"
MENDED = "wagtail_calendly.connection.mended"
NOTED = "wagtail_calendly.booking.noted"
LISTED = "wagtail_calendly.bookings.downloaded"


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


def given(booking: Booking, user: AbstractBaseUser) -> None:
    """Staff gave this booking an appointment that was nobody's."""
    log(instance=booking, action=REQUESTED, user=user, data={"kind": GIVEN})


def tried_again(row: Booking | WebhookDelivery, user: AbstractBaseUser) -> None:
    """Staff had something tried again that was given up."""
    log(instance=row, action=TRIED_AGAIN, user=user)


def person(
    action: str, row: Booking | Appointment, user: AbstractBaseUser | None, **data: str
) -> None:
    """Somebody's data were erased or exported. `data` names them by a keyed hash only, and the reason."""
    log(instance=row, action=action, user=user, data=data)


def discarded(row: Booking | WebhookDelivery, user: AbstractBaseUser, *, reason: str) -> None:
    """Staff decided that what was given up need not happen."""
    log(instance=row, action=DISCARDED, user=user, data={"reason": reason})


def mended(connection: Connection, user: AbstractBaseUser) -> None:
    """Staff had the webhook of an account made or repaired."""
    log(instance=connection, action=MENDED, user=user)


def noted(booking: Booking, user: AbstractBaseUser) -> None:
    """Staff wrote something down; what, stays with the note."""
    log(instance=booking, action=NOTED, user=user)


def listed(user: Any, file: str, filters: list[str]) -> None:
    """Staff downloaded the list of bookings. Of the filters only the names are kept."""
    log(instance=user, action=LISTED, user=user, data={"file": file, "filters": filters})


def register(actions: LogActionRegistry) -> None:
    """For Wagtail's hook `register_log_actions`."""
    actions.register_action(CHANGED)(Changed)
    actions.register_action(REQUESTED)(Requested)
    actions.register_action(TRIED_AGAIN)(TriedAgain)
    actions.register_action(ERASED)(Erased)
    actions.register_action(EXPORTED)(Exported)
    actions.register_action(DISCARDED)(Discarded)
    actions.register_action(MENDED)(Mended)
    actions.register_action(NOTED)(Noted)
    actions.register_action(LISTED)(Listed)


class Changed(LogFormatter):
    """How a change reads in the history."""

    label = gettext_lazy("Booking changed")

    def format_message(self, log_entry: Any) -> str:
        old, new = log_entry.data.get("from", {}), log_entry.data.get("to", {})
        said = [
            words(old.get(name, ""), new[name]) for name, words in _CHANGES.items() if name in new
        ]
        return ". ".join(filter(None, said)) or _("Booking changed")


def _status(old: str, new: str) -> str:
    return _("Changed from “%(old)s” to “%(new)s”") % {
        "old": _label(Status, old),
        "new": _label(Status, new),
    }


def _payment(old: str, new: str) -> str:
    return _("Payment: from “%(old)s” to “%(new)s”") % {
        "old": _label(PaymentStatus, old),
        "new": _label(PaymentStatus, new),
    }


def _attention(old: str, new: str) -> str:
    if not new:
        return _("Nothing needs attention any more")
    return _("Needs attention: %(reasons)s") % {"reasons": "; ".join(Attention.in_words(new))}


def _moved(old: str, new: str) -> str:
    if not (old and new):
        return ""
    return _("Moved to another time")


#: How a change of each column reads.
_CHANGES = {
    "status": _status,
    "payment_status": _payment,
    "starts_at": _moved,
    "attention": _attention,
}


class Requested(LogFormatter):
    """How a request reads in the history."""

    label = gettext_lazy("Asked for")

    def format_message(self, log_entry: Any) -> str:
        kind = log_entry.data.get("kind", "")
        if kind == ADOPTED:
            return _("Made for an appointment that had no booking")
        if kind == GIVEN:
            return _("Was given an appointment that had no booking")
        known = Request.Kind(kind).label if kind in Request.Kind.values else kind
        return _("Asked for: %(what)s") % {"what": known}


class TriedAgain(LogFormatter):
    """How it reads that something was tried again."""

    label = gettext_lazy("Tried again")
    message = gettext_lazy("Had what was given up tried again")


class Erased(LogFormatter):
    """How it reads that somebody's data were erased."""

    label = gettext_lazy("Personal data erased")

    def format_message(self, log_entry: Any) -> str:
        if log_entry.data.get("because") == "retention":
            return _("Personal data erased: kept as long as the site says")
        return str(self.label)


class Exported(LogFormatter):
    """How it reads that somebody's data were exported."""

    label = gettext_lazy("Personal data exported")
    message = gettext_lazy("Personal data exported")


class Discarded(LogFormatter):
    """How it reads that something need not happen."""

    label = gettext_lazy("Discarded")

    def format_message(self, log_entry: Any) -> str:
        reason = log_entry.data.get("reason", "")
        if not reason:
            return _("Discarded what was given up")
        return _("Discarded what was given up: %(reason)s") % {"reason": reason}


class Mended(LogFormatter):
    """How it reads that a webhook was made or repaired."""

    label = gettext_lazy("Connection mended")
    message = gettext_lazy("Had the webhook made or repaired")


class Noted(LogFormatter):
    """How it reads that something was written down."""

    label = gettext_lazy("Note added")
    message = gettext_lazy("Added a note")


class Listed(LogFormatter):
    """How it reads that the list was downloaded."""

    label = gettext_lazy("Bookings downloaded")
    message = gettext_lazy("Downloaded the list of bookings")


def _label(values: type[Status | PaymentStatus], value: str) -> str:
    return str(values(value).label) if value in values.values else value
