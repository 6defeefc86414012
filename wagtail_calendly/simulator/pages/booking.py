"""The booking pages: choose a time, give details, done; moving a booking goes the same way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wagtail_calendly.simulator.calendly import params
from wagtail_calendly.simulator.calendly.booking import SlotTakenError
from wagtail_calendly.simulator.calendly.state import Invitee
from wagtail_calendly.simulator.pages.answers import Form
from wagtail_calendly.simulator.pages.flow import Flow, Month, query_of, zones
from wagtail_calendly.simulator.pages.view import notice, render
from wagtail_calendly.simulator.world import World

Find = Callable[[Request], "Flow | Response"]
Page = Callable[[Request], Awaitable[Response]]
FRAME = ("embed_", "hide_", "background_color", "text_color", "primary_color")


def by_slug(request: Request) -> Flow | Response:
    """`/ada-host/consultation`."""
    calendly = _world(request).calendly
    event_type = calendly.event_type_by_slug(request.path_params["slug"])
    host = request.path_params["host"]
    if event_type is None or host not in [host.slug for host in event_type.hosts]:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    base = f"/{host}/{event_type.slug}"
    return _open(request, Flow(calendly, event_type, base, query_of(request)))


def by_link(request: Request) -> Flow | Response:
    """`/d/<id>/consultation`, good for one booking."""
    calendly = _world(request).calendly
    link = calendly.links.get(request.path_params["link"])
    if link is None:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    if link.used:
        text = "It was good for one booking, and that has been made. Ask for a new link."
        return notice(request, 410, "This link has been used", text)
    base = f"/d/{link.id}/{link.event_type.slug}"
    return _open(request, Flow(calendly, link.event_type, base, query_of(request), link=link))


def by_invitee(request: Request) -> Flow | Response:
    """`/reschedulings/<id>`."""
    calendly = _world(request).calendly
    invitee = calendly.invitees.get(request.path_params["invitee"])
    if invitee is None:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    if invitee.cancellation:
        moved = "It was moved to another time." if invitee.new else "It was canceled."
        return notice(request, 409, "This booking cannot be moved", moved)
    if invitee.event.end <= calendly.clock.now():
        return notice(request, 409, "This booking cannot be moved", "It is over.")
    base = f"/reschedulings/{invitee.id}"
    flow = Flow(calendly, invitee.event.event_type, base, query_of(request), moved=invitee)
    return _open(request, flow)


def _open(request: Request, flow: Flow) -> Flow | Response:
    if flow.event_type.bookable and flow.event_type.booking_method == "instant":
        return flow
    text = "The host does not take bookings for it at the moment."
    return notice(request, 200, f"{flow.event_type.name} is not available", text)


def choose(find: Find) -> Page:
    """The calendar and, once a day is chosen, its times."""

    async def page(request: Request) -> Response:
        flow = find(request)
        if isinstance(flow, Response):
            return flow
        return render(
            request, "choose.html", {"flow": flow, "month": Month(flow), "zones": zones()}
        )

    return page


def details(find: Find) -> Page:
    """The form for one start time; a POST books it or moves the booking there."""

    async def page(request: Request) -> Response:
        flow = find(request)
        if isinstance(flow, Response):
            return flow
        try:
            start = params.time(request.path_params["start"])
        except ValueError:
            return notice(request, 404, "There is no such time", "The address may be mistyped.")
        if not _world(request).desk.is_offered(flow.event_type, start, flow.besides):
            return _gone(request, flow)
        return await _fill(request, flow, start)

    return page


async def _fill(request: Request, flow: Flow, start: datetime) -> Response:
    form = Form(flow)
    if request.method == "GET":
        form.prefill()
        return render(request, "details.html", {"flow": flow, "start": start, "form": form})
    sent = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
    try:
        if flow.moved:
            reason = " ".join(sent.get("reason", [])).strip() or None
            return _to(request, _world(request).desk.reschedule(flow.moved, start, reason))
        if not form.fill(sent):
            context = {"flow": flow, "start": start, "form": form}
            return render(request, "details.html", context, status=422)
        booked = _world(request).desk.book(flow.event_type, start, form.details())
    except SlotTakenError:
        return _gone(request, flow)
    if flow.link:
        flow.link.used = True
    return _to(request, booked)


def _to(request: Request, booked: Invitee) -> Response:
    """On to the confirmation, without what was in the address about the person."""
    kept = {k: v for k, v in query_of(request).items() if k.startswith(FRAME)}
    query = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(f"/confirmations/{booked.id}{query}", status_code=303)


def _gone(request: Request, flow: Flow) -> Response:
    text = "Somebody else was faster, or it is too soon by now. Nothing was booked."
    link = (flow.url(), "Choose another time")
    return notice(request, 409, "That time is no longer free", text, link)


async def confirmed(request: Request) -> Response:
    invitee = _world(request).calendly.invitees.get(request.path_params["invitee"])
    if invitee is None:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    return render(request, "confirmed.html", {"invitee": invitee})


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world
