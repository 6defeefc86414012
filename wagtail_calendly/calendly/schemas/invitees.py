"""Who booked: invitees, their answers, and the request to book one."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from wagtail_calendly.calendly.schemas.base import (
    ACTIVE,
    CANCELED,
    Moment,
    Private,
    PrivateList,
    Resource,
    Schema,
    Whole,
    wire_time,
)
from wagtail_calendly.calendly.schemas.locations import Location
from wagtail_calendly.calendly.schemas.scheduled_events import Cancellation, ScheduledEvent

Amount = Annotated[Decimal, BeforeValidator(str)]  # a number until 2023, a string since


class QuestionAndAnswer(Schema):
    """What the invitee answered to one question."""

    question: str = ""
    answer: str = Private
    position: Whole = 0


class Tracking(Schema):
    """The campaign parameters of the booking page's address; `utm_content` carries our reference."""

    utm_campaign: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_content: str | None = None
    utm_term: str | None = None
    salesforce_uuid: str | None = None


class InviteePayment(Schema):
    """What Calendly itself collected through its own payments; `amount` in units of the currency."""

    external_id: str = ""
    provider: str = ""
    amount: Amount | None = None
    currency: str = ""
    terms: str = ""
    successful: bool = False


class NoShow(Schema):
    """The mark that an invitee did not come."""

    uri: str
    invitee: str = ""
    created_at: Moment | None = None


class Invitee(Resource):
    """One person's booking. `cancel_url` and `reschedule_url` let anyone act who holds them: never log them.

    A reschedule ends this one (`rescheduled`, `new_invitee`) and begins another (`old_invitee`).
    `scheduled_event` is there in webhook deliveries only; over HTTP, read `event`.
    """

    event: str
    status: str
    email: str = Private
    name: str = Private
    first_name: str = Private
    last_name: str = Private
    timezone: str = ""
    text_reminder_number: str = Private
    questions_and_answers: tuple[QuestionAndAnswer, ...] = PrivateList
    tracking: Tracking = Tracking()
    rescheduled: bool = False
    old_invitee: str | None = None
    new_invitee: str | None = None
    cancel_url: str = Private
    reschedule_url: str = Private
    cancellation: Cancellation | None = None
    payment: InviteePayment | None = None
    no_show: NoShow | None = None
    scheduling_method: str | None = None
    scheduled_event: ScheduledEvent | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @model_validator(mode="before")
    @classmethod
    def _status_of_old_deliveries(cls, data: Any) -> Any:
        # Deliveries of 2020 to 2023 said it with a bool as well.
        if isinstance(data, dict) and not data.get("status") and "canceled" in data:
            return data | {"status": CANCELED if data["canceled"] else ACTIVE}
        return data

    @property
    def is_canceled(self) -> bool:
        return self.status == CANCELED


class NewInvitee(Schema):
    """What `create_invitee` sends. Needs a `name`, or a `first_name` where the event type asks for both.

    `location` must be one of the event type's own, and stays out for round robin.
    https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-event-invitee
    """

    event_type: str
    start_time: Moment
    timezone: str
    email: str = Field(repr=False)
    name: str = Private
    first_name: str = Private
    last_name: str = Private
    text_reminder_number: str = Private
    location: Location | None = None
    questions_and_answers: tuple[QuestionAndAnswer, ...] = PrivateList
    tracking: Tracking | None = None
    event_guests: tuple[str, ...] = PrivateList

    def body(self) -> dict[str, Any]:
        """The JSON that Calendly expects; of `tracking`, all six keys or none."""
        person = ("name", "first_name", "last_name", "email", "timezone", "text_reminder_number")
        body: dict[str, Any] = {
            "event_type": self.event_type,
            "start_time": wire_time(self.start_time),
            "invitee": {field: value for field in person if (value := getattr(self, field))},
            "questions_and_answers": [item.model_dump() for item in self.questions_and_answers],
            "event_guests": list(self.event_guests),
            "tracking": self.tracking and self.tracking.model_dump(),
            "location": self.location
            and self.location.model_dump(include={"kind", "location"}, exclude_defaults=True),
        }
        return {field: value for field, value in body.items() if value}
