"""What visitors agree to when they book a session that costs something: price, order, policy, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from wagtail_calendly.bookings.facts import facts_of_terms
from wagtail_calendly.snippets import policy_words, price_words
from wagtail_calendly.snippets.models import PaymentOrder, Terms


@dataclass(frozen=True)
class Agreed:
    """Of terms that are offered or that a booking stands on. `start`: in the visitor's zone, once it is known."""

    terms: Terms
    start: datetime | None = None
    now: datetime | None = None

    @property
    def is_priced(self) -> bool:
        return bool(self.terms.charge)

    @property
    def is_paid_before(self) -> bool:
        return self.is_priced and self.terms.payment_order == PaymentOrder.BEFORE_SCHEDULING

    @property
    def price(self) -> str:
        return price_words.in_words(self.terms)

    @property
    def charge(self) -> str:
        """What is paid through this site."""
        return self.amount(self.terms.charge)

    @property
    def policy(self) -> str:
        """What comes back when the session is canceled, by dates once the start is known."""
        return policy_words.in_words(self.terms.tiers, start=self.start, now=self.now)

    @property
    def hold_minutes(self) -> int:
        """How long a chosen time waits for its payment; whole minutes."""
        return ceil(facts_of_terms(self.terms).hold.total_seconds() / 60)

    def amount(self, minor: int) -> str:
        """Minor units of the agreed currency, as readers of the active language write it."""
        return price_words.amount(minor, self.terms.currency)
