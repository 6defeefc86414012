"""Canceling a session that costs something: what comes back is shown first, and only a POST does it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from wagtail_calendly import limits
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Status
from wagtail_calendly.exceptions import LimitReached, NotPossible, ShownChanged
from wagtail_calendly.visitor import panels, screens
from wagtail_calendly.visitor.answers import SeeOther, answer, private, site_of, speaking
from wagtail_calendly.visitor.standing import Standing
from wagtail_calendly.visitor.status import booking_of

#: More digits than any amount has.
LONGEST = 18


@transaction.non_atomic_requests
@private()
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """What is given back, to be confirmed; a link that a mail scanner opens does nothing."""
    site = site_of(request)
    standing = Standing(booking_of(site, token))
    if not standing.is_cancelable:
        return SeeOther(_status_url(standing))
    if request.method == "POST":
        return _cancel(request, site, standing)
    return _confirm(request, site, standing)


def _cancel(request: HttpRequest, site: Site, standing: Standing) -> HttpResponse:
    shown = request.POST.get("total", "")
    if not (shown.isascii() and shown.isdigit() and len(shown) <= LONGEST):
        return _confirm(request, site, standing)
    try:
        limits.visitor(request)
        if standing.booking.status == Status.AWAITING_SCHEDULE:
            by_visitors.give_back(standing.booking)
        else:
            by_visitors.cancel(standing.booking, total=int(shown))
    except LimitReached as error:
        return screens.busy(
            request, site, standing.session_type, error.retry_after, _status_url(standing)
        )
    except ShownChanged:
        return _confirm(request, site, standing, has_changed=True)
    except NotPossible:  # canceled meanwhile, or begun: its page says so
        pass
    return SeeOther(_status_url(standing))


def _confirm(
    request: HttpRequest, site: Site, standing: Standing, *, has_changed: bool = False
) -> HttpResponse:
    total = by_visitors.refund_if_canceled(standing.booking, timezone.now())
    with speaking(standing.session_type):
        context = {
            "standing": standing,
            "session_type": standing.session_type,
            "total": total,
            "amount": standing.agreed.amount(total),
            "has_changed": has_changed,
            "settings": panels.settings_of(site),
        }
        return answer(request, "cancel.html", context, status=409 if has_changed else 200)


def _status_url(standing: Standing) -> str:
    return reverse("wagtail_calendly:status", args=[standing.booking.token])
