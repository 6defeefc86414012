"""The JSON API as a whole: its operations, its failures, its document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI

from wagtail_calendly.api import bookings, errors, event_types, health, payments, session_types
from wagtail_calendly.api.docs import DocsPage, if_switched_on

api = NinjaAPI(
    title="Calendly bookings",
    version="1.0",
    description=(
        "Session types, links to their calendars, how bookings stand, and paying them. Every post is JSON and "
        "carries the token of `GET csrf` in the header `X-CSRFToken`."
    ),
    urls_namespace="wagtail_calendly:api",
    docs=DocsPage(),
    docs_decorator=if_switched_on,
)
api.add_router("", session_types.router)
api.add_router("", event_types.router)
api.add_router("", bookings.router)
api.add_router("", payments.router)
api.add_router("", health.router)
errors.install(api)


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """All operations, ready to be included anywhere in a site."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _in_any_site(pattern.callback)
    return patterns, app_name, namespace


def nothing_here(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Below the API's address, the site's own 404 page would be of no use."""
    return errors.refuse(404)


def _in_any_site(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Public whatever the site's middleware; outside its transactions, for some operations ask Calendly."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refused = errors.refuse(405)
        refused["Allow"] = response["Allow"]
        return refused

    return login_not_required(transaction.non_atomic_requests(never_cache(answered)))
