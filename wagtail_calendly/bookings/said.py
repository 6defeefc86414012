"""What Calendly says of an invitee and an event, as columns of `Appointment`, and which saying counts more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Q

from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Appointment
from wagtail_calendly.calendly import Invitee, ScheduledEvent
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.exceptions import InvalidReference

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Key(NamedTuple):
    """How much a saying counts; the largest wins as a whole. Canceled is final, so it beats everything."""

    is_canceled: bool
    updated_at: datetime
    observed_at: datetime
    digest: str


class Register(NamedTuple):
    """One half of an appointment's row: the columns said together, and how much they count."""

    name: str
    key: Key
    columns: Mapping[str, Any]

    def is_news_to(self, row: Appointment) -> bool:
        """Whether this counts more than what the row holds."""
        return not getattr(row, f"{self.name}_digest") or _stored_key(row, self.name) < self.key

    def outranks(self) -> Q:
        """The same question, asked by the database while it writes."""
        canceled, updated_at, observed_at, digest = self.key
        name = self.name
        lower = Q(**{f"{name}_digest__lt": digest})
        for column, value in (("observed_at", observed_at), ("updated_at", updated_at)):
            same = Q(**{f"{name}_{column}": value})
            lower = Q(**{f"{name}_{column}__lt": value}) | (same & lower)
        not_canceled = ~Q(**{f"{name}_status": CANCELED})
        counts = not_canceled | lower if canceled else not_canceled & lower
        return Q(**{f"{name}_digest": ""}) | counts

    def assignments(self) -> dict[str, Any]:
        """The columns to write, the key among them."""
        return {
            **self.columns,
            f"{self.name}_updated_at": self.key.updated_at,
            f"{self.name}_observed_at": self.key.observed_at,
            f"{self.name}_digest": self.key.digest,
        }


def of_invitee(invitee: Invitee) -> Register:
    """The register of what is said of the invitee."""
    cancellation = invitee.cancellation
    columns = {
        "name": invitee.name or f"{invitee.first_name} {invitee.last_name}".strip(),
        "email": invitee.email,
        "timezone": invitee.timezone,
        "questions_and_answers": [
            answer.model_dump(mode="json") for answer in invitee.questions_and_answers
        ],
        "tracking": invitee.tracking.model_dump(exclude_none=True),
        "reference": _valid_text(invitee.tracking.utm_content),
        "cancel_url": _web_address(invitee.cancel_url),
        "reschedule_url": _web_address(invitee.reschedule_url),
        "invitee_status": invitee.status,
        "rescheduled": invitee.rescheduled,
        "old_invitee_uri": invitee.old_invitee or "",
        "new_invitee_uri": invitee.new_invitee or "",
        "canceler_type": cancellation.canceler_type if cancellation else "",
        "canceled_at": cancellation.created_at if cancellation else None,
        "cancel_reason": cancellation.reason if cancellation else "",
        "no_show_uri": invitee.no_show.uri if invitee.no_show else "",
        "invitee_created_at": invitee.created_at,
    }
    return _register("invitee", invitee, columns)


def of_event(event: ScheduledEvent) -> Register:
    """The register of what is said of the event."""
    columns = {
        "event_status": event.status,
        "event_type_uri": event.event_type,
        "start_time": event.start_time,
        "end_time": event.end_time,
        "location": event.location.model_dump(exclude_defaults=True) if event.location else {},
        "hosts": [{"uri": host.user, "name": host.user_name} for host in event.event_memberships],
    }
    return _register("event", event, columns)


def _register(name: str, said: Invitee | ScheduledEvent, columns: dict[str, Any]) -> Register:
    columns = {column: _fitting(column, value) for column, value in columns.items()}
    canonical = json.dumps(columns, sort_keys=True, default=str)
    key = Key(
        said.is_canceled,
        said.updated_at or said.created_at or _LONG_AGO,
        said.observed_at,
        hashlib.sha256(canonical.encode()).hexdigest(),
    )
    return Register(name, key, columns)


def _stored_key(row: Appointment, name: str) -> Key:
    return Key(
        getattr(row, f"{name}_status") == CANCELED,
        getattr(row, f"{name}_updated_at"),
        getattr(row, f"{name}_observed_at"),
        getattr(row, f"{name}_digest"),
    )


def _valid_text(text: str | None) -> str:
    """The text if it is a reference that we minted."""
    try:
        return references.read(text or "").text
    except InvalidReference:
        return ""


def _web_address(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""


def _fitting(column: str, value: Any) -> Any:
    """Text no longer than its column: PostgreSQL refuses what is."""
    if not isinstance(value, str):
        return value
    return value[: getattr(Appointment._meta.get_field(column), "max_length", None)]
