"""The effects of a site in memory: claimed, frozen, looked at again, called, their answers recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.bookings.vendors import Down, Refused
from tests.bookings.world import Task, World
from wagtail_calendly.bookings.rules import RefundFacts


class Died(Exception):
    """The worker was killed here."""


def work(world: World) -> None:
    """Perform what is due, until nothing is."""
    for _ in range(60):
        world.settle()
        due = [task for task in world.outbox.values() if _is_due(world, task)]
        if not due:
            return
        for task in due:
            perform(world, task)
    raise AssertionError(f"It never comes to rest: {[task.spec.key for task in due]}")


def _is_due(world: World, task: Task) -> bool:
    return task.state == "open" and task.next_try_at <= world.now


def perform(world: World, task: Task) -> None:
    """One effect: dropped where it is not wanted any more; else called, its answer recorded."""
    if not world.wants(task):
        task.state = "dropped"
        return
    try:
        _KINDS[task.spec.kind](world, task)
    except Down:
        task.next_try_at = world.now + max((world.now - task.made_at) / 2, timedelta(minutes=5))
        return
    if task.spec.kind == "notify" or task.state == "dropped" or not world.wants(task):
        task.state = "done" if task.state == "open" else task.state
    else:
        wait = max((world.now - task.made_at) / 2, timedelta(minutes=1))
        task.next_try_at = world.now + min(wait, timedelta(hours=12))


def die(world: World, where: str) -> None:
    if world.dies == where:
        world.dies = ""
        raise Died


def look(world: World) -> None:
    """Read everything of this booking again, at both vendors."""
    for name in world.calendly.bodies:
        world.hear(world.calendly.read(name))
    for attempt in world.payments:
        if attempt in world.stripe.checkouts:
            world.hear(world.stripe.read(attempt, world.now))


def _look_up(world: World, task: Task) -> None:
    look(world)


def _open_checkout(world: World, task: Task) -> None:
    row = world.payments[task.spec.subject]
    row.sent_at = row.sent_at or world.now
    die(world, "before")
    answer = world.stripe.open(row.attempt, row.amount, row.currency, world.now)
    die(world, "after")
    world.hear(answer)


def _look_up_payment(world: World, task: Task) -> None:
    world.hear(world.stripe.read(task.spec.subject, world.now))


def _expire_checkout(world: World, task: Task) -> None:
    attempt = task.spec.subject
    row = world.payments[attempt]
    if not world.guards.closes_first:
        row.state = "expired"
        return
    die(world, "before")
    # Whether it was opened is not known while the answer is missing: asked again with its key, it is.
    world.stripe.open(attempt, row.amount, row.currency, world.now)
    answer = world.stripe.expire(attempt, world.now)
    die(world, "after")
    world.sent.append(answer)
    world.hear(answer)


def _is_still_wanted(world: World, task: Task) -> bool:
    """Look before acting: what cannot be undone is decided again on what is true now."""
    if world.guards.looks_before_acting:
        look(world)
        if not world.wants(task):
            task.state = "dropped"
    return task.state == "open"


def _cancel_event(world: World, task: Task) -> None:
    if not _is_still_wanted(world, task):
        return
    name = task.spec.subject.rsplit("/IN", 1)[-1]
    asked = any(request.kind == "cancel" for request in world.requests)
    if not asked and any(world.stripe.is_open(one, world.now) for one in world.stripe.checkouts):
        world.broken.append("gave the slot back while somebody could pay for it")
    die(world, "before")
    body = world.calendly.read(name)
    if world.calendly.is_active(name):
        body = world.calendly.cancel(name, world.now, "host")
        world.sent.append(body)
    die(world, "after")
    world.hear(body)


def _refund(world: World, task: Task) -> None:
    if not _is_still_wanted(world, task):
        return
    attempt, key = task.spec.subject, task.spec.key
    spec = next(one for one in world.decision.effects if one.key == key)
    rows = world.refunds.setdefault(attempt, {})
    rows.setdefault(key, RefundFacts("", key, spec.amount, "asked"))
    die(world, "before")
    try:
        effect = key if world.guards.repeats_keys else f"{key}/{len(world.stripe.answered)}"
        answer = world.stripe.refund(attempt, rows[key].amount, world.now, effect)
    except Refused:
        rows[key] = replace(rows[key], state="refused")
        return
    die(world, "after")
    world.sent.append(world.stripe.change(attempt, world.now))
    world.hear_refund(attempt, answer)


def _create_link(world: World, task: Task) -> None:
    world.link_made_at = world.now


def _notify(world: World, task: Task) -> None:
    pass


_KINDS: dict[str, Callable[[World, Task], None]] = {
    "look_up": _look_up,
    "look_up_successor": _look_up,
    "refresh": _look_up,
    "open_checkout": _open_checkout,
    "look_up_payment": _look_up_payment,
    "expire_checkout": _expire_checkout,
    "cancel_event": _cancel_event,
    "refund": _refund,
    "create_link": _create_link,
    "notify": _notify,
}
