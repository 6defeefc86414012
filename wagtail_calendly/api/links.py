"""A visitor's way to Calendly's calendar: its address with a reference that the visitor's session holds."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_calendly import accounts, conf, limits
from wagtail_calendly.bookings import numbers
from wagtail_calendly.bookings.models import Status
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.visitor import address, choosing
from wagtail_calendly.visitor.asked import Asked
from wagtail_calendly.visitor.choosing import Chosen
from wagtail_calendly.visitor.memory import Choice


class NotPaid(Exception):
    """The calendar of this session opens once it is paid."""


KEY = "wagtail_calendly_links"


def link(
    request: HttpRequest, session_type: SessionType, *, page: int | None, site: Site
) -> tuple[str, str]:
    """The reference and the address. A link that this visitor has not used is given again.

    Raises `LimitReached` and `CalendlyError` (single-use links only), `Terms.DoesNotExist` for a
    session type that was changed without being published, `NotPaid` where it must be paid first.
    """
    chosen = _choose(request, session_type, page, site)
    choice = chosen.choice
    if chosen.is_new:
        numbers.count_opening(choice.parsed, choice.tracking)
    if chosen.agreed and chosen.agreed.is_paid_before:
        return choice.reference, _of_paid(chosen)
    event_type = session_type.event_type
    if event_type is None:
        raise ValueError("This session type has no event type.")
    url = event_type.scheduling_url
    if conf.load().single_use_links:
        url = _single_use(request, choice, event_type)
    return choice.reference, address.tab(url, reference=choice.reference, tracking=choice.tracking)


def _choose(
    request: HttpRequest, session_type: SessionType, page: int | None, site: Site
) -> Chosen:
    wish = Asked(page=page) if page else Asked()
    chosen = choosing.choose(request, session_type, wish, site)
    if chosen.booking is None or not chosen.is_booked:
        return chosen
    is_paid_before = chosen.agreed is not None and chosen.agreed.is_paid_before
    if is_paid_before and chosen.booking.status in choosing.UNFINISHED:
        return chosen
    again = wish.model_copy(update={"again": choosing.tail(chosen.booking)})
    return choosing.choose(request, session_type, again, site)


def _of_paid(chosen: Chosen) -> str:
    """The link that was made for this booking once it was paid."""
    booking = chosen.booking
    if booking is None or booking.status != Status.AWAITING_SCHEDULE or not booking.scheduling_link:
        raise NotPaid("This session is paid before its time is chosen.")
    choice = chosen.choice
    return address.tab(
        booking.scheduling_link, reference=choice.reference, tracking=choice.tracking
    )


def _single_use(request: HttpRequest, choice: Choice, event_type: EventType) -> str:
    """A page at Calendly that dies after one booking, made for this reference and kept with it."""
    links: dict[str, str] = request.session.get(KEY, {})
    if choice.reference not in links:
        limits.account(event_type.account, "links")
        # The reference is ours before the link is theirs: if the answer is lost, the visitor's next try
        # carries the same one. At worst one link is never used; there cannot be two bookings.
        request.session.save()
        made = accounts.calendly(event_type.account).create_scheduling_link(event_type.uri)
        links = {choice.reference: made.booking_url}
        request.session[KEY] = links
    return links[choice.reference]
