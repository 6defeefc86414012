"""The strict content security policy that the blocks promise to work under, on every page but the admin's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wagtail_calendly import conf


class StrictPolicy:
    """Middleware: what comes from elsewhere is refused, but for frames of the booking page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/admin"):
            frames = " ".join(conf.load().account("default").booking_origins)
            response["Content-Security-Policy"] = f"default-src 'self'; frame-src {frames}"
        return response
