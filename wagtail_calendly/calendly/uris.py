"""Calendly's resource names: parsed strictly, rebuilt from their ids, never requested as they came.

Resources name each other by full URI, always at https://api.calendly.com, whatever address is called.
https://developer.calendly.com/api-docs/overview/api/api-conventions
"""

from __future__ import annotations

import re

from wagtail_calendly.calendly.errors import InvalidCalendlyURI

ORIGIN = "https://api.calendly.com"

# Old resources have ids of 16 characters, new ones UUIDs, so that only the alphabet can be checked.
_ID = r"[A-Za-z0-9_-]{1,64}"


def _pattern(*collections: str) -> re.Pattern[str]:
    path = "".join(f"/{collection}/({_ID})" for collection in collections)
    return re.compile(re.escape(ORIGIN) + path)


_USER = _pattern("users")
_ORGANIZATION = _pattern("organizations")
_EVENT_TYPE = _pattern("event_types")
_EVENT = _pattern("scheduled_events")
_INVITEE = _pattern("scheduled_events", "invitees")
_NO_SHOW = _pattern("invitee_no_shows")
_SUBSCRIPTION = _pattern("webhook_subscriptions")


def user_id(uri: str) -> str:
    """The id in `…/users/<id>`. Raises `InvalidCalendlyURI`, as do all functions here."""
    return _ids(_USER, uri)[0]


def organization_id(uri: str) -> str:
    """The id in `…/organizations/<id>`."""
    return _ids(_ORGANIZATION, uri)[0]


def event_type_id(uri: str) -> str:
    """The id in `…/event_types/<id>`."""
    return _ids(_EVENT_TYPE, uri)[0]


def event_id(uri: str) -> str:
    """The id in `…/scheduled_events/<id>`."""
    return _ids(_EVENT, uri)[0]


def invitee_ids(uri: str) -> tuple[str, str]:
    """The event's and the invitee's id in `…/scheduled_events/<id>/invitees/<id>`."""
    event, invitee = _ids(_INVITEE, uri)
    return event, invitee


def no_show_id(uri: str) -> str:
    """The id in `…/invitee_no_shows/<id>`."""
    return _ids(_NO_SHOW, uri)[0]


def subscription_id(uri: str) -> str:
    """The id in `…/webhook_subscriptions/<id>`."""
    return _ids(_SUBSCRIPTION, uri)[0]


def user_uri(user: str) -> str:
    """The canonical URI of a user id. Raises `InvalidCalendlyURI` when it is not an id, as do all below."""
    return _checked(_USER, f"{ORIGIN}/users/{user}")


def organization_uri(organization: str) -> str:
    """The canonical URI of an organization id."""
    return _checked(_ORGANIZATION, f"{ORIGIN}/organizations/{organization}")


def event_type_uri(event_type: str) -> str:
    """The canonical URI of an event type id."""
    return _checked(_EVENT_TYPE, f"{ORIGIN}/event_types/{event_type}")


def event_uri(event: str) -> str:
    """The canonical URI of a scheduled event id."""
    return _checked(_EVENT, f"{ORIGIN}/scheduled_events/{event}")


def invitee_uri(event: str, invitee: str) -> str:
    """The canonical URI of an invitee of a scheduled event."""
    return _checked(_INVITEE, f"{ORIGIN}/scheduled_events/{event}/invitees/{invitee}")


def _ids(pattern: re.Pattern[str], uri: str) -> tuple[str, ...]:
    found = pattern.fullmatch(uri) if isinstance(uri, str) else None
    if found is None:
        raise InvalidCalendlyURI
    return found.groups()


def _checked(pattern: re.Pattern[str], uri: str) -> str:
    _ids(pattern, uri)
    return uri
