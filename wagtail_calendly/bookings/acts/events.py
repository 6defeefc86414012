"""A whole event of Calendly's: who is booked on it, and canceling it for all of them, with their money back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from wagtail_calendly.bookings import effects, settle
from wagtail_calendly.bookings.acts import doing
from wagtail_calendly.bookings.acts.doing import CLOSING, act, refuse_unless
from wagtail_calendly.bookings.facts import facts_of_payment, facts_of_terms
from wagtail_calendly.bookings.models import Appointment, Booking, Request
from wagtail_calendly.bookings.requests import Standing, ask
from wagtail_calendly.bookings.rules import BookingFacts, Ledger, PaymentFacts
from wagtail_calendly.calendly.schemas import CANCELED

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class Place(NamedTuple):
    """One invitee of an event, and the payment that their booking keeps, if they have either."""

    appointment: Appointment
    payment: PaymentFacts | None

    @property
    def given_back(self) -> int:
        """What canceling gives back, in minor units: nothing of what is disputed."""
        if self.payment is None or self.payment.dispute in ("open", "lost"):
            return 0
        return self.payment.captured - self.payment.refunded


def places(event_uri: str) -> list[Place]:
    """Everybody known to be booked on an event, by name."""
    rows = Appointment.objects.filter(event_uri=event_uri)
    active = rows.exclude(invitee_status=CANCELED).exclude(event_status=CANCELED)
    known = active.select_related("booking__terms__event_type").order_by("name", "pk")
    return [
        Place(row, _keeper(row.booking) if row.booking else None)
        for row in known.prefetch_related("booking__payments__refunds")
    ]


def cancel(event_uri: str, *, user: AbstractBaseUser, reason: str = "") -> None:
    """Staff cancel an event for everybody: each booking is canceled by its host, and so refunded in full.

    Everybody's request is written down first; Calendly is asked once, because each looks before it acts. Who is
    not known yet is found canceled later, by the host as well. Raises `NotPossible` where nobody is booked on it.
    """
    affected = [place.appointment.booking for place in places(event_uri)]
    bookings = [booking for booking in affected if booking]
    refuse_unless(bookings, "Nobody is booked on it any more.")
    for booking in bookings:
        check = partial(_check, event_uri=event_uri, reason=reason)
        ask(booking, Request.Kind.CANCEL_EVENT, check, user=user)
    with effects.in_a_hurry(doing.SECONDS):
        act(bookings[0], Request.Kind.CANCEL_EVENT, *CLOSING)
        for booking in bookings[1:]:
            settle.settle(booking.pk, because=Request.Kind.CANCEL_EVENT)


def _check(held: Standing, *, event_uri: str, reason: str) -> dict[str, Any] | None:
    """Whoever was moved or canceled meanwhile is left alone."""
    current = held.decision.current
    stands = held.is_cancelable and current is not None and current.event == event_uri
    if not stands or held.facts.asked_for_all(event_uri):
        return None
    return {"seen": [event_uri], "reason": reason}


def _keeper(booking: Booking) -> PaymentFacts | None:
    payments = tuple(facts_of_payment(row) for row in booking.payments.all())
    facts = BookingFacts(None, (), facts_of_terms(booking.terms), payments)
    return Ledger(facts).keeper
