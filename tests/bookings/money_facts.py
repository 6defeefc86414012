"""Facts about money for tests of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.bookings.test_rules import ACTIVE, CANCELED, NOW, STARTS
from wagtail_calendly.bookings.rules import (
    AppointmentFacts,
    BookingFacts,
    Decision,
    PaymentFacts,
    RefundFacts,
    RequestFacts,
    TermsFacts,
)

Fact = AppointmentFacts | PaymentFacts | RequestFacts
INSTANT = timedelta(microseconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PRICE = 5000
TIERS = ((24, 100), (12, 50))
AFTER = TermsFacts(charge=PRICE, currency="EUR", tiers=TIERS)
BEFORE = replace(AFTER, is_paid_before=True)
GROUP = replace(BEFORE, is_group=True)
HOLD_ENDS = NOW + AFTER.hold


def attempt(state: str, key: str = "A", **changes: Any) -> PaymentFacts:
    """An attempt asked for when the stories begin; one that is paid was paid a minute later, as agreed."""
    said: dict[str, Any] = {"subtotal": PRICE, "currency": "EUR"}
    if state == "paid":
        said |= {"captured": PRICE, "settled_at": NOW + MINUTE}
    base = PaymentFacts(key, state, NOW, is_sent=state != "opening", **said)
    return replace(base, **changes)


def refund(amount: int, state: str = "succeeded", effect: str = "", key: str = "R") -> RefundFacts:
    return RefundFacts(key, effect, amount, state)


def booked(*known: Fact, terms: TermsFacts = AFTER, **changes: Any) -> BookingFacts:
    """A booking of which this is known; where no appointment is named, the usual one."""
    return ahead(*(_of(AppointmentFacts, known) or [ACTIVE]), *known, terms=terms, **changes)


def ahead(*known: Fact, terms: TermsFacts = BEFORE, **changes: Any) -> BookingFacts:
    """The same of a session paid before, where no time is chosen unless one is named."""
    facts = BookingFacts(
        claimed_at=None,
        appointments=tuple(dict.fromkeys(_of(AppointmentFacts, known))),
        terms=terms,
        payments=tuple(_of(PaymentFacts, known)),
        requests=tuple(_of(RequestFacts, known)),
    )
    return replace(facts, **changes)


def _of(kind: type[Any], known: tuple[Fact, ...]) -> list[Any]:
    return [fact for fact in known if isinstance(fact, kind)]


def asked(kind: str, at: datetime = NOW, **changes: Any) -> RequestFacts:
    return RequestFacts(kind, at, **changes)


def kinds(decision: Decision) -> list[str]:
    """What is to happen outside, without mails and looks."""
    quiet = {"notify", "look_up", "look_up_payment"}
    return [effect.kind for effect in decision.effects if effect.kind not in quiet]


OPENING, OPEN, PAID = attempt("opening"), attempt("open"), attempt("paid")
SENT = replace(OPENING, is_sent=True)
SECOND = attempt("paid", "B", asked_at=NOW + MINUTE)
CHOSEN = replace(ACTIVE, created_at=NOW + HOUR, recorded_at=NOW + HOUR)
BY_HOST = replace(CANCELED, canceler="host", canceled_at=NOW + HOUR)
IN_TIME = replace(CANCELED, canceled_at=STARTS - 20 * HOUR)
WAIVED = asked("waive", is_staff=True)
TO_CANCEL = asked("cancel")
PAID_LATE = replace(PAID, settled_at=NOW + 2 * HOUR)
LATE = replace(ACTIVE, created_at=NOW + 40 * DAY, starts_at=NOW + 50 * DAY, ends_at=NOW + 51 * DAY)
GIVEN_BACK = replace(PAID, refunds=(refund(PRICE),))
FAILED_REFUND = replace(PAID, refunds=(refund(PRICE, "failed", "x"),))
