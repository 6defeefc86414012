"""Tells subscribers what happened: the envelope, and who gets it.

https://developer.calendly.com/api-docs/overview/webhooks
"""

from __future__ import annotations

import json
from typing import Any

from wagtail_calendly.simulator.calendly import shapes
from wagtail_calendly.simulator.calendly.state import (
    Calendly,
    EventType,
    Invitee,
    Subscription,
    User,
)
from wagtail_calendly.simulator.clock import iso
from wagtail_calendly.simulator.deliveries import Deliveries

INVITEE_EVENTS = (
    "invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted",
)  # fmt: skip
EVENT_TYPE_EVENTS = ("event_type.created", "event_type.updated", "event_type.deleted")
CONTACT_EVENTS = ("contact.created", "contact.updated", "contact.deleted")
RECAP_EVENTS = ("meeting_recap.created", "meeting_recap.updated", "meeting_recap.deleted")
ROUTING_EVENTS = ("routing_form_submission.created",)
ALL_EVENTS = INVITEE_EVENTS + EVENT_TYPE_EVENTS + CONTACT_EVENTS + RECAP_EVENTS + ROUTING_EVENTS


def tell_of_invitee(calendly: Calendly, deliveries: Deliveries, event: str, who: Invitee) -> None:
    payload = invitee_payload(calendly, who, fresh=event == "invitee.created")
    _tell(calendly, deliveries, event, payload, [who.event.host])


def tell_of_event_type(
    calendly: Calendly, deliveries: Deliveries, event: str, event_type: EventType
) -> None:
    payload = shapes.event_type(calendly, event_type)
    del payload["description_html"]
    _tell(calendly, deliveries, event, payload, event_type.hosts)


def invitee_payload(calendly: Calendly, who: Invitee, *, fresh: bool) -> dict[str, Any]:
    """The invitee with its event, which comes without calendar entry and buffer times."""
    event = shapes.scheduled_event(who.event, fresh=fresh)
    del event["calendar_event"]
    for member in event["event_memberships"]:
        del member["buffered_start_time"], member["buffered_end_time"]
    return {**shapes.invitee(calendly, who), "scheduled_event": event}


def envelope(
    calendly: Calendly, event: str, payload: dict[str, Any], creator: User
) -> dict[str, Any]:
    return {
        "event": event,
        "created_at": iso(calendly.clock.now()),
        "created_by": creator.uri,
        "payload": payload,
    }


def _tell(
    calendly: Calendly,
    deliveries: Deliveries,
    event: str,
    payload: dict[str, Any],
    hosts: list[User],
) -> None:
    for hook in calendly.subscriptions.values():
        if _wants(hook, event, hosts):
            body = json.dumps(envelope(calendly, event, payload, hook.creator)).encode()
            deliveries.post(sender="calendly", url=hook.url, event=event, body=body, target=hook)


def _wants(hook: Subscription, event: str, hosts: list[User]) -> bool:
    if not hook.accepting or event not in hook.events:
        return False
    return hook.user is None or hook.user in hosts
