"""Staff give an appointment that belongs to no booking to one that waits for its time. Nothing is guessed by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail_calendly.bookings import chains, links, log
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts.doing import do, refuse_unless
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Status
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.exceptions import InvalidReference

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: Of bookings without a time: somebody paid, was to pay, or said that they booked, and was not found.
WAITING = (Status.PENDING, Status.AWAITING_SCHEDULE, Status.AWAITING_PAYMENT, Status.ABANDONED)
#: So many are offered, the newest first.
MOST = 50


def is_free(appointment: Appointment) -> bool:
    """Whether it stands, and belongs to nothing."""
    is_canceled = CANCELED in (appointment.invitee_status, appointment.event_status)
    is_known = appointment.event_type_id and appointment.start_time
    return bool(appointment.booking_id is None and is_known and not is_canceled)


def candidates(appointment: Appointment) -> list[Booking]:
    """Bookings of the same event type that have no time, and whose reference is older than the appointment."""
    rows = Booking.objects.filter(
        terms__event_type=appointment.event_type_id,
        account=appointment.account,
        status__in=WAITING,
        appointments=None,
    )
    rows = rows.select_related("terms__session_type", "terms__event_type")
    newest = rows.order_by("-created_at", "-pk")[:MOST]
    return [booking for booking in newest if _fits(booking, appointment)]


def give(appointment: Appointment, booking: Booking, *, user: AbstractBaseUser) -> Booking:
    """It belongs to this booking from now on. Raises `NotPossible` where either is taken, or they do not fit."""
    top = links.top_of(appointment)
    refuse_unless(
        is_free(top) and booking in candidates(top),
        "One of them is taken by now, or they are of different event types.",
    )
    log.given(booking, user)
    rows = Appointment.objects.filter(pk=top.pk, booking=None)
    rows.update(given_reference=booking.reference)
    links.renew(top.invitee_uri)
    return do(booking, "given", Effect.Kind.EXPIRE_CHECKOUT)


def _fits(booking: Booking, appointment: Appointment) -> bool:
    try:
        reference = references.read(booking.reference)
    except InvalidReference:  # of a key that is forgotten
        return False
    return chains.fits(
        reference,
        booking.terms,
        account=appointment.account,
        event_type_uri=appointment.event_type_uri,
        created_at=appointment.invitee_created_at,
    )
