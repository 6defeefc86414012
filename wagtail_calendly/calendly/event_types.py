"""Endpoints of what can be booked: event types, free times, single-use links.

https://developer.calendly.com/api-docs/calendly-api/event-types
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wagtail_calendly.calendly import uris
from wagtail_calendly.calendly.calls import Calls, as_words
from wagtail_calendly.calendly.connection import Call
from wagtail_calendly.calendly.schemas import AvailableTime, EventType, SchedulingLink


class EventTypeCalls(Calls):
    """Scopes: `event_types:read`, `availability:read`, `scheduling_links:write`."""

    def event_type_pages(
        self,
        *,
        organization: str | None = None,
        user: str | None = None,
        active: bool | None = None,
    ) -> Iterator[list[EventType]]:
        """Event types of an organization or a user (URIs, at least one), 100 a page."""
        if not (organization or user):
            raise ValueError("Name an organization or a user.")
        query = {"organization": organization, "user": user, "active": active}
        return self._pages(EventType, "/event_types", query)

    def event_types(
        self,
        *,
        organization: str | None = None,
        user: str | None = None,
        active: bool | None = None,
    ) -> Iterator[EventType]:
        """Event types of an organization or a user, one by one."""
        for page in self.event_type_pages(organization=organization, user=user, active=active):
            yield from page

    def event_type(self, uri: str) -> EventType:
        """One event type; a deleted one is answered too, with `deleted_at`."""
        return self._one(EventType, Call("GET", "/event_types/{id}", (uris.event_type_id(uri),)))

    def available_times(
        self, event_type_uri: str, start: datetime, end: datetime
    ) -> list[AvailableTime]:
        """Free times from `start` (in the future) to `end`, at most 31 days later."""
        uris.event_type_id(event_type_uri)
        query = as_words({"event_type": event_type_uri, "start_time": start, "end_time": end})
        times, _ = self._list(
            AvailableTime, Call("GET", "/event_type_available_times", query=query)
        )
        return times

    def create_scheduling_link(self, event_type_uri: str) -> SchedulingLink:
        """A link for one booking. Never repeated blindly: each call makes another link."""
        uris.event_type_id(event_type_uri)
        body = {"max_event_count": 1, "owner": event_type_uri, "owner_type": "EventType"}
        return self._one(SchedulingLink, Call("POST", "/scheduling_links", body=body))
