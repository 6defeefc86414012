"""Which reference a visitor goes on with: a kept one while it is unused and young, else a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly import conf
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for
from wagtail_calendly.visitor import asked, memory
from wagtail_calendly.visitor.agreed import Agreed
from wagtail_calendly.visitor.memory import Choice
from wagtail_calendly.visitor.standing import Standing

#: A booking in one of these is over: whoever chooses the session again wants a new one.
OVER = frozenset(
    {Status.COMPLETED, Status.NO_SHOW, Status.CANCELED, Status.EXPIRED, Status.ABANDONED}
)
#: What its visitor must do something about.
UNFINISHED = frozenset({Status.AWAITING_PAYMENT, Status.AWAITING_SCHEDULE})
TAIL = 8


@dataclass(frozen=True)
class Chosen:
    """The choice to go on with, and its booking where there is one already."""

    choice: Choice
    booking: Booking | None = None
    agreed: Agreed | None = None
    #: Chosen just now, and nothing was kept: what counts as opened.
    is_new: bool = False

    @property
    def is_booked(self) -> bool:
        return self.booking is not None and not may_go_on(self.booking)


def may_go_on(booking: Booking) -> bool:
    """Whether the calendar may stay open: the visitor said "booked", but nobody saw a booking yet."""
    return (
        booking.status == Status.PENDING
        and not booking.claimed_invitee_uri
        and not booking.calendly_invitee_uri
    )


def is_news(booking: Booking, seen: str) -> bool:
    """Whether a panel that shows `seen` (empty: the calendar) should show this booking instead."""
    return not may_go_on(booking) if not seen else Standing(booking).mark != seen


def choose(
    request: HttpRequest, session_type: SessionType, wish: asked.Asked, site: Site
) -> Chosen:
    """Go on with what this visitor chose before for the same offer, or mint a reference.

    Writes the visitor's session and no booking: a GET creates no row.
    Raises `Terms.DoesNotExist` where what is offered was never published.
    """
    terms = terms_for(session_type)
    chosen = _kept(request, (terms.pk, site.pk, wish.page), again=wish.again)
    if chosen is None:
        reference = references.mint(terms_id=terms.pk, site_id=site.pk, page_id=wish.page)
        tracking = asked.tracking(request.GET, conf.load().tracking_parameters)
        chosen = Chosen(Choice(reference.text, session_type.pk, tracking=tracking), is_new=True)
    choice = replace(chosen.choice, embed=wish.embed, consent=wish.consent)
    memory.remember(request, choice)
    return replace(chosen, choice=choice, agreed=Agreed(terms))


def to_resume(choice: Choice, site: Site) -> Chosen | None:
    """The choice to continue, or whose booking to show; None where there is nothing of either."""
    booking = booking_of(choice, site)
    if booking is None:
        fresh = choice.is_young(timezone.now()) and choice.parsed.site_id == site.pk
        return Chosen(choice) if fresh else None
    return None if booking.status in OVER else Chosen(choice, booking)


def unfinished(choices: Sequence[Choice], site: Site) -> Chosen | None:
    """The newest choice whose booking waits for its visitor: to be paid, or for a time to be chosen."""
    waiting = Booking.objects.filter(
        reference__in=[choice.reference for choice in choices], site=site, status__in=UNFINISHED
    ).select_related("terms__session_type__locale")
    found = {booking.reference: booking for booking in waiting}
    for choice in reversed(choices):
        if choice.reference in found:
            return Chosen(choice, found[choice.reference])
    return None


def booking_of(choice: Choice, site: Site) -> Booking | None:
    """The booking that carries this choice's reference, if any, on this site."""
    return (
        Booking.objects.filter(reference=choice.reference, site=site)
        .select_related("terms__session_type")
        .first()
    )


def tail(booking: Booking) -> str:
    """What an address names a finished booking by: enough to tell it, too little to find it."""
    return booking.reference[-TAIL:]


def _kept(request: HttpRequest, offer: tuple[int, int, int | None], *, again: str) -> Chosen | None:
    """The newest kept choice of this offer that is still of use."""
    for choice in reversed(memory.choices(request)):
        parsed = choice.parsed
        if (parsed.terms_id, parsed.site_id, parsed.page_id) != offer:
            continue
        booking = Booking.objects.filter(reference=choice.reference).first()
        chosen = Chosen(choice, booking)
        if booking is None:
            return chosen if choice.is_young(timezone.now()) else None
        if booking.status in OVER or (chosen.is_booked and tail(booking) == again):
            return None
        return chosen
    return None
