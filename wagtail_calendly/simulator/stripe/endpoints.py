"""Webhook endpoints: create, retrieve, list, update, delete; and the list of events.

https://docs.stripe.com/api/webhook_endpoints
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from wagtail_calendly.simulator.stripe import money_shapes
from wagtail_calendly.simulator.stripe.access import Call
from wagtail_calendly.simulator.stripe.errors import InvalidError
from wagtail_calendly.simulator.stripe.events import TYPES
from wagtail_calendly.simulator.stripe.paging import PAGE, page
from wagtail_calendly.simulator.stripe.params import (
    Address,
    Choice,
    Flag,
    Kind,
    Many,
    Metadata,
    Text,
)
from wagtail_calendly.simulator.stripe.state import (
    DAY,
    VERSION,
    Event,
    Stripe,
    WebhookEndpoint,
    new_id,
)

MOST = 16
EVENTS = Many(Choice(("*", *TYPES)))
UPDATE: dict[str, Kind] = {
    "description": Text(),
    "disabled": Flag(),
    "enabled_events": EVENTS,
    "metadata": Metadata(),
    "url": Address(),
}
CREATE: dict[str, Kind] = {
    "api_version": Choice((VERSION,)),
    "description": Text(),
    "enabled_events": EVENTS,
    "metadata": Metadata(),
    "url": Address(),
}
LIST_EVENTS: dict[str, Kind] = {
    **PAGE,
    "delivery_success": Flag(),
    "type": Choice(TYPES),
    "types": Many(Choice(TYPES), 20),
}


def create(call: Call) -> dict[str, Any]:
    """The only answer that shows the secret."""
    asked = call.read(CREATE, "url", "enabled_events")
    if len(call.visible(call.stripe.endpoints)) >= MOST:
        raise InvalidError(f"You have reached the maximum of {MOST} webhook endpoints.")
    made = add(call.stripe, **asked, livemode=call.key.livemode)
    return {**money_shapes.endpoint(made), "secret": made.secrets[0]}


def add(
    stripe: Stripe,
    *,
    url: str,
    enabled_events: list[str],
    api_version: str | None = None,
    secret: str = "",
    livemode: bool = False,
    **more: Any,
) -> WebhookEndpoint:
    """An endpoint with a secret of its own, or the one given."""
    made = WebhookEndpoint(
        id=new_id("we"),
        url=url,
        enabled_events=enabled_events,
        api_version=api_version,
        created=stripe.now(),
        livemode=livemode,
        secrets=[secret or f"whsec_{uuid4().hex}"],
        **more,
    )
    stripe.endpoints[made.id] = made
    return made


def _named(call: Call) -> WebhookEndpoint:
    return call.named("webhook_endpoint", call.stripe.endpoints)


def retrieve(call: Call) -> dict[str, Any]:
    call.read()
    return money_shapes.endpoint(_named(call))


def list_(call: Call) -> dict[str, Any]:
    asked = call.read(PAGE)
    found = call.visible(call.stripe.endpoints)
    return page(call, asked, found, money_shapes.endpoint)


def update(call: Call) -> dict[str, Any]:
    asked = call.read(UPDATE)
    endpoint = _named(call)
    if "disabled" in asked:
        endpoint.enabled = not asked.pop("disabled")
    for name, value in asked.items():
        setattr(endpoint, name, value)
    return money_shapes.endpoint(endpoint)


def delete(call: Call) -> dict[str, Any]:
    call.read()
    endpoint = _named(call)
    endpoint.deleted = True
    del call.stripe.endpoints[endpoint.id]
    return {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True}


def retrieve_event(call: Call) -> dict[str, Any]:
    call.read()
    return money_shapes.event(call.named("event", call.stripe.events))


def list_events(call: Call) -> dict[str, Any]:
    """Of the last 30 days; `delivery_success` false are those that an endpoint still waits for."""
    asked = call.read(LIST_EVENTS)
    if "type" in asked and "types" in asked:
        raise InvalidError("You may only specify one of type and types.", "types")
    kinds = asked.get("types", [asked["type"]] if "type" in asked else TYPES)
    since = call.stripe.now() - 30 * DAY
    found = [event for event in call.visible(call.stripe.events) if event.created >= since]
    found = [event for event in found if event.type in kinds and _taken(event, asked)]
    return page(call, asked, found, money_shapes.event)


def _taken(event: Event, asked: dict[str, Any]) -> bool:
    return bool(asked.get("delivery_success", not event.waiting) == (not event.waiting))
