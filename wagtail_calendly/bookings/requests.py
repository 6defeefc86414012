"""Writes down what somebody asked for, under the booking's lock, if it can still be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from wagtail_calendly.bookings import log, rules
from wagtail_calendly.bookings.facts import facts_of
from wagtail_calendly.bookings.models import Attention, Booking, Effect, Request, Status
from wagtail_calendly.bookings.retries import in_transaction

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True)
class Standing:
    """A booking while it is locked: its facts, and what they mean now."""

    booking: Booking
    facts: rules.BookingFacts
    now: datetime

    @cached_property
    def decision(self) -> rules.Decision:
        return rules.decide(self.facts, self.now)

    @property
    def keeper(self) -> rules.PaymentFacts | None:
        return rules.Ledger(self.facts).keeper

    def if_visitor_cancels(self, at: datetime) -> int:
        """What would stand refunded in all, in minor units, if the visitor canceled then."""
        return rules.if_invitee_cancels(self.facts, self.decision.current, at)

    @property
    def is_cancelable(self) -> bool:
        """Whether there is something to cancel: a session to come, or a payment that waits for its time."""
        current = self.decision.current
        if self.decision.status == Status.AWAITING_SCHEDULE:
            return True
        is_waiting = self.decision.status in (Status.CONFIRMED, Status.AWAITING_PAYMENT)
        return is_waiting and current is not None and current.starts_at > self.now

    @property
    def is_refundable(self) -> bool:
        """Whether something was paid that the provider would give back."""
        return self.keeper is not None and self.keeper.dispute not in ("open", "lost")

    @property
    def is_waivable(self) -> bool:
        """Whether a payment is waited for."""
        return self.decision.status == Status.AWAITING_PAYMENT and self.keeper is None

    @property
    def is_holdable(self) -> bool:
        """Whether it can be held unpaid, or held longer: nothing is being done about it by now."""
        current = self.decision.current
        is_unpaid = Attention.UNPAID in self.decision.attention or self.decision.hold_until
        return bool(
            self.decision.status == Status.AWAITING_PAYMENT
            and is_unpaid
            and current
            and self.now < current.starts_at
            and not self._is_being_canceled
        )

    @property
    def _is_being_canceled(self) -> bool:
        canceling = self.booking.effects.filter(kind=Effect.Kind.CANCEL_EVENT)
        return canceling.filter(state=Effect.State.OPEN, claimed_until__gt=self.now).exists()

    def if_asked(self, kind: str) -> rules.Decision:
        """What the facts would mean if this were asked for now."""
        asked = rules.RequestFacts(kind, self.now)
        facts = replace(self.facts, requests=(*self.facts.requests, asked))
        return rules.decide(facts, self.now)


#: Says what to write, as columns of a `Request`; None for nothing. Raises `NotPossible`.
Check = Callable[[Standing], dict[str, Any] | None]


def ask(
    booking: Booking, kind: str, check: Check, *, user: AbstractBaseUser | None = None
) -> Request | None:
    """Record a request as `check` says, which reads what nobody can change meanwhile."""
    return in_transaction(partial(_ask, booking.pk, kind, check, user))


def standing(booking_id: int, now: datetime) -> Standing:
    """How a booking stands at that time."""
    fresh = Booking.objects.select_related("terms__session_type", "terms__event_type").get(
        pk=booking_id
    )
    return Standing(fresh, facts_of(fresh), now)


def _ask(booking_id: int, kind: str, check: Check, user: AbstractBaseUser | None) -> Request | None:
    Booking.objects.filter(pk=booking_id).mark_due()
    held = standing(booking_id, timezone.now())
    columns = check(held)
    if columns is None:
        return None
    request = Request.objects.create(
        booking=held.booking,
        kind=kind,
        user_id=user.pk if user else None,
        is_staff=user is not None,
        at=held.now,
        **columns,
    )
    log.requested(held.booking, request)
    return request
