"""Answers the one request that blocks cause beside static files: the stylesheet of the chosen look."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_safe

from wagtail_calendly.blocks.look import InvalidLook, stylesheet


@login_not_required
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """The stylesheet that the query string stands for, cacheable for ever: its address is its content."""
    try:
        css = stylesheet(request.GET)
    except InvalidLook:
        return HttpResponseBadRequest()
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
