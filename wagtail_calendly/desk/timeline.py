"""What happened to a booking, in order and in plain words: facts, requests, decisions, effects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from wagtail_calendly.bookings.log import NOTED, REQUESTED
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Payment,
    PaymentState,
    Refund,
    Request,
)
from wagtail_calendly.desk import money
from wagtail_calendly.snippets.price_words import amount


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: str
    text: str
    note: str = ""

    @property
    def icon(self) -> str:
        icons = {
            "fact": "info-circle",
            "request": "user",
            "note": "comment",
            "decision": "check",
            "effect": "cog",
        }
        return icons[self.kind]


def timeline(booking: Booking) -> list[Moment]:
    """Everything known of this booking, oldest first."""
    moments = [*_claims(booking), *_requests(booking), *_notes(booking), *_decisions(booking)]
    for appointment in booking.appointments.all():
        moments += _appointment(appointment)
    for payment in booking.payments.all():
        moments += _payment(payment)
    for effect in booking.effects.all():
        moments += _effect(effect)
    return sorted(moments, key=lambda moment: moment.at)


def _claims(booking: Booking) -> Iterator[Moment]:
    if booking.claimed_at:
        yield Moment(
            booking.claimed_at, "fact", _("The visitor's browser said that a time was booked.")
        )


def _appointment(appointment: Appointment) -> Iterator[Moment]:
    text = (
        _("Calendly: moved to a new time.")
        if appointment.old_invitee_uri
        else _("Calendly: a time was booked.")
    )
    yield Moment(appointment.invitee_created_at or appointment.recorded_at, "fact", text)
    if appointment.canceled_at and not appointment.rescheduled:
        by_host = appointment.canceler_type == "host"
        text = (
            _("Calendly: canceled by the host.")
            if by_host
            else _("Calendly: canceled by the invitee.")
        )
        yield Moment(appointment.canceled_at, "fact", text, appointment.cancel_reason)
    if appointment.no_show_uri and appointment.invitee_updated_at:
        yield Moment(
            appointment.invitee_updated_at, "fact", _("Calendly: the invitee did not come.")
        )


def _payment(payment: Payment) -> Iterator[Moment]:
    """What Stripe said of an attempt, as far as it is known when."""
    currency = payment.said_currency or payment.currency
    shown = amount(payment.captured or payment.total or payment.amount, currency)
    known_at = payment.settled_at or payment.observed_at
    words = {
        PaymentState.PROCESSING: _("Stripe: %(amount)s are on their way."),
        PaymentState.FAILED: _("Stripe: %(amount)s did not come."),
        PaymentState.EXPIRED: _("Stripe: the payment page was closed unpaid (%(amount)s)."),
        PaymentState.PAID: _("Stripe: %(amount)s were paid."),
    }
    state = PaymentState(payment.state)
    if state in words and known_at:
        yield Moment(known_at, "fact", words[state] % {"amount": shown})
    if payment.dispute and payment.observed_at:
        text = _("Stripe: %(what)s.") % {"what": money.dispute_words(payment.dispute)}
        yield Moment(payment.observed_at, "fact", text)
    for refund in payment.refunds.all():
        yield _refund(refund, currency)


def _refund(refund: Refund, currency: str) -> Moment:
    words = {"amount": amount(refund.amount, currency), "state": refund.get_state_display()}
    text = _("Stripe: refund of %(amount)s, %(state)s.") % words
    note = "" if refund.effect else _("Made at Stripe, not here.")
    return Moment(refund.created_at, "fact", text, note)


def _requests(booking: Booking) -> Iterator[Moment]:
    for request in booking.requests.all():
        sentence = _("%(who)s asked for: %(what)s.")
        if request.kind == Request.Kind.ACKNOWLEDGE:
            sentence = _("%(who)s said: %(what)s.")
        words = {"who": money.who(request), "what": money.requested(booking, request)}
        yield Moment(request.at, "request", sentence % words, request.reason)


def _notes(booking: Booking) -> Iterator[Moment]:
    for note in booking.notes.all():
        yield Moment(
            note.at, "note", _("%(who)s noted:") % {"who": money.name_of(note.user)}, note.text
        )


def _decisions(booking: Booking) -> Iterator[Moment]:
    """What followed from the facts. Requests and notes are told from their own rows, with their words."""
    for entry in registry.get_logs_for_instance(booking).select_related("user"):
        if entry.action not in (NOTED, REQUESTED):
            yield Moment(entry.timestamp, "decision", str(entry.message))


def _effect(effect: Effect) -> Iterator[Moment]:
    name = str(effect.get_kind_display())
    if effect.kind == Effect.Kind.NOTIFY:
        name = _("%(effect)s “%(mail)s”") % {"effect": name, "mail": money.mail_of(effect)}
    yield Moment(effect.created_at, "effect", _("To do: %(effect)s.") % {"effect": name})
    if effect.finished_at:
        yield Moment(effect.finished_at, "effect", _outcome(effect, name), effect.error)
    elif effect.tries:
        text = _("Tried %(tries)d times: %(effect)s.") % {"tries": effect.tries, "effect": name}
        note = _("%(error)s Tried again at this time.") % {"error": effect.error}
        yield Moment(effect.next_try_at, "effect", text, note.strip())
    elif effect.error:
        text = _("Put off until now: %(effect)s.") % {"effect": name}
        yield Moment(effect.next_try_at, "effect", text, effect.error)


def _outcome(effect: Effect, name: str) -> str:
    words = {
        Effect.State.DONE: _("Done: %(effect)s."),
        Effect.State.IGNORED: _("No longer needed: %(effect)s."),
        Effect.State.DEAD: _("Given up: %(effect)s."),
    }
    return words[Effect.State(effect.state)] % {"effect": name}
