"""Calendly's API v2 endpoints at their paths, with the scopes they need."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wagtail_calendly.simulator.calendly import (
    compliance,
    invitees,
    offers,
    people,
    scheduled,
    subscriptions,
)
from wagtail_calendly.simulator.calendly.access import View, endpoint
from wagtail_calendly.simulator.calendly.errors import ApiError

# Free times: the scopes page asks for availability:read, the OpenAPI document for
# event_types:read.
ENDPOINTS: list[tuple[str, str, View, tuple[str, ...]]] = [
    ("GET", "/users/{id}", people.get_user, ("users:read",)),
    ("GET", "/organization_memberships", people.list_memberships, ("organizations:read",)),
    ("GET", "/event_types", offers.list_event_types, ("event_types:read",)),
    ("GET", "/event_types/{id}", offers.get_event_type, ("event_types:read",)),
    ("GET", "/event_type_available_times", offers.list_available_times,
     ("availability:read", "event_types:read")),
    ("POST", "/scheduling_links", offers.create_scheduling_link, ("scheduling_links:write",)),
    ("GET", "/scheduled_events", scheduled.list_events, ("scheduled_events:read",)),
    ("GET", "/scheduled_events/{id}", scheduled.get_event, ("scheduled_events:read",)),
    ("POST", "/scheduled_events/{id}/cancellation", scheduled.cancel_event,
     ("scheduled_events:write",)),
    ("GET", "/scheduled_events/{id}/invitees", scheduled.list_invitees,
     ("scheduled_events:read",)),
    ("GET", "/scheduled_events/{id}/invitees/{invitee}", scheduled.get_invitee,
     ("scheduled_events:read",)),
    ("POST", "/invitees", invitees.create_invitee, ("scheduled_events:write",)),
    ("POST", "/invitee_no_shows", scheduled.create_no_show, ("scheduled_events:write",)),
    ("GET", "/invitee_no_shows/{id}", scheduled.get_no_show, ("scheduled_events:read",)),
    ("DELETE", "/invitee_no_shows/{id}", scheduled.delete_no_show, ("scheduled_events:write",)),
    ("GET", "/webhook_subscriptions", subscriptions.list_subscriptions, ("webhooks:read",)),
    ("POST", "/webhook_subscriptions", subscriptions.create_subscription, ("webhooks:write",)),
    ("GET", "/webhook_subscriptions/{id}", subscriptions.get_subscription, ("webhooks:read",)),
    ("DELETE", "/webhook_subscriptions/{id}", subscriptions.delete_subscription,
     ("webhooks:write",)),
    ("GET", "/sample_webhook_data", subscriptions.sample, ("webhooks:read",)),
    ("POST", "/data_compliance/deletion/invitees", compliance.delete_invitees,
     ("data_compliance:write",)),
]  # fmt: skip
ROOTS = {path.split("/")[1] for _, path, _, _ in ENDPOINTS}


def is_api(path: str) -> bool:
    """Whether a path is Calendly's API, known endpoint or not."""
    return path.split("/")[1] in ROOTS


async def _unknown(request: Request) -> Response:
    raise ApiError(404)


def routes() -> list[Route]:
    known = [
        Route(path, endpoint(view, *scopes), methods=[method])
        for method, path, view, scopes in ENDPOINTS
    ]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return known + [
        Route(f"/{root}{rest}", _unknown, methods=methods)
        for root in sorted(ROOTS)
        for rest in ("", "/{rest:path}")
    ]
