"""What a visitor is told of a booking's money: what to pay and until when, what was paid, what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zlib import crc32

from django.utils import timezone

from wagtail_calendly import conf
from wagtail_calendly.bookings import rules
from wagtail_calendly.bookings.facts import facts_of
from wagtail_calendly.bookings.models import (
    Booking,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Status,
)
from wagtail_calendly.bookings.rules.policy import SHOWN_FOR
from wagtail_calendly.visitor import address

#: A payment page that could not be opened in this time is not about to be.
PATIENCE = timedelta(seconds=15)
#: Where Stripe shows receipts. https://docs.stripe.com/receipts
RECEIPTS = "https://pay.stripe.com"

#: Refunds whose money is not there yet.
COMING = frozenset({RefundState.ASKED, RefundState.PENDING, RefundState.REQUIRES_ACTION})


@dataclass(frozen=True)
class Paying:
    """The money of one booking as it is now. Amounts in minor units of the terms' currency."""

    booking: Booking
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def facts(self) -> rules.BookingFacts:
        return facts_of(self.booking)

    @cached_property
    def decision(self) -> rules.Decision:
        """As of this moment; what is stored may be a little older."""
        return rules.decide(self.facts, self.now)

    @cached_property
    def ledger(self) -> rules.Ledger:
        return rules.Ledger(self.facts)

    @cached_property
    def payments(self) -> list[Payment]:
        """All attempts, the latest last."""
        return list(self.booking.payments.prefetch_related("refunds"))

    @property
    def attempt(self) -> Payment | None:
        """The latest attempt."""
        return self.payments[-1] if self.payments else None

    @property
    def undecided(self) -> Payment | None:
        """The attempt of which it is not known yet what becomes of it."""
        return next((one for one in self.payments if one.state in Payment.UNDECIDED), None)

    @property
    def is_payable(self) -> bool:
        return self.decision.is_payable and not self.is_canceling

    @property
    def is_processing(self) -> bool:
        return bool(self.ledger.processing)

    @property
    def is_mismatched(self) -> bool:
        return bool(self.ledger.mismatched)

    @property
    def is_over(self) -> bool:
        """Not paid in time: what was held is being given back."""
        if self.booking.status != Status.AWAITING_PAYMENT or self.is_processing:
            return False
        return not (self.is_payable or self.is_mismatched or self.is_canceling)

    @property
    def is_leaving_group(self) -> bool:
        """Asked to cancel a session that others come to: only they themselves can leave it."""
        return self.is_canceling and self.facts.terms.is_group and bool(self.facts.appointments)

    @property
    def is_opening(self) -> bool:
        """The payment page is asked for, and its address not known yet."""
        attempt = self.undecided
        return attempt is not None and attempt.state == PaymentState.OPENING

    @property
    def is_stuck(self) -> bool:
        """The payment page should be open by now, and there is no way to it."""
        attempt = self.undecided
        if attempt is None or attempt.state == PaymentState.PROCESSING or self.checkout_url:
            return False
        return attempt.asked_at + PATIENCE <= self.now

    @property
    def has_failed(self) -> bool:
        """The latest attempt came to nothing, other than by being left."""
        failed = (PaymentState.FAILED, PaymentState.REFUSED)
        return self.attempt is not None and self.attempt.state in failed

    @property
    def checkout_url(self) -> str:
        """The open payment page, if it is where payers may be sent; else empty."""
        attempt = self.undecided
        if attempt is None or attempt.state != PaymentState.OPEN:
            return ""
        return checkout_url(attempt)

    @property
    def hold_until(self) -> datetime | None:
        """The end of the time to pay in, while there is any."""
        until = self.decision.hold_until
        return until if self.is_payable and until and until > self.now else None

    @property
    def seconds_left(self) -> int:
        return int((self.hold_until - self.now).total_seconds()) if self.hold_until else 0

    @property
    def is_canceling(self) -> bool:
        """Asked for, and not done yet. In a group session only what the visitor does at Calendly does it."""
        asked = self.facts.asked("cancel", "give_back")
        if not asked or self.booking.status == Status.CANCELED:
            return False
        return not self.facts.terms.is_group or asked[-1].at > self.now - SHOWN_FOR

    @property
    def paid(self) -> Payment | None:
        """The payment that counts."""
        keeper = self.ledger.keeper or next(iter(self.ledger.mismatched), None)
        return next(
            (one for one in self.payments if keeper and one.attempt == keeper.attempt), None
        )

    @property
    def receipt_url(self) -> str:
        url = self.paid.receipt_url if self.paid else ""
        origins = [RECEIPTS, *conf.load().payments.checkout_origins]
        return url if address.is_at(url, origins) else ""

    @property
    def given(self) -> int:
        """What was given back, of all payments."""
        return sum(one.amount for one in self._refunds if one.state == RefundState.SUCCEEDED)

    @property
    def given_at(self) -> datetime | None:
        """When the last of it was."""
        done = [one.created_at for one in self._refunds if one.state == RefundState.SUCCEEDED]
        return max(done, default=None)

    @property
    def coming(self) -> int:
        """What is owed or on its way, and not given back yet."""
        under_way = sum(one.amount for one in self._refunds if one.state in COMING)
        owed = self.decision.owed + sum(one.captured for one in self.ledger.surplus)
        return max(owed - self.given, under_way)

    @property
    def is_refund_stuck(self) -> bool:
        return self.coming > 0 and "refund_failed" in self.decision.attention

    @property
    def mark(self) -> str:
        """Changes with anything of the money that the visitor would see change; tells no amount."""
        state = self.attempt.state if self.attempt else ""
        hold = int(self.hold_until.timestamp()) if self.hold_until else 0
        flags = (self.is_payable, self.is_stuck, self.is_canceling, self.is_refund_stuck)
        shown = (state, self.decision.payment_status, hold, self.given, self.coming, *flags)
        return f"{crc32(repr(shown).encode()):x}"

    @property
    def _refunds(self) -> list[Refund]:
        return [refund for payment in self.payments for refund in payment.refunds.all()]


def checkout_url(attempt: Payment) -> str:
    """The page of an attempt, if it is where payers may be sent: nothing that was answered leads elsewhere."""
    return attempt.url if address.is_at(attempt.url, conf.load().payments.checkout_origins) else ""
