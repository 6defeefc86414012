"""What is booked: scheduled events and what became of them."""

from __future__ import annotations

from wagtail_calendly.calendly.schemas.base import (
    CANCELED,
    Moment,
    Private,
    PrivateList,
    Resource,
    Schema,
    Whole,
)
from wagtail_calendly.calendly.schemas.locations import Location


class Cancellation(Schema):
    """Who canceled, when and why. `canceler_type`: host or invitee; absent in deliveries before 2023."""

    canceled_by: str = Private
    reason: str = Private
    canceler_type: str = ""
    created_at: Moment | None = None


class InviteesCounter(Schema):
    """How many are booked on an event, and how many fit."""

    total: Whole = 0
    active: Whole = 0
    limit: Whole = 0


class EventMembership(Schema):
    """A host of a scheduled event."""

    user: str = ""
    user_email: str = Private
    user_name: str = ""


class EventGuest(Schema):
    """A guest whom the invitee added."""

    email: str = Private


class ScheduledEvent(Resource):
    """A meeting. It may have several invitees; canceling it cancels all of them."""

    name: str = ""
    status: str
    start_time: Moment
    end_time: Moment
    event_type: str = ""
    location: Location | None = None
    invitees_counter: InviteesCounter = InviteesCounter()
    event_memberships: tuple[EventMembership, ...] = ()
    event_guests: tuple[EventGuest, ...] = PrivateList
    cancellation: Cancellation | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @property
    def is_canceled(self) -> bool:
        return self.status == CANCELED
