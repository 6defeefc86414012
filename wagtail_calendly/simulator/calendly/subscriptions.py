"""API: webhook subscriptions and sample deliveries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator.calendly import hooks, shapes
from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.errors import ApiError, InvalidParametersError, detail
from wagtail_calendly.simulator.calendly.paging import PAGING, paginate, resource
from wagtail_calendly.simulator.calendly.params import (
    Field,
    choice,
    list_of,
    text,
    uri,
    web_address,
)
from wagtail_calendly.simulator.calendly.state import (
    TRACKING_KEYS,
    Cancellation,
    Invitee,
    NoShow,
    ScheduledEvent,
    Subscription,
    new_id,
)

OWNERS = {
    "organization": Field(uri("organizations/*"), required=True),
    "user": Field(uri("users/*")),
    "group": Field(uri("groups/*")),
    "scope": Field(choice("organization", "user", "group"), required=True),
}
READ_SCOPES = {
    "invitee": "scheduled_events:read",
    "invitee_no_show": "scheduled_events:read",
    "event_type": "event_types:read",
    "contact": "contacts:read",
    "meeting_recap": "meeting_recaps:read",
    "routing_form_submission": "routing_forms:read",
}


async def create_subscription(call: Call) -> Response:
    sent = await call.body(
        {
            "url": Field(web_address, required=True),
            "events": Field(list_of(choice(*hooks.ALL_EVENTS)), required=True),
            "signing_key": Field(text(255), nullable=True),
            **OWNERS,
        }
    )
    if not call.calendly.webhooks_in_plan:
        raise ApiError(403, "Please upgrade to a paid Calendly account.")
    _check_owner(call, sent)
    _check_events(call, sent)
    if any(_same(hook, sent) for hook in call.calendly.subscriptions.values()):
        raise ApiError(409, "Hook with this url already exists")
    hook = _subscribe(call, sent)
    return resource(shapes.subscription(call.calendly, hook), 201)


def _check_owner(call: Call, asked: dict[str, Any]) -> None:
    scope = asked["scope"]
    if scope != "organization" and scope not in asked:
        raise InvalidParametersError([detail(scope, "must be filled", "missing")])
    if asked["organization"] != call.calendly.organization or scope == "group":
        raise ApiError(403)
    if scope == "organization":
        call.may_see_organization(asked["organization"])
    else:
        call.may_see_user(asked["user"])


def _check_events(call: Call, sent: dict[str, Any]) -> None:
    events = sent["events"]
    if not events:
        raise InvalidParametersError([detail("events", "must be filled", "missing")])
    only = {"routing_form_submission": "organization", "meeting_recap": "user"}
    families = {event.rpartition(".")[0] for event in events}
    if any(only.get(family, sent["scope"]) != sent["scope"] for family in families):
        raise InvalidParametersError([detail("events", "are not allowed in this scope")])
    # Reported from the field: a missing read scope reads as a plain 400, not as a 403.
    if not all(call.token.may(READ_SCOPES[family]) for family in families):
        raise ApiError(400)


def _same(hook: Subscription, sent: dict[str, Any]) -> bool:
    user = hook.user.uri if hook.user else None
    wanted = sent.get("user") if sent["scope"] == "user" else None
    return (hook.url, hook.scope, user) == (sent["url"], sent["scope"], wanted)


def _subscribe(call: Call, sent: dict[str, Any]) -> Subscription:
    calendly = call.calendly
    stamp = calendly.clock.stamp()
    hook = Subscription(
        id=new_id(),
        url=sent["url"],
        events=sent["events"],
        scope=sent["scope"],
        user=call.may_see_user(sent["user"]) if sent["scope"] == "user" else None,
        creator=call.caller,
        signing_key=sent.get("signing_key"),
        created_at=stamp,
        updated_at=stamp,
        stamp=calendly.clock.stamp,
    )
    calendly.subscriptions[hook.id] = hook
    return hook


async def list_subscriptions(call: Call) -> Response:
    asked = call.query({**OWNERS, **PAGING})
    _check_owner(call, asked)
    found = [
        hook
        for hook in call.calendly.subscriptions.values()
        if hook.scope == asked["scope"]
        and (hook.user is None or hook.user.uri == asked.get("user"))
    ]
    return paginate(call, found, asked, lambda hook: shapes.subscription(call.calendly, hook))


def _find(call: Call) -> Subscription:
    hook = call.calendly.subscriptions.get(call.id())
    if hook is None:
        raise ApiError(404)
    if hook.creator is not call.caller and not call.is_admin:
        raise ApiError(403)
    return hook


async def get_subscription(call: Call) -> Response:
    call.query({})
    return resource(shapes.subscription(call.calendly, _find(call)))


async def delete_subscription(call: Call) -> Response:
    hook = _find(call)
    hook.deleted = True
    del call.calendly.subscriptions[hook.id]
    return Response(status_code=204)


async def sample(call: Call) -> Response:
    """A bare envelope about a booking that does not exist."""
    samples = (*hooks.INVITEE_EVENTS, *hooks.EVENT_TYPE_EVENTS)
    asked = call.query({"event": Field(choice(*samples), required=True), **OWNERS})
    _check_owner(call, asked)
    calendly, event = call.calendly, asked["event"]
    if event.startswith("event_type"):
        event_type = next(iter(calendly.event_types.values()), None)
        if event_type is None:
            raise ApiError(404)
        payload = shapes.event_type(calendly, event_type)
        del payload["description_html"]
    else:
        invitee = _sample_invitee(call, event)
        payload = hooks.invitee_payload(calendly, invitee, fresh=event == "invitee.created")
    return JSONResponse(hooks.envelope(calendly, event, payload, call.caller))


def _sample_invitee(call: Call, event: str) -> Invitee:
    event_type = next(iter(call.calendly.event_types.values()), None)
    if event_type is None:
        raise ApiError(404)
    now = call.calendly.clock.now()
    start = now + timedelta(days=1)
    end = start + timedelta(minutes=event_type.duration)
    zoom = {"kind": "zoom_conference"}
    scheduled = ScheduledEvent(new_id(), event_type, call.caller, start, end, zoom, now, now)
    tracking = dict.fromkeys(TRACKING_KEYS)
    who = ("Sample Invitee", "sample@example.org", "Europe/Berlin")
    invitee = Invitee(new_id(), scheduled, *who, now, now, tracking)
    scheduled.invitees.append(invitee)
    if event == "invitee.canceled":
        invitee.cancellation = Cancellation(invitee.name, "A sample", "invitee", now)
        scheduled.cancellation = invitee.cancellation
    if event == "invitee_no_show.created":
        invitee.no_show = NoShow(new_id(), now)
    return invitee
