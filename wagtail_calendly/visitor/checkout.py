"""Paying: ordering what is paid first, the way to the payment page, and the way back from it."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from wagtail_calendly import limits
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.exceptions import InvalidReference, LimitReached, NotPayable, NotPossible
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import memory, screens
from wagtail_calendly.visitor.answers import (
    SeeOther,
    answer,
    is_fragment,
    private,
    site_of,
    speaking,
)
from wagtail_calendly.visitor.paying import checkout_url
from wagtail_calendly.visitor.standing import Standing
from wagtail_calendly.visitor.status import booking_of

#: Seconds between looks at a payment page that is being opened, and how many; then its booking says more.
PAUSE = 2
MOST_LOOKS = 5


@transaction.non_atomic_requests
@private()
@require_POST
@csrf_protect
def order(request: HttpRequest) -> HttpResponse:
    """Order a session that is paid before its time is chosen: makes its booking, and leads on to pay it."""
    site = site_of(request)
    choice = memory.held(request, request.POST.get("reference", ""))
    if choice is None:
        return screens.lost(request, site)
    try:
        limits.visitor(request)
        limits.checkout()
        booking = by_visitors.order(choice.reference, site=site)
    except LimitReached as error:
        session_type = get_object_or_404(SessionType, pk=choice.session_type_id)
        again = screens.session_url(session_type, choice)
        return screens.busy(request, site, session_type, error.retry_after, again)
    except (InvalidReference, NotPossible):
        return screens.lost(request, site)
    return _pay(request, booking)


@transaction.non_atomic_requests
@private()
@require_POST
@csrf_protect
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor wants to pay. Pressed twice, it leads to the same payment page."""
    site = site_of(request)
    booking = booking_of(site, token)
    try:
        limits.visitor(request)
        limits.checkout()
    except LimitReached as error:
        session_type = booking.terms.session_type
        return screens.busy(request, site, session_type, error.retry_after, _status_url(booking))
    return _pay(request, booking)


@private()
@require_safe
def checkout(request: HttpRequest, token: str) -> HttpResponse:
    """Leads on to the open payment page, or waits a moment for it. Asks nobody."""
    standing = Standing(booking_of(site_of(request), token))
    looks = request.GET.get("looks", "0")
    paying, number = standing.paying, int(looks) if looks in {"1", "2", "3", "4", "5"} else 0
    if paying is None or not paying.is_payable:
        return SeeOther(_status_url(standing.booking))
    if not paying.checkout_url and (not paying.is_opening or number >= MOST_LOOKS):
        return SeeOther(_status_url(standing.booking))
    with speaking(standing.session_type):
        context = {"standing": standing, "session_type": standing.session_type}
        response = answer(request, "checkout.html", context)
    # A page that leads on, not a redirect: Chromium would hold a redirect after a form against the
    # page's own `form-action`, and the site would have to name the provider there.
    here = f"{request.path}?looks={number + 1}"
    response["Refresh"] = (
        f"0; url={paying.checkout_url}" if paying.checkout_url else f"{PAUSE}; url={here}"
    )
    return response


@transaction.non_atomic_requests
@private()
@require_safe
def paid(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the payment page. The checkout in the address proves nothing: only one of ours is looked up."""
    booking = booking_of(site_of(request), token)
    checkout_id = request.GET.get("checkout", "")
    if not checkout_id:
        raise Http404
    get_object_or_404(booking.payments, checkout_id=checkout_id)
    try:
        limits.visitor(request)
        by_visitors.look(booking)
    except (
        LimitReached
    ):  # reloaded again and again: the page asks us, and we hear of it all the same
        pass
    return SeeOther(f"{_status_url(booking)}?paid=1")


def _pay(request: HttpRequest, booking: Booking) -> HttpResponse:
    try:
        attempt = by_visitors.pay(booking)
    except NotPayable:
        return _go(request, _status_url(booking))
    waiting = reverse("wagtail_calendly:checkout", args=[booking.token])
    if is_fragment(request):
        return _go(request, checkout_url(attempt) or waiting)
    return SeeOther(waiting)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """The whole page goes there, whoever asked."""
    if not is_fragment(request):
        return SeeOther(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _status_url(booking: Booking) -> str:
    return reverse("wagtail_calendly:status", args=[booking.token])
