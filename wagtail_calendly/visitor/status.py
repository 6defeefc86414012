"""The page of one booking behind its own unguessable token, and its calendar file."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wagtail_calendly.blocks import cards, facts
from wagtail_calendly.bookings import calendars
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.visitor import choosing, memory, panels, polling
from wagtail_calendly.visitor.answers import answer, is_fragment, private, site_of, speaking
from wagtail_calendly.visitor.memory import Choice
from wagtail_calendly.visitor.panels import Panel
from wagtail_calendly.visitor.polling import Poll
from wagtail_calendly.visitor.standing import Standing
from wagtail_calendly.visitor.wayback import way_back


@private()
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """How the booking stands. To htmx, while something is pending: news, or the question again."""
    site = site_of(request)
    question = polling.read(request)
    standing = Standing(booking_of(site, token), is_back_from_paying=question.is_paid)
    if is_fragment(request) and question.is_over:
        return polling.stop()
    with speaking(standing.session_type):
        if is_fragment(request) and question.seen == standing.mark:
            return polling.nothing_new(request, question)
        return answer(request, "status.html", _context(request, site, standing))


@private(referrer="no-referrer")
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The session as a calendar file."""
    standing = Standing(booking_of(site_of(request), token))
    if standing.entry is None:
        raise Http404
    with speaking(standing.session_type):
        content = calendars.of(standing.booking)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response


def booking_of(site: Site, token: str) -> Booking:
    """The booking of this token on this site. Another site's is as unknown as one that never was."""
    bookings = Booking.objects.select_related("terms__session_type__locale", "terms__event_type")
    return get_object_or_404(bookings, token=token, site=site)


def _context(request: HttpRequest, site: Site, standing: Standing) -> dict[str, object]:
    booking, session_type = standing.booking, standing.session_type
    path = reverse("wagtail_calendly:status", args=[booking.token])
    return {
        # A page of its own, also where htmx swaps news into it.
        "level": 1,
        "standing": standing,
        "session_type": session_type,
        "facts": facts.facts(session_type),
        "settings": panels.settings_of(site),
        "poll": _poll(request, path, standing),
        "back_url": way_back(request, site, booking.page_id),
        "session_url": cards.address(session_type, page_id=booking.page_id, embed="", consent=""),
        "may_go_on": choosing.may_go_on(booking) and memory.holds(request, booking.reference),
        **(_calendar(request, site, path, standing) if standing.is_choosing else {}),
    }


def _calendar(request: HttpRequest, site: Site, path: str, standing: Standing) -> dict[str, object]:
    """The calendar of a session that is paid. Who has this address may use it, in any browser: the
    visit remembers the reference, as proof of who books where Calendly does not carry it."""
    booking = standing.booking
    choice = memory.held(request, booking.reference) or Choice(
        booking.reference, standing.session_type.pk, tracking=booking.tracking
    )
    choice = replace(choice, embed="inline", consent="click")
    memory.remember(request, choice)
    return {
        "panel": Panel(request, site, standing.session_type, choice, link=booking.scheduling_link),
        "done": Poll(path, seen="calendar"),
    }


def _poll(request: HttpRequest, path: str, standing: Standing) -> Poll:
    """While something is pending, or the visitor has just come back, asking goes on by itself."""
    question = polling.read(request)
    if is_fragment(request) and (question.is_slow or question.is_back):
        return replace(polling.after(question), seen=standing.mark)
    if standing.is_waiting:
        return Poll(path, seen=standing.mark, is_paid=question.is_paid)
    # What has just changed may change once more: Calendly tells of a move in two halves.
    is_news = is_fragment(request)
    return Poll(path, seen=standing.mark, is_slow=not is_news, is_back=is_news)
