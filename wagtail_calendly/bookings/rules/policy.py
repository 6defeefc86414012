"""What is owed back: by the policy that was agreed, and by what was asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules.facts import (
    AppointmentFacts,
    BookingFacts,
    PaymentFacts,
    RequestFacts,
)
from wagtail_calendly.bookings.rules.ledger import Ledger

#: In a group session only Calendly's own link cancels: so long after asking, it was not what was shown any more.
SHOWN_FOR = timedelta(hours=1)
#: How far Calendly's clock may be behind ours.
CLOCK_TOLERANCE = timedelta(minutes=5)


def by_tier(
    tiers: tuple[tuple[int, int], ...], amount: int, starts_at: datetime, at: datetime
) -> int:
    """What an invitee who cancels at that time gets back, rounded down to the minor unit."""
    for hours, percent in tiers:
        if at <= starts_at - timedelta(hours=hours):
            return amount * percent // 100
    return 0


def if_invitee_cancels(facts: BookingFacts, current: AppointmentFacts | None, now: datetime) -> int:
    """What is to stand refunded if the visitor cancels now: what they are shown before they confirm."""
    keeper = Ledger(facts).keeper
    if keeper is None:
        return 0
    if current is None:  # paid, and no time chosen
        return keeper.captured
    owed = by_tier(facts.terms.tiers, keeper.captured, current.starts_at, now)
    return max(owed, keeper.refunded)


def covering(facts: BookingFacts, current: AppointmentFacts) -> RequestFacts | None:
    """The request that explains a cancellation which Calendly reports: the first that came before it.

    One for everybody comes before what a single visitor has asked for.
    """
    until = current.canceled_at + CLOCK_TOLERANCE
    for request in facts.asked_for_all(current.event):
        if request.at <= until:
            return request
    for request in facts.asked("cancel"):
        since = current.canceled_at - SHOWN_FOR if facts.terms.is_group else None
        if request.at <= until and (since is None or request.at >= since):
            return request
    return None


def after_cancellation(facts: BookingFacts, current: AppointmentFacts, keeper: PaymentFacts) -> int:
    """What a canceled booking's payment owes."""
    request = covering(facts, current)
    at = min(request.at, current.canceled_at) if request else current.canceled_at
    if keeper.settled_at is None or keeper.settled_at >= at:
        return keeper.captured  # paid for what was canceled already
    if request and request.is_staff and request.total is not None:
        return request.total
    if request.is_staff if request else current.canceler != "invitee":
        return keeper.captured
    shown = request.total or 0 if request else 0
    return max(shown, by_tier(facts.terms.tiers, keeper.captured, current.starts_at, at))
