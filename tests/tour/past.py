"""Writes bookings as if they had happened: each fact at its time, the vendors' answers to effects included."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from django.utils import timezone

from tests.factories import API, AppointmentFactory, BookingFactory
from wagtail_calendly.bookings import work
from wagtail_calendly.bookings.models import Booking, Effect, Payment, Refund
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

_numbers = count(1)


def name_of(kind: str) -> str:
    """Another name of its kind each time, and the same ones in each run."""
    digest = hashlib.sha256(f"{kind}/{next(_numbers)}".encode()).hexdigest()
    return f"{kind}{digest[:24]}"


@dataclass
class Story:
    """One visitor, and what happens to their booking from its making on."""

    session: SessionType
    name: str
    made: datetime
    starts: datetime
    page_id: int | None = None
    tracking: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, str]] = field(default_factory=list)
    event: str = ""

    def book(self, *, is_paid: bool = True) -> Booking:
        """A time is chosen and, where the session has a price, paid; first, where it is to be paid first."""
        terms = terms_for(self.session)
        pays_first = terms.charge and terms.payment_order == "before"
        with time_machine.travel(self.made):
            self.booking = BookingFactory(
                terms=terms,
                reference=name_of("r"),
                token=name_of("t"),
                page_id=self.page_id,
                tracking=self.tracking,
            )
        if pays_first and is_paid:
            self.pay(after=timedelta(minutes=3))
            self.appear(self.made + timedelta(minutes=9))
        else:
            self.appear(self.made)
            if terms.charge and is_paid:
                self.pay(after=timedelta(minutes=6))
        return self.booking

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"

    def appear(self, at: datetime, **said: Any) -> None:
        """Calendly tells of the appointment."""
        event_type = self.session.event_type
        event = self.event or f"{API}/scheduled_events/{name_of('')}"
        with time_machine.travel(at):
            AppointmentFactory(
                booking=self.booking,
                event_uri=event,
                invitee_uri=f"{event}/invitees/{name_of('')}",
                name=self.name,
                email=self.email,
                timezone="Europe/Berlin",
                start_time=self.starts,
                end_time=self.starts + timedelta(minutes=event_type.duration),
                questions_and_answers=self.answers,
                tracking=self.tracking,
                **said,
            )
            happen(self.booking)

    def pay(self, *, after: timedelta, **said: Any) -> None:
        """Stripe tells that it is paid."""
        terms, at = self.booking.terms, self.made + after
        usual: dict[str, Any] = {
            "state": "paid",
            "captured": terms.charge,
            "subtotal": terms.charge,
            "total": terms.charge,
            "said_currency": terms.currency,
            "mode": "test",
            "settled_at": at,
            "observed_at": at,
            "sent_at": at - timedelta(minutes=2),
            "asked_at": at - timedelta(minutes=2),
            "email": self.email,
            "checkout_id": name_of("cs_test_"),
            "payment_intent": name_of("pi_"),
        }
        with time_machine.travel(at):
            Payment.objects.create(
                booking=self.booking,
                amount=terms.charge,
                currency=terms.currency,
                attempt=name_of(""),
                **{**usual, **said},
            )
            happen(self.booking)

    def cancel(self, at: datetime, *, by: str = "invitee", reason: str = "") -> None:
        """Calendly tells that it is canceled; what is owed goes back."""
        with time_machine.travel(at):
            self.booking.appointments.update(
                invitee_status="canceled",
                event_status="canceled",
                canceler_type=by,
                canceled_at=at,
                cancel_reason=reason,
            )
            happen(self.booking)

    def learn(self, at: datetime) -> Booking:
        """What the clock brings by then."""
        with time_machine.travel(at):
            return happen(self.booking)


def happen(booking: Booking) -> Booking:
    """Settled, and everything that is due done, as if both vendors had answered at once."""
    settle(booking.pk, because="webhook")
    due = booking.effects.filter(state=Effect.State.OPEN, next_try_at__lte=timezone.now())
    for effect in due:
        _answer(effect)
        work.finish(effect, Effect.State.DONE, timezone.now())
    Booking.objects.filter(pk=booking.pk).mark_due()
    return settle(booking.pk, because="effect")


def _answer(effect: Effect) -> None:
    if effect.kind == Effect.Kind.REFUND:
        payment = Payment.objects.get(attempt=effect.params["subject"])
        Refund.objects.create(
            payment=payment,
            effect=effect.key,
            refund_id=name_of("re_"),
            amount=effect.params["amount"],
            state="succeeded",
        )
    if effect.kind == Effect.Kind.CREATE_LINK:
        link = f"https://calendly.com/d/{name_of('')[:12]}"
        Booking.objects.filter(pk=effect.booking_id).update(
            scheduling_link=link, link_made_at=timezone.now()
        )
