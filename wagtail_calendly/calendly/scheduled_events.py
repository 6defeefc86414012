"""Endpoints of what is booked: scheduled events, invitees, no-shows.

https://developer.calendly.com/api-docs/calendly-api/scheduled-events
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wagtail_calendly.calendly import uris
from wagtail_calendly.calendly.calls import Calls
from wagtail_calendly.calendly.connection import Call
from wagtail_calendly.calendly.errors import CalendlyPermissionError
from wagtail_calendly.calendly.schemas import (
    Cancellation,
    Invitee,
    NewInvitee,
    NoShow,
    ScheduledEvent,
)


class ScheduledEventCalls(Calls):
    """Scopes: `scheduled_events:read`; to cancel, book and mark no-shows `scheduled_events:write`."""

    def scheduled_events(
        self,
        *,
        organization: str | None = None,
        user: str | None = None,
        status: str | None = None,
        min_start_time: datetime | None = None,
        max_start_time: datetime | None = None,
        invitee_email: str | None = None,
    ) -> Iterator[ScheduledEvent]:
        """Events of an organization (its owners and admins only) or a user, by start time.

        `status` is active or canceled; without it both come. There is no filter by time of change.
        """
        if not (organization or user):
            raise ValueError("Name an organization or a user.")
        query = {
            "organization": organization,
            "user": user,
            "status": status,
            "min_start_time": min_start_time,
            "max_start_time": max_start_time,
            "invitee_email": invitee_email,
            "sort": "start_time:asc",
        }
        for page in self._pages(ScheduledEvent, "/scheduled_events", query):
            yield from page

    def scheduled_event(self, uri: str) -> ScheduledEvent:
        """One event."""
        return self._one(
            ScheduledEvent, Call("GET", "/scheduled_events/{id}", (uris.event_id(uri),))
        )

    def cancel_event(self, uri: str, reason: str = "") -> Cancellation:
        """Cancel a whole event, for all its invitees. One that is canceled already counts as done.

        Calendly mails the `reason` to the invitees; it takes up to 10,000 characters.
        """
        path = "/scheduled_events/{id}/cancellation"
        body = {"reason": reason} if reason else {}
        try:
            return self._one(Cancellation, Call("POST", path, (uris.event_id(uri),), body=body))
        except CalendlyPermissionError as error:
            # https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-scheduled-event-cancellation
            if "already canceled" not in error.vendor_message:
                raise
        return self.scheduled_event(uri).cancellation or Cancellation()

    def invitees(
        self, event_uri: str, *, status: str | None = None, email: str | None = None
    ) -> Iterator[Invitee]:
        """The invitees of an event, in the order of their booking."""
        query = {"status": status, "email": email, "sort": "created_at:asc"}
        path = "/scheduled_events/{id}/invitees"
        for page in self._pages(Invitee, path, query, uris.event_id(event_uri)):
            yield from page

    def invitee(self, uri: str) -> Invitee:
        """One invitee."""
        path = "/scheduled_events/{id}/invitees/{id}"
        return self._one(Invitee, Call("GET", path, uris.invitee_ids(uri)))

    def create_invitee(self, new: NewInvitee) -> Invitee:
        """Book a time. Never repeated blindly: after `CalendlyUnavailable`, look for the booking first.

        A taken time is `CalendlyConflict` or `CalendlyInvalidRequest`. Small limits of its own apply.
        """
        uris.event_type_id(new.event_type)
        return self._one(Invitee, Call("POST", "/invitees", body=new.body(), counts=False))

    def create_no_show(self, invitee_uri: str) -> NoShow:
        """Mark an invitee as one who did not come."""
        uris.invitee_ids(invitee_uri)
        return self._one(NoShow, Call("POST", "/invitee_no_shows", body={"invitee": invitee_uri}))

    def delete_no_show(self, uri: str) -> None:
        """Take a no-show mark back. One that is gone already counts as done."""
        self._delete("/invitee_no_shows/{id}", uris.no_show_id(uri))
