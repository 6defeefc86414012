"""What can be booked: event types, their free times, links to them."""

from __future__ import annotations

from pydantic import Field

from wagtail_calendly.calendly.schemas.base import Moment, Resource, Schema, Whole
from wagtail_calendly.calendly.schemas.locations import Location


class CustomQuestion(Schema):
    """A question the booking page asks. `type`: string, text, phone_number, single_select, multi_select."""

    name: str = ""
    type: str = "string"
    position: Whole = 0
    enabled: bool = True
    required: bool = False
    answer_choices: tuple[str, ...] = ()
    include_other: bool = False


class Profile(Schema):
    """Whose page an event type is on: a User's or a Team's."""

    type: str = ""
    name: str = ""
    owner: str = ""


class EventType(Resource):
    """What can be booked. `duration` in minutes; `deleted_at` is set for a deleted one that is read."""

    name: str = ""
    slug: str = ""
    active: bool = True
    scheduling_url: str = ""
    duration: Whole = 0
    duration_options: tuple[Whole, ...] = ()
    kind: str = "solo"
    pooling_type: str = ""
    type: str = ""
    booking_method: str = "instant"
    color: str = ""
    internal_note: str = ""
    description_plain: str = ""
    description_html: str = ""
    profile: Profile | None = None
    secret: bool = False
    admin_managed: bool = False
    is_paid: bool = False
    locations: tuple[Location, ...] = ()
    custom_questions: tuple[CustomQuestion, ...] = ()
    position: Whole = 0
    locale: str = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None
    deleted_at: Moment | None = None

    @property
    def is_group(self) -> bool:
        return self.kind == "group"


class AvailableTime(Schema):
    """A time that was free when it was read; not a hold. `scheduling_url` opens the form on it."""

    start_time: Moment
    status: str = ""
    invitees_remaining: Whole = 0
    scheduling_url: str = ""


class SchedulingLink(Schema):
    """A booking page that dies after one booking."""

    booking_url: str = Field(repr=False)
    owner: str = ""
    owner_type: str = ""
