"""The page behind an invitee's `cancel_url`."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wagtail_calendly.simulator.pages.view import notice, render


async def cancel(request: Request) -> Response:
    """Asks for a reason; a POST cancels and shows the page again, which then says so."""
    world = request.app.state.world
    invitee = world.calendly.invitees.get(request.path_params["invitee"])
    if invitee is None:
        return notice(request, 404, "There is no page here", "The address may be mistyped.")
    over = invitee.event.end <= world.calendly.clock.now()
    if request.method == "POST" and not invitee.cancellation and not over:
        sent = parse_qs((await request.body()).decode(errors="replace"))
        world.desk.cancel_invitee(invitee, " ".join(sent.get("reason", [])).strip() or None)
    if request.method == "POST":
        return RedirectResponse(request.url.path, status_code=303)
    return render(request, "cancel.html", {"invitee": invitee, "over": over})
