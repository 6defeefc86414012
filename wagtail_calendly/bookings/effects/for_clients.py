"""Books the time that staff chose for a client, by Calendly's Scheduling API.

It takes no idempotency key, so whoever holds the booking's reference is looked up before every try.
https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-event-invitee
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils import timezone

from wagtail_calendly.bookings import lookup, record
from wagtail_calendly.bookings.effects.freezing import NotWanted, freeze
from wagtail_calendly.bookings.effects.looking import find
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Effect, Request
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.rules import EffectSpec
from wagtail_calendly.calendly import (
    CalendlyConflict,
    CalendlyError,
    CalendlyInvalidRequest,
    CalendlyPermissionError,
    NewInvitee,
)

#: Answers after which the same will never be booked, and how they are told.
FINAL: dict[type[CalendlyError], str] = {
    CalendlyConflict: "taken",
    CalendlyInvalidRequest: "refused",
    CalendlyPermissionError: "not_allowed",
}


def book(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Book the time, unless the client is booked by now. A final refusal is kept with the request."""
    if not find(booking, vendors):
        new = freeze(effect, partial(_invitee, booking))
        try:
            made = vendors.calendly.create_invitee(new)
        except tuple(FINAL) as error:
            if not find(booking, vendors):  # a try whose answer was lost may be what took the time
                _close(booking, FINAL[type(error)])
                return
        else:
            found = lookup.read(made.uri, client=vendors.calendly)
            record.appointment(*found, account=booking.account)
    _close(booking)


def give_up(effect: Effect) -> None:
    """It is not wanted any more: the client's data are needed no longer."""
    _close(effect.booking)


def _invitee(booking: Booking, spec: EffectSpec, now: datetime) -> NewInvitee:
    request = booking.requests.filter(kind=Request.Kind.BOOK, met_at=None).last()
    if request is None:
        raise NotWanted
    tracking = {"utm_content": booking.reference}
    uri = booking.terms.event_type.uri
    return NewInvitee.model_validate({**request.details, "event_type": uri, "tracking": tracking})


def _close(booking: Booking, code: str = "") -> None:
    """What was asked for is answered, and the person's data in it are forgotten."""

    def write() -> None:
        Booking.objects.filter(pk=booking.pk).mark_due()
        asked = booking.requests.filter(kind=Request.Kind.BOOK, met_at=None)
        asked.update(met_at=timezone.now(), details={}, code=code)

    in_transaction(write)
