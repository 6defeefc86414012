"""API: booking by `POST /invitees`, with the refusals of the Scheduling API.

https://developer.calendly.com/release-notes/2025/10/15.md
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from wagtail_calendly.simulator.calendly import shapes, slots
from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.booking import Details, SlotTakenError
from wagtail_calendly.simulator.calendly.errors import ApiError, InvalidParametersError, detail
from wagtail_calendly.simulator.calendly.paging import resource
from wagtail_calendly.simulator.calendly.params import (
    Field,
    choice,
    email,
    integer,
    list_of,
    mapping,
    text,
    time,
    timezone,
    uri,
)
from wagtail_calendly.simulator.calendly.state import TRACKING_KEYS, EventType

KINDS_WITH_ADDRESS = ("physical", "outbound_call", "ask_invitee", "custom")
KINDS_ALONE = (
    "zoom_conference", "google_conference", "gotomeeting_conference",
    "microsoft_teams_conference", "webex_conference", "inbound_call",
)  # fmt: skip
GONE = "The selected time is no longer available."


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string")
    return value


INVITEE = {
    "email": Field(email, required=True),
    "timezone": Field(timezone, required=True),
    "name": Field(text(255), nullable=True),
    "first_name": Field(text(255), nullable=True),
    "last_name": Field(text(255), nullable=True),
    "text_reminder_number": Field(text(40), nullable=True),
}
ANSWER = {
    "question": Field(text(), required=True),
    "answer": Field(_string, required=True),
    "position": Field(integer(0, 9), required=True),
}
TRACKING = {key: Field(_string, required=True, nullable=True) for key in TRACKING_KEYS}
LOCATION = {
    "kind": Field(choice(*KINDS_WITH_ADDRESS, *KINDS_ALONE), required=True),
    "location": Field(text(), nullable=True),
}
BODY = {
    "event_type": Field(uri("event_types/*"), required=True),
    "start_time": Field(time, required=True),
    "invitee": Field(mapping(INVITEE), required=True),
    "location": Field(mapping(LOCATION), nullable=True),
    "questions_and_answers": Field(list_of(mapping(ANSWER), 10), nullable=True),
    "tracking": Field(mapping(TRACKING), nullable=True),
    "event_guests": Field(list_of(email, 10), nullable=True),
}


async def create_invitee(call: Call) -> Response:
    sent = await call.body(BODY)
    event_type = call.calendly.event_types.get(sent["event_type"].rpartition("/")[2])
    if event_type is None or event_type.deleted_at:
        raise ApiError(404)
    _refuse_unbookable(event_type)
    wrong = [
        *_wrong_name(sent["invitee"]),
        *_wrong_location(event_type, sent.get("location")),
        *_wrong_answers(event_type, sent.get("questions_and_answers") or []),
    ]
    if wrong:
        raise InvalidParametersError(wrong)
    start, taken = sent["start_time"], ApiError(409, GONE)
    if not slots.seats_left(call.calendly, event_type, start):
        raise taken
    if not call.desk.is_offered(event_type, start):
        raise InvalidParametersError([detail("start_time", "is not an available time")])
    try:
        booked = call.desk.book(event_type, start, _details(sent))
    except SlotTakenError:
        raise taken from None
    return resource(shapes.invitee(call.calendly, booked), 201)


def _refuse_unbookable(event_type: EventType) -> None:
    if not event_type.active:
        raise InvalidParametersError([detail("event_type", "is not active")])
    if event_type.is_paid:
        raise InvalidParametersError([detail("event_type", "takes payment at Calendly")])


def _wrong_name(invitee: dict[str, Any]) -> list[dict[str, str]]:
    if invitee.get("name") or invitee.get("first_name"):
        return []
    return [detail("invitee.name", "or first_name must be filled", "missing")]


def _wrong_location(event_type: EventType, location: dict[str, Any] | None) -> list[dict[str, str]]:
    if event_type.pooling_type == "round_robin":
        return [detail("location", "must be left out for round robin")] if location else []
    offered = [offer["kind"] for offer in event_type.locations or []]
    if location is None:
        return [detail("location", "must be filled", "missing")] if len(offered) > 1 else []
    if location["kind"] not in offered:
        return [detail("location.kind", "is not offered by the event type")]
    if location["kind"] in KINDS_WITH_ADDRESS and not location.get("location"):
        return [detail("location.location", "must be filled", "missing")]
    return []


def _wrong_answers(event_type: EventType, answers: list[dict[str, Any]]) -> list[dict[str, str]]:
    answered = {answer["question"] for answer in answers if answer["answer"].strip()}
    asked = {question["name"] for question in event_type.custom_questions}
    unknown = [detail("questions_and_answers", f"unknown: {name}") for name in answered - asked]
    return unknown + [
        detail("questions_and_answers", f"must answer: {question['name']}", "missing")
        for question in event_type.custom_questions
        if question["enabled"] and question["required"] and question["name"] not in answered
    ]


def _details(sent: dict[str, Any]) -> Details:
    invitee = sent["invitee"]
    first, last = invitee.get("first_name"), invitee.get("last_name")
    return Details(
        name=invitee.get("name") or " ".join(filter(None, [first, last])),
        email=invitee["email"],
        timezone=invitee["timezone"],
        first_name=first,
        last_name=last,
        text_reminder_number=invitee.get("text_reminder_number"),
        answers=sent.get("questions_and_answers") or [],
        tracking=sent.get("tracking") or {},
        guests=sent.get("event_guests") or [],
        location=sent.get("location"),
        scheduling_method="api",
    )
