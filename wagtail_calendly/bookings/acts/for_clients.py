"""Staff book for a client: a booking with a link of its own, and if they like a time at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly import accounts
from wagtail_calendly.bookings import links
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts.doing import SECONDS, do, refuse_unless
from wagtail_calendly.bookings.models import Booking, Effect, Request, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.requests import Standing, ask
from wagtail_calendly.exceptions import InvalidReference, NotPossible
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: So many days of free times are read at once.
SHOWN = timedelta(days=7)


class NotBooked(NotPossible):
    """Calendly did not book it: `code` is taken, refused or not_allowed. Nothing has changed."""

    def __init__(self, code: str) -> None:
        super().__init__("Calendly did not book it.")
        self.code = code


def reference_for(session_type: SessionType, site: Site, *, known: str = "") -> Reference:
    """A reference for what is offered now: the known one while it is for just that, else a new one.

    Raises `Terms.DoesNotExist` for a session type that was changed without being published.
    """
    offer = (terms_for(session_type).pk, site.pk)
    try:
        reference = references.read(known)
        if (reference.terms_id, reference.site_id) == offer:
            return reference
    except InvalidReference:
        pass
    return references.mint(terms_id=offer[0], site_id=offer[1])


def invite(
    reference: Reference, *, user: AbstractBaseUser, is_waived: bool = False, reason: str = ""
) -> Booking:
    """Begin a booking for a client, once for each reference. Its link is made where nothing is to be paid before."""
    booking = links.booking_of(reference)

    def check(held: Standing) -> dict[str, Any] | None:
        return None if held.facts.asked("invite") else {}

    if ask(booking, Request.Kind.INVITE, check, user=user) and is_waived and booking.terms.charge:
        ask(booking, Request.Kind.WAIVE, lambda held: {"reason": reason}, user=user)
    return do(booking, Request.Kind.INVITE, Effect.Kind.CREATE_LINK)


def is_bookable(held: Standing) -> bool:
    """Whether a time may be chosen for it, and none is being booked."""
    return held.decision.status == Status.AWAITING_SCHEDULE and not any(
        effect.kind == Effect.Kind.BOOK for effect in held.decision.effects
    )


def free_times(booking: Booking, since: datetime) -> list[datetime]:
    """The free times of a week, as Calendly gives them now; nobody holds them. Raises `CalendlyError`."""
    client = accounts.calendly(booking.account).within(SECONDS)
    begin = max(since, timezone.now() + timedelta(minutes=1))
    times = client.available_times(booking.terms.event_type.uri, begin, since + SHOWN)
    return [one.start_time for one in times]


def book(booking: Booking, *, details: dict[str, Any], user: AbstractBaseUser) -> Booking:
    """Book a time. `details` are the fields of `NewInvitee` as JSON, but for event type and tracking.

    Returns the booking, which waits where Calendly could not be reached. Raises `NotPossible` where a time is
    chosen by now, and `NotBooked` where Calendly refused.
    """

    def check(held: Standing) -> dict[str, Any]:
        refuse_unless(is_bookable(held), "A time is chosen by now, or is being booked.")
        return {"details": details}

    asked = ask(booking, Request.Kind.BOOK, check, user=user)
    booked = do(booking, Request.Kind.BOOK, Effect.Kind.BOOK)
    if asked:
        asked.refresh_from_db()
        if asked.code:
            raise NotBooked(asked.code)
    return booked
