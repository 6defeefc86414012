"""API: event types, their free times, and single-use scheduling links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator.calendly import shapes, slots
from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.errors import ApiError, InvalidParametersError, detail
from wagtail_calendly.simulator.calendly.paging import PAGING, paginate, resource
from wagtail_calendly.simulator.calendly.params import (
    Field,
    boolean,
    choice,
    integer,
    time,
    uri,
)
from wagtail_calendly.simulator.calendly.state import EventType, SchedulingLink, new_id

SORTS = [
    f"{name}:{way}"
    for name in ("name", "position", "created_at", "updated_at")
    for way in ("asc", "desc")
]
LONGEST_WINDOW = timedelta(days=31)


async def list_event_types(call: Call) -> Response:
    asked = call.query(
        {
            "organization": Field(uri("organizations/*")),
            "user": Field(uri("users/*")),
            "active": Field(boolean),
            "admin_managed": Field(boolean),
            "user_availability_schedule": Field(uri("user_availability_schedules/*")),
            "sort": Field(choice(*SORTS)),
            **PAGING,
        }
    )
    _check_owner(call, asked)
    found = [et for et in call.calendly.event_types.values() if _matches(et, asked)]
    key, _, way = asked.get("sort", "name:asc").partition(":")
    found.sort(key=lambda et: getattr(et, key), reverse=way == "desc")
    return paginate(call, found, asked, lambda et: shapes.event_type(call.calendly, et))


def _check_owner(call: Call, asked: dict[str, Any]) -> None:
    if "organization" not in asked and "user" not in asked:
        raise InvalidParametersError([detail("organization", "or user must be filled", "missing")])
    if "user_availability_schedule" in asked and "user" not in asked:
        raise InvalidParametersError([detail("user", "must be filled", "missing")])
    if "organization" in asked:
        call.may_see_organization(asked["organization"])
    if "user" in asked:
        call.may_see_user(asked["user"])


def _matches(event_type: EventType, asked: dict[str, Any]) -> bool:
    hosts = [host.uri for host in event_type.hosts]
    return (
        event_type.deleted_at is None
        and asked.get("user", hosts[0]) in hosts
        and asked.get("active", event_type.active) == event_type.active
        and not asked.get("admin_managed", False)
    )


async def get_event_type(call: Call) -> Response:
    call.query({})
    return resource(shapes.event_type(call.calendly, _find(call, call.id())))


def _find(call: Call, id_or_uri: str) -> EventType:
    event_type = call.calendly.event_types.get(id_or_uri.rpartition("/")[2])
    if event_type is None:
        raise ApiError(404)
    return event_type


async def list_available_times(call: Call) -> Response:
    asked = call.query(
        {
            "event_type": Field(uri("event_types/*"), required=True),
            "start_time": Field(time, required=True),
            "end_time": Field(time, required=True),
        }
    )
    start, end = asked["start_time"], asked["end_time"]
    wrong = []
    if start <= call.calendly.clock.now():
        wrong.append(detail("start_time", "must be in the future"))
    if end <= start:
        wrong.append(detail("end_time", "must be after start_time"))
    if end - start > LONGEST_WINDOW:
        wrong.append(detail("end_time", "must be within 31 days of start_time"))
    if wrong:
        raise InvalidParametersError(wrong)
    event_type = _find(call, asked["event_type"])
    free = slots.free_slots(call.calendly, event_type, start, end)
    return JSONResponse({"collection": [_available(call, event_type, slot) for slot in free]})


def _available(call: Call, event_type: EventType, slot: slots.Slot) -> dict[str, Any]:
    start = f"{slot.start:%Y-%m-%dT%H:%M:%SZ}"
    page = f"{call.calendly.public_origin}/{event_type.hosts[0].slug}/{event_type.slug}"
    return {
        "status": "available",
        "invitees_remaining": slot.invitees_remaining,
        "start_time": start,
        "scheduling_url": f"{page}/{start}?month={start[:7]}&date={start[:10]}",
    }


async def create_scheduling_link(call: Call) -> Response:
    sent = await call.body(
        {
            "max_event_count": Field(integer(1, 1), required=True),
            "owner": Field(uri("event_types/*"), required=True),
            "owner_type": Field(choice("EventType"), required=True),
        }
    )
    event_type = _find(call, sent["owner"])
    if event_type.deleted_at:
        raise ApiError(404)
    link = SchedulingLink(new_id(), event_type)
    call.calendly.links[link.id] = link
    return resource(
        {
            "booking_url": f"{call.calendly.public_origin}/d/{link.id}/{event_type.slug}",
            "owner": event_type.uri,
            "owner_type": "EventType",
        },
        201,
    )
