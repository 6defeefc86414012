"""The shared switches: reset, faults, request log, deliveries, clock."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from wagtail_calendly.simulator.control.forms import RefusedError
from wagtail_calendly.simulator.deliveries import BACKOFF, MODES, SENDERS, Delivery
from wagtail_calendly.simulator.faults import Fault
from wagtail_calendly.simulator.stripe import checkout
from wagtail_calendly.simulator.world import World

Given = dict[str, Any]


async def reset(world: World, given: Given) -> None:
    world.reset(seeded=given.get("seed", True))
    world.calendly.whole_days = bool(given.get("whole_days"))


async def add_fault(world: World, given: Given) -> Any:
    known = {field.name for field in fields(Fault)}
    if unknown := given.keys() - known:
        raise RefusedError(f"A fault has no {', '.join(sorted(unknown))}.")
    if given.get("begun") and "/v1/" not in given.get("match", ""):
        raise RefusedError("Only Stripe keeps errors of begun work: match a path of /v1/.")
    world.faults.add(Fault(**{name: value for name, value in given.items() if value != ""}))
    return await list_faults(world, {})


async def list_faults(world: World, given: Given) -> Any:
    return [asdict(fault) for fault in world.faults.active]


async def clear_faults(world: World, given: Given) -> None:
    world.faults.clear()


async def list_requests(world: World, given: Given) -> Any:
    return list(world.log.calls)


async def clear_requests(world: World, given: Given) -> None:
    world.log.clear()


async def set_mode(world: World, given: Given) -> Any:
    """`{mode, seconds?, backoff?, sender?}`: for both senders, or one; `backoff` lists the pauses
    in seconds between attempts."""
    if given["mode"] not in MODES:
        raise RefusedError(f"The modes are {', '.join(MODES)}.")
    if given.get("sender") not in (None, *SENDERS):
        raise RefusedError(f"The senders are {', '.join(SENDERS)}.")
    senders = (given["sender"],) if given.get("sender") else SENDERS
    backoff, seconds = tuple(given.get("backoff", BACKOFF)), float(given.get("seconds") or 1)
    world.deliveries.set_mode(given["mode"], seconds, backoff, senders)
    return {"mode": given["mode"], "seconds": seconds, "senders": senders}


async def list_deliveries(world: World, given: Given) -> Any:
    """All of them; with `wait` in seconds, once nothing is under way any more."""
    if given.get("wait"):
        await world.deliveries.settled(float(given["wait"]))
    return [delivery.as_json() for delivery in world.deliveries.items.values()]


async def release(world: World, given: Given) -> Any:
    """`{ids: [...]}` in that order, or all that are held; answers when they have been sent."""
    ids = given.get("ids")
    for id_ in ids or []:
        _delivery(world, id_)
    return [delivery.as_json() for delivery in await world.deliveries.release(ids)]


async def redeliver(world: World, given: Given) -> Any:
    delivery = _delivery(world, given["id"])
    return (await world.deliveries.redeliver(delivery.id)).as_json()


def _delivery(world: World, id_: str) -> Delivery:
    found = world.deliveries.items.get(id_)
    if found is None:
        raise RefusedError(f"There is no delivery {id_}.", 404)
    return found


async def set_clock(world: World, given: Given) -> Any:
    """`{offset_seconds?, coarse?}`; coarse time stamps are whole seconds and may repeat."""
    if "offset_seconds" in given:
        world.clock.shift(float(given["offset_seconds"]))
        checkout.sweep(world.stripe)
    world.clock.coarse = bool(given.get("coarse", world.clock.coarse))
    return {
        "offset_seconds": world.clock.offset.total_seconds(),
        "coarse": world.clock.coarse,
        "now": world.clock.now().isoformat(),
    }
