"""The money of a booking: which payment counts, what was paid besides, what is still open."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from wagtail_calendly.bookings.rules.facts import BookingFacts, PaymentFacts, TermsFacts


@dataclass(frozen=True)
class Ledger:
    """A view of the facts; nothing in it depends on the order in which they came."""

    facts: BookingFacts

    @property
    def terms(self) -> TermsFacts:
        return self.facts.terms

    @cached_property
    def paid(self) -> tuple[PaymentFacts, ...]:
        """What was paid as agreed: first what nobody gave back elsewhere, then what was asked for first.

        Where somebody paid twice and staff gave one back at the provider, the other is what may stay.
        """
        good = [one for one in self.facts.payments if one.is_paid and self._is_as_agreed(one)]
        return tuple(
            sorted(good, key=lambda one: (one.is_undone_elsewhere, one.asked_at, one.attempt))
        )

    @property
    def keeper(self) -> PaymentFacts | None:
        """The one payment whose money may stay."""
        return self.paid[0] if self.paid else None

    @property
    def surplus(self) -> tuple[PaymentFacts, ...]:
        """Paid as well: somebody paid twice."""
        return self.paid[1:]

    @cached_property
    def mismatched(self) -> tuple[PaymentFacts, ...]:
        """Paid, but another amount or currency than agreed: nothing is done about it automatically."""
        return tuple(
            one for one in self.facts.payments if one.is_paid and not self._is_as_agreed(one)
        )

    @property
    def processing(self) -> tuple[PaymentFacts, ...]:
        return tuple(one for one in self.facts.payments if one.state == "processing")

    @property
    def payable(self) -> tuple[PaymentFacts, ...]:
        """Attempts that somebody may still pay."""
        return tuple(one for one in self.facts.payments if one.is_payable)

    @property
    def last_refused(self) -> PaymentFacts | None:
        """The attempt that was asked for last, where the provider would not take it."""
        key = operator.attrgetter("asked_at", "attempt")
        last = max(self.facts.payments, key=key, default=None)
        return last if last and last.state == "refused" else None

    @property
    def waived_at(self) -> datetime | None:
        """When staff let the payment go."""
        waived = self.facts.asked("waive")
        return waived[0].at if waived else None

    @property
    def is_settled(self) -> bool:
        """Nothing is left to pay: it was free, or let go, or paid (a promotion code of 100 % pays, too)."""
        return not self.terms.charge or self.waived_at is not None or self.keeper is not None

    @property
    def status(self) -> str:
        """A value of `models.PaymentStatus`."""
        seen = self.keeper or next(iter(self.mismatched), None)
        if seen:
            return _status_of(seen)
        if not self.terms.charge or self.waived_at:
            return "not_required"
        return "processing" if self.processing else "unpaid"

    def was_settled_before(self, moment: datetime) -> bool:
        """Whether what was agreed had been paid by then."""
        return any(one.settled_at and one.settled_at < moment for one in self.paid)

    def _is_as_agreed(self, payment: PaymentFacts) -> bool:
        """The subtotal is compared: codes and taxes change the total only.
        https://docs.stripe.com/api/checkout/sessions/object"""
        agreed = (self.terms.charge, self.terms.currency)
        return (payment.subtotal, payment.currency) == agreed


def _status_of(payment: PaymentFacts) -> str:
    if payment.dispute in ("open", "lost"):
        return "disputed"
    if not payment.refunded:
        return "paid"
    return "refunded" if payment.refunded >= payment.captured else "partially_refunded"
