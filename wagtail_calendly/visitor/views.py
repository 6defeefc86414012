"""Choosing a session, its calendar, "I have booked my time", and going on later."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect, ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from wagtail_calendly import limits
from wagtail_calendly.bookings import confirm
from wagtail_calendly.exceptions import InvalidReference, LimitReached, NotOurBooking
from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.offer import is_bookable
from wagtail_calendly.visitor import asked, choosing, memory, polling, screens
from wagtail_calendly.visitor.answers import SeeOther, is_fragment, private, site_of
from wagtail_calendly.visitor.choosing import Chosen


@private()
@require_safe
@ensure_csrf_cookie
def session(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The panel of a session: its calendar, the booking it already led to, or others instead."""
    site, wish = site_of(request), asked.read(request.GET)
    session_type = SessionType.objects.filter(pk=pk).select_related("locale").first()
    if session_type is None or not is_bookable(session_type):
        return screens.unavailable(request, site, session_type, wish)
    try:
        chosen = choosing.choose(request, session_type, wish, site)
    except Terms.DoesNotExist:  # changed behind the editor's back; publishing it again writes them
        return screens.unavailable(request, site, session_type, wish)
    if chosen.is_booked:
        return _done(request, site, chosen)
    is_paid_before = chosen.agreed is not None and chosen.agreed.is_paid_before
    show = screens.pay_first if is_paid_before else screens.calendar
    return memory.mark(show(request, site, session_type, chosen))


@transaction.non_atomic_requests
@private()
@require_POST
@csrf_protect
def booked(request: HttpRequest) -> HttpResponse:
    """The visitor says "I have booked my time". Works without JavaScript and from any tab."""
    site = site_of(request)
    choice = memory.held(request, request.POST.get("reference", "")) or memory.current(request)
    if choice is None:
        return screens.lost(request, site)
    try:
        limits.visitor(request)
        limits.lookup(choice.reference)
        booking = confirm.booked(choice.reference, site=site, tracking=choice.tracking)
    except LimitReached as error:
        return screens.wait(request, site, choice, error.retry_after)
    except (InvalidReference, NotOurBooking):
        return screens.lost(request, site)
    return _done(request, site, Chosen(choice, booking))


@private()
@require_safe
def poll(request: HttpRequest) -> HttpResponse:
    """Whether a booking is there by now. Asks our own database only."""
    site, question = site_of(request), polling.read(request)
    choice = memory.held(request, question.reference)
    if choice is None or question.is_over:
        return polling.stop()
    booking = choosing.booking_of(choice, site)
    if booking is None or not choosing.is_news(booking, question.seen):
        return polling.nothing_new(request, question)
    return screens.booked(request, site, choice, booking)


@private()
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """ "Finish your booking" or "Continue where you were": asked for once, and only where the marker cookie is set."""
    site, choices = site_of(request), memory.choices(request)
    chosen = choosing.unfinished(choices, site) if choices else None
    if chosen is None and choices:
        chosen = choosing.to_resume(choices[-1], site)
    offer = screens.resume(request, chosen) if chosen else None
    return offer or memory.unmark(HttpResponse(status=204))


def _done(request: HttpRequest, site: Site, chosen: Chosen) -> HttpResponse:
    """In the panel where it is one; else the status page, so that a reload repeats nothing."""
    if chosen.booking is None:
        return screens.lost(request, site)
    if is_fragment(request):
        return screens.booked(request, site, chosen.choice, chosen.booking)
    return SeeOther(reverse("wagtail_calendly:status", args=[chosen.booking.token]))
