"""API: scheduled events, their invitees, cancellation and no-shows."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from wagtail_calendly.simulator.calendly import shapes
from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.errors import ApiError, InvalidParametersError, detail
from wagtail_calendly.simulator.calendly.paging import PAGING, paginate, resource
from wagtail_calendly.simulator.calendly.params import Field, choice, email, text, time, uri
from wagtail_calendly.simulator.calendly.state import Invitee, ScheduledEvent

STATUS = Field(choice("active", "canceled"))


async def list_events(call: Call) -> Response:
    asked = call.query(
        {
            "organization": Field(uri("organizations/*")),
            "user": Field(uri("users/*")),
            "group": Field(uri("groups/*")),
            "invitee_email": Field(email),
            "status": STATUS,
            "min_start_time": Field(time),
            "max_start_time": Field(time),
            "sort": Field(choice("start_time:asc", "start_time:desc")),
            **PAGING,
        }
    )
    _check_owner(call, asked)
    found = [event for event in call.calendly.events.values() if _matches(event, asked)]
    found.sort(key=lambda event: event.start, reverse=asked.get("sort") == "start_time:desc")
    return paginate(call, found, asked, shapes.scheduled_event)


def _check_owner(call: Call, asked: dict[str, Any]) -> None:
    if not asked.keys() & {"organization", "user", "group"}:
        raise InvalidParametersError([detail("organization", "or user must be filled", "missing")])
    if "group" in asked:
        raise ApiError(403)
    if "organization" in asked:
        call.may_see_organization(asked["organization"])
    if "user" in asked:
        call.may_see_user(asked["user"])


def _matches(event: ScheduledEvent, asked: dict[str, Any]) -> bool:
    wanted = asked.get("invitee_email")
    return (
        asked.get("user", event.host.uri) == event.host.uri
        and asked.get("status", event.status) == event.status
        and asked.get("min_start_time", event.start) <= event.start
        and event.start <= asked.get("max_start_time", event.start)
        and (wanted is None or any(invitee.email == wanted for invitee in event.invitees))
    )


def _event(call: Call) -> ScheduledEvent:
    event = call.calendly.events.get(call.id())
    if event is None:
        raise ApiError(404)
    if event.host is not call.caller and not call.is_admin:
        raise ApiError(403)
    return event


async def get_event(call: Call) -> Response:
    call.query({})
    return resource(shapes.scheduled_event(_event(call)))


async def cancel_event(call: Call) -> Response:
    sent = await call.body({"reason": Field(text(10_000), nullable=True)})
    event = _event(call)
    if event.cancellation:
        raise ApiError(403, "Event is already canceled")
    if event.end <= call.calendly.clock.now():
        raise ApiError(403, "Event in the past")
    made = call.desk.cancel_event(event, "host", call.caller.name, sent.get("reason"))
    return resource(shapes.cancellation(made), 201)


async def list_invitees(call: Call) -> Response:
    asked = call.query(
        {
            "status": STATUS,
            "email": Field(email),
            "sort": Field(choice("created_at:asc", "created_at:desc")),
            **PAGING,
        }
    )
    found = [
        invitee
        for invitee in _event(call).invitees
        if asked.get("status", invitee.status) == invitee.status
        and asked.get("email", invitee.email) == invitee.email
    ]
    if asked.get("sort") == "created_at:desc":
        found.reverse()
    return paginate(call, found, asked, lambda who: shapes.invitee(call.calendly, who))


async def get_invitee(call: Call) -> Response:
    call.query({})
    event = _event(call)
    invitee = call.calendly.invitees.get(call.id("invitee"))
    if invitee is None or invitee.event is not event:
        raise ApiError(404)
    return resource(shapes.invitee(call.calendly, invitee))


async def create_no_show(call: Call) -> Response:
    fields = {"invitee": Field(uri("scheduled_events/*/invitees/*"), required=True)}
    sent = await call.body(fields)
    invitee = call.calendly.invitees.get(sent["invitee"].rpartition("/")[2])
    if invitee is None or invitee.uri != sent["invitee"]:
        raise ApiError(404)
    if invitee.no_show:
        raise ApiError(409)
    call.desk.mark_no_show(invitee)
    return resource(shapes.no_show(invitee), 201)


def _marked(call: Call) -> Invitee:
    for invitee in call.calendly.invitees.values():
        if invitee.no_show and invitee.no_show.id == call.id():
            return invitee
    raise ApiError(404)


async def get_no_show(call: Call) -> Response:
    call.query({})
    return resource(shapes.no_show(_marked(call)))


async def delete_no_show(call: Call) -> Response:
    call.desk.undo_no_show(_marked(call))
    return Response(status_code=204)
