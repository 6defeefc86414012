"""What is asked of Calendly: to look something up, to cancel an event, to make a single-use link."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_calendly.bookings import lookup, record
from wagtail_calendly.bookings.effects.freezing import freeze
from wagtail_calendly.bookings.effects.looking import find, look
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Request
from wagtail_calendly.bookings.rules import EffectSpec
from wagtail_calendly.calendly import CalendlyPermissionError
from wagtail_calendly.exceptions import SharedEvent


def look_up(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """The visitor says it is booked."""
    find(booking, vendors)


def look_up_successor(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    invitee, event = lookup.read(effect.params["subject"], client=vendors.calendly)
    record.appointment(invitee, event, account=booking.account)
    if invitee.new_invitee:
        successor = lookup.read(invitee.new_invitee, client=vendors.calendly)
        record.appointment(*successor, account=booking.account)


def refresh(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    found = lookup.read(effect.params["subject"], client=vendors.calendly)
    record.appointment(*found, account=booking.account)


def cancel_event(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Cancel a whole event. Raises `SharedEvent` where it has other invitees, and staff did not mean all of them."""
    event = look(booking, vendors)
    if event and event.invitees_counter.active > 1 and not _is_meant_for_all(booking, event.uri):
        raise SharedEvent("Others are booked on this event; it cannot be canceled for one of them.")
    appointment = Appointment.objects.get(invitee_uri=effect.params["subject"])
    reason = freeze(effect, lambda spec, now: _freeze_reason(booking, effect, appointment))
    try:
        vendors.calendly.cancel_event(appointment.event_uri, reason)
    except CalendlyPermissionError:
        # Of one that is past Calendly says no more than that this may not be done.
        if not _is_over(appointment):
            raise
    found = lookup.read(appointment.invitee_uri, client=vendors.calendly)
    record.appointment(*found, account=booking.account)


def create_link(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Where the answer is lost, another one is made; a link that nobody was shown does no harm."""
    freeze(effect, _store_nothing)
    made = vendors.calendly.create_scheduling_link(booking.terms.event_type.uri)
    rows = Booking.objects.filter(pk=booking.pk, link_made_at=None)
    rows.mark_due(scheduling_link=made.booking_url, link_made_at=timezone.now())


def _freeze_reason(booking: Booking, effect: Effect, appointment: Appointment) -> str:
    """What Calendly writes to the visitor, in the language in which they chose the session."""
    if "reason" not in effect.params:
        with translation.override(booking.terms.session_type.locale.language_code):
            effect.params["reason"] = _reason(booking, appointment)
        Effect.objects.filter(pk=effect.pk).update(params=effect.params)
    return str(effect.params["reason"])


def _reason(booking: Booking, appointment: Appointment) -> str:
    asked = booking.requests.filter(kind=Request.Kind.CANCEL).first()
    if (asked and asked.is_staff) or _is_meant_for_all(booking, appointment.event_uri):
        return _("Canceled by the organizer.")
    if asked:
        return _("Canceled at your request.")
    return _("The time was held until it would be paid, and it was not paid in time.")


def _is_meant_for_all(booking: Booking, event_uri: str) -> bool:
    """Whether staff have seen who is booked on this event, and want it canceled for all of them."""
    asked = booking.requests.filter(kind=Request.Kind.CANCEL_EVENT)
    return any(event_uri in request.seen for request in asked)


def _is_over(appointment: Appointment) -> bool:
    return bool(appointment.end_time and appointment.end_time <= timezone.now())


def _store_nothing(spec: EffectSpec, now: datetime) -> None:
    pass
