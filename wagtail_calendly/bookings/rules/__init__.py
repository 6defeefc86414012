"""The rules: pure, over frozen facts; the standard library only. Times are aware UTC, money in minor units."""

from wagtail_calendly.bookings.rules.cases import (
    DROPPED_AFTER,
    LOOK_UP_AFTER,
    PATIENCE,
    REFRESH_AFTER,
    SUCCESSOR_AFTER,
)
from wagtail_calendly.bookings.rules.chain import current_of
from wagtail_calendly.bookings.rules.deciding import decide
from wagtail_calendly.bookings.rules.decision import Decision, EffectSpec
from wagtail_calendly.bookings.rules.facts import (
    AppointmentFacts,
    BookingFacts,
    PaymentFacts,
    RefundFacts,
    RequestFacts,
    TermsFacts,
)
from wagtail_calendly.bookings.rules.ledger import Ledger
from wagtail_calendly.bookings.rules.no_shows import is_marked
from wagtail_calendly.bookings.rules.policy import if_invitee_cancels

__all__ = [
    "DROPPED_AFTER",
    "LOOK_UP_AFTER",
    "PATIENCE",
    "REFRESH_AFTER",
    "SUCCESSOR_AFTER",
    "AppointmentFacts",
    "BookingFacts",
    "Decision",
    "EffectSpec",
    "Ledger",
    "PaymentFacts",
    "RefundFacts",
    "RequestFacts",
    "TermsFacts",
    "current_of",
    "decide",
    "if_invitee_cancels",
    "is_marked",
]
