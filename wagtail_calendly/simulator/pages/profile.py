"""A host's own page: the event types that are not secret."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from wagtail_calendly.simulator.pages.view import notice, render


async def show(request: Request) -> Response:
    calendly = request.app.state.world.calendly
    slug = request.path_params["host"]
    host = next((user for user in calendly.users.values() if user.slug == slug), None)
    if host is None:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    offered = [
        event_type
        for event_type in calendly.event_types.values()
        if host in event_type.hosts and event_type.bookable and not event_type.secret
    ]
    offered.sort(key=lambda event_type: event_type.position)
    return render(request, "profile.html", {"host": host, "offered": offered})
