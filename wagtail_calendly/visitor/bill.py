"""The money of a booking in words: what it costs, until when to pay it, what was paid, what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_calendly.bookings import when
from wagtail_calendly.snippets import price_words
from wagtail_calendly.visitor.agreed import Agreed
from wagtail_calendly.visitor.paying import Paying


@dataclass(frozen=True)
class Bill:
    """What templates print; empty where there is nothing to say. `zone`: the visitor's."""

    paying: Paying
    agreed: Agreed
    zone: str

    @property
    def paid(self) -> str:
        """What was taken and counts: less than the price after a promotion code, more with tax."""
        payment = self.paying.paid
        if payment is None:
            return ""
        return price_words.amount(payment.captured, payment.said_currency or payment.currency)

    @property
    def paid_on(self) -> str:
        payment = self.paying.paid
        return when.day(payment.settled_at, self.zone) if payment and payment.settled_at else ""

    @property
    def receipt_url(self) -> str:
        return self.paying.receipt_url

    @property
    def keeps_until(self) -> str:
        """The time of day until which the slot waits for its payment."""
        until = self.paying.hold_until
        return when.clock(until, self.zone) if until else ""

    @property
    def seconds_left(self) -> int:
        return self.paying.seconds_left

    @property
    def minutes_left(self) -> int:
        return -(-self.paying.seconds_left // 60)

    @property
    def given(self) -> str:
        """What was given back."""
        return self.agreed.amount(self.paying.given) if self.paying.given else ""

    @property
    def given_on(self) -> str:
        at = self.paying.given_at
        return when.day(at, self.zone) if at else ""

    @property
    def coming(self) -> str:
        """What is still to come back."""
        return self.agreed.amount(self.paying.coming) if self.paying.coming else ""

    @property
    def is_coming_late(self) -> bool:
        return self.paying.is_refund_stuck

    @property
    def is_disputed(self) -> bool:
        return self.paying.decision.payment_status == "disputed"
