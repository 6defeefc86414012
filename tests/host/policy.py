"""The strict content security policy under which blocks and visitor pages work, where a test asks for it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wagtail_calendly import conf


class StrictPolicy:
    """Middleware, under the setting `STRICT_POLICY`: only frames of the booking page may come from elsewhere.

    Forms lead nowhere but to the site itself: the payment page is no exception that a host must name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Wagtail's admin needs rules of its own.
        if getattr(settings, "STRICT_POLICY", False) and not request.path.startswith("/admin/"):
            frames = " ".join(conf.load().account("default").booking_origins)
            response["Content-Security-Policy"] = (
                f"default-src 'self'; frame-src {frames}; form-action 'self'; base-uri 'none'"
            )
        return response
