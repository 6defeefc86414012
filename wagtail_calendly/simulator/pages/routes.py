"""The pages at their paths; whatever else is asked for gets a page that says so."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wagtail_calendly.simulator.pages import booking, cancellation, control, pay, profile
from wagtail_calendly.simulator.pages.view import notice


async def _nothing(request: Request) -> Response:
    return notice(
        request,
        404,
        "There is no page here",
        "The address may be mistyped, or the page is gone.",
    )


def routes() -> list[Route]:
    flows = [
        ("/d/{link}/{slug}", booking.by_link),
        ("/reschedulings/{invitee}", booking.by_invitee),
        ("/{host}/{slug}", booking.by_slug),
    ]
    return [
        Route("/", control.home),
        Route("/control/", control.overview),
        Route("/pay/{session}", pay.checkout_page, methods=["GET", "POST"]),
        Route("/pay/{session}/code", pay.code, methods=["POST"]),
        Route("/stripe/receipt/{charge}", pay.receipt),
        Route("/confirmations/{invitee}", booking.confirmed),
        Route("/cancellations/{invitee}", cancellation.cancel, methods=["GET", "POST"]),
        *(Route(path, booking.choose(find)) for path, find in flows),
        *(
            Route(f"{path}/{{start}}", booking.details(find), methods=["GET", "POST"])
            for path, find in flows
        ),
        Route("/{host}", profile.show),
        Route("/{rest:path}", _nothing),
    ]
