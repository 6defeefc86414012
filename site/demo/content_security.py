"""A strict content security policy for the public pages, to show that bookings work under it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def policy(get_response: Handler) -> Handler:
    """Everything from the site itself, frames from the calendar alone. Wagtail's admin needs its own rules."""
    frames = " ".join(settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["BOOKING_ORIGINS"])

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/admin/"):
            response["Content-Security-Policy"] = (
                f"default-src 'self'; form-action 'self'; frame-src {frames}"
            )
        return response

    return middleware
