"""What is asked of Calendly about an invitee who did not come: to mark them, and to take the mark back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.utils import timezone

from wagtail_calendly.bookings import lookup, record
from wagtail_calendly.bookings.effects.freezing import freeze
from wagtail_calendly.bookings.effects.looking import look_at_calendly
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Request
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.calendly import CalendlyConflict


def mark(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Mark the invitee, unless they are marked by now."""

    def call(row: Appointment) -> None:
        with suppress(CalendlyConflict):  # somebody else was faster; what is read next says so
            vendors.calendly.create_no_show(row.invitee_uri)

    _bring_about(True, call, booking, effect, vendors)


def undo(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Take the mark back, if there still is one."""

    def call(row: Appointment) -> None:
        vendors.calendly.delete_no_show(row.no_show_uri)

    _bring_about(False, call, booking, effect, vendors)


def _bring_about(
    is_marked: bool,
    call: Callable[[Appointment], None],
    booking: Booking,
    effect: Effect,
    vendors: Vendors,
) -> None:
    """Look, call if need be, read what came of it; the request is met once that is as asked."""
    look_at_calendly(booking, vendors)
    decided_at = freeze(effect, lambda spec, now: now)
    row = _row(effect)
    if bool(row.no_show_uri) != is_marked:
        call(row)
        found = lookup.read(row.invitee_uri, client=vendors.calendly)
        record.appointment(*found, account=booking.account)
    if bool(_row(effect).no_show_uri) == is_marked:
        kind = Request.Kind.NO_SHOW if is_marked else Request.Kind.CAME
        in_transaction(partial(_met, booking, kind, decided_at))


def _met(booking: Booking, kind: str, decided_at: datetime) -> None:
    """What somebody asks for after we decided is for another effect."""
    Booking.objects.filter(pk=booking.pk).mark_due()
    asked = booking.requests.filter(kind=kind, at__lte=decided_at, met_at=None)
    asked.update(met_at=timezone.now())


def _row(effect: Effect) -> Appointment:
    return Appointment.objects.get(invitee_uri=effect.params["subject"])
