"""That a visitor opened a session: told once by the panel's script, counted without anything about the visitor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from wagtail_calendly import limits
from wagtail_calendly.bookings import numbers
from wagtail_calendly.exceptions import LimitReached
from wagtail_calendly.visitor import memory
from wagtail_calendly.visitor.answers import private


@private()
@require_POST
@csrf_protect
def opened(request: HttpRequest) -> HttpResponse:
    """Count it, for references of this visitor's own and as often as visitors may. Nobody waits for the answer.

    The visitor's session is read and never written: two answers at once would lose what one of them wrote.
    """
    choice = memory.held(request, request.POST.get("reference", ""))
    if choice is not None:
        try:
            limits.opening(request)
        except LimitReached:
            return HttpResponse(status=204)
        numbers.count_opening(choice.parsed, choice.tracking)
    return HttpResponse(status=204)
