"""Calendly's switches: act as invitee or host; tokens, roles, plan, limits, event types."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from wagtail_calendly.simulator.calendly import hooks, params, seed, shapes, slots
from wagtail_calendly.simulator.calendly.booking import Details, SlotTakenError
from wagtail_calendly.simulator.calendly.state import EventType, Invitee, Token
from wagtail_calendly.simulator.control.forms import RefusedError
from wagtail_calendly.simulator.world import World

Given = dict[str, Any]
KEPT = {"id", "slug", "hosts", "created_at", "updated_at", "deleted_at"}
CHANGEABLE = {field.name for field in fields(EventType)} - KEPT


async def state(world: World, given: Given) -> Any:
    """Who is who and what is on offer, without an API call that would be logged and counted."""
    calendly = world.calendly
    return {
        "user": shapes.user(calendly, calendly.owner),
        "organization": calendly.organization,
        "event_types": [shapes.event_type(calendly, et) for et in calendly.event_types.values()],
        "subscriptions": [
            shapes.subscription(calendly, hook) for hook in calendly.subscriptions.values()
        ],
    }


async def book(world: World, given: Given) -> Any:
    """Book by hand. A `start_time` may lie anywhere, the past included, unless the host is busy."""
    event_type = _event_type(world, given["event_type"])
    start = _start(world, event_type, given)
    questions = {question["name"]: question for question in event_type.custom_questions}
    details = Details(
        name=given.get("name", "Vi Sitor"),
        email=given.get("email", "vi@example.org"),
        timezone=given.get("timezone", "Europe/Paris"),
        tracking=given.get("tracking") or {},
        answers=[
            {"question": name, "answer": answer, "position": questions[name]["position"]}
            for name, answer in (given.get("answers") or {}).items()
        ],
    )
    try:
        return _booked(world, world.desk.book(event_type, start, details))
    except SlotTakenError:
        raise RefusedError("That time is taken.", 409) from None


def _start(world: World, event_type: EventType, given: Given) -> datetime:
    if given.get("start_time"):
        start: datetime = params.time(given["start_time"])
        return start
    now = world.clock.now()
    free = next(slots.free_slots(world.calendly, event_type, now, now + slots.HORIZON), None)
    if free is None:
        raise RefusedError("No time is free.", 409)
    return free.start


def _booked(world: World, invitee: Invitee) -> dict[str, Any]:
    return {
        "invitee": shapes.invitee(world.calendly, invitee),
        "event": shapes.scheduled_event(invitee.event),
    }


async def cancel(world: World, given: Given) -> Any:
    """`by` host cancels the event for everyone, `by` invitee only that invitee."""
    invitee = _invitee(world, given)
    if invitee.cancellation:
        raise RefusedError("That invitee is already canceled.", 409)
    reason = given.get("reason")
    if given.get("by", "invitee") == "host":
        host = invitee.event.host
        world.desk.cancel_event(invitee.event, "host", host.name, reason)
    else:
        world.desk.cancel_invitee(invitee, reason)
    return _booked(world, invitee)


async def reschedule(world: World, given: Given) -> Any:
    invitee = _invitee(world, given)
    if invitee.cancellation:
        raise RefusedError("That invitee is already canceled.", 409)
    try:
        moved = world.desk.reschedule(invitee, _start(world, invitee.event.event_type, given))
    except SlotTakenError:
        raise RefusedError("That time is taken.", 409) from None
    return {"old": _booked(world, invitee), "new": _booked(world, moved)}


async def no_show(world: World, given: Given) -> Any:
    invitee = _invitee(world, given)
    world.desk.mark_no_show(invitee)
    return _booked(world, invitee)


async def undo_no_show(world: World, given: Given) -> Any:
    invitee = _invitee(world, given)
    world.desk.undo_no_show(invitee)
    return _booked(world, invitee)


def _invitee(world: World, given: Given) -> Invitee:
    found = world.calendly.invitees.get(given["invitee"].rpartition("/")[2])
    if found is None:
        raise RefusedError("There is no such invitee.", 404)
    return found


def _event_type(world: World, slug: str) -> EventType:
    found = world.calendly.event_type_by_slug(slug)
    if found is None:
        raise RefusedError(f"There is no event type {slug}.", 404)
    return found


async def event_types(world: World, given: Given) -> Any:
    """`{count}` adds that many quietly; `{slug, …}` makes, changes or (`deleted`) ends one."""
    if "count" in given:
        for _ in range(int(given["count"])):
            number = len(world.calendly.event_types) + 1
            name = f"Session {number:04}"
            seed.add_event_type(world.calendly, slug=f"session-{number}", name=name)
        return {"count": len(world.calendly.event_types)}
    given = dict(given)
    slug, deleted = given.pop("slug"), given.pop("deleted", None)
    if unknown := given.keys() - CHANGEABLE:
        raise RefusedError(f"An event type has no {', '.join(sorted(unknown))} to change.")
    known = world.calendly.event_type_by_slug(slug)
    event_type = known or seed.add_event_type(world.calendly, slug=slug, name=slug)
    stamp = world.clock.stamp()
    for name, value in given.items():
        setattr(event_type, name, value)
    event_type.updated_at = stamp
    if deleted is not None:
        event_type.deleted_at = stamp if deleted else None
    happened = "deleted" if deleted else "updated" if known else "created"
    hooks.tell_of_event_type(world.calendly, world.deliveries, f"event_type.{happened}", event_type)
    return shapes.event_type(world.calendly, event_type)


async def disable_subscriptions(world: World, given: Given) -> None:
    for hook in world.calendly.subscriptions.values():
        hook.disable()


async def token(world: World, given: Given) -> None:
    """`{token?, valid?, scopes?}`; an unknown token is added, null scopes mean full access."""
    value = given.get("token") or seed.DEFAULT_TOKEN
    known = world.calendly.tokens.setdefault(value, Token(value, world.calendly.owner))
    known.valid = bool(given.get("valid", True))
    known.scopes = given.get("scopes")


async def role(world: World, given: Given) -> None:
    if given["role"] not in ("user", "admin", "owner"):
        raise RefusedError("The roles are user, admin and owner.")
    world.calendly.owner.role = given["role"]


async def plan(world: World, given: Given) -> Any:
    """`{webhooks?, deletion?}`; what is not given is not in the plan."""
    world.calendly.webhooks_in_plan = bool(given.get("webhooks", False))
    world.calendly.deletion_in_plan = bool(given.get("deletion", False))
    return {
        "webhooks": world.calendly.webhooks_in_plan,
        "deletion": world.calendly.deletion_in_plan,
    }


async def limits(world: World, given: Given) -> Any:
    """`{per_minute?, invitees_per_minute?}`."""
    calendly = world.calendly
    calendly.per_minute = int(given.get("per_minute", calendly.per_minute))
    if "invitees_per_minute" in given:
        calendly.invitees_per_minute = given["invitees_per_minute"]
    world.rate.clear()
    return {
        "per_minute": calendly.per_minute,
        "invitees_per_minute": calendly.invitees_per_minute,
    }


async def tracking(world: World, given: Given) -> Any:
    """`{carry_tracking: bool}`: whether a reschedule keeps utm_content and the rest."""
    world.calendly.carry_tracking = bool(given.get("carry_tracking", True))
    return {"carry_tracking": world.calendly.carry_tracking}
