"""Every row of the table, for tests of the rules: a situation, and what it must come to.

Written out are the status, what became of the money, what is to happen outside (mails and looks apart, a refund
with its amount), and after a mark of exclamation what staff must look at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tests.bookings.money_facts import (
    AFTER,
    BY_HOST,
    CHOSEN,
    DAY,
    FAILED_REFUND,
    GIVEN_BACK,
    GROUP,
    HOLD_ENDS,
    HOUR,
    IN_TIME,
    LATE,
    MINUTE,
    OPEN,
    OPENING,
    PAID,
    PAID_LATE,
    PRICE,
    SECOND,
    SENT,
    TO_CANCEL,
    WAIVED,
    ahead,
    asked,
    attempt,
    booked,
    refund,
)
from tests.bookings.test_rules import ACTIVE, CANCELED, ENDS, MOVED, NOW, STARTS, SUCCESSOR
from wagtail_calendly.bookings.rules import BookingFacts, Decision, TermsFacts
from wagtail_calendly.bookings.rules.attention import DEBIT_LIMIT

EXPIRED, DEBIT = attempt("expired"), attempt("processing")
CANCELED_IN_TIME = replace(CANCELED, canceled_at=NOW + HOUR)
GIVE_BACK = asked("give_back", NOW + MINUTE)
DEAD = (("cancel_event/A", HOLD_ENDS),)
HELD_GROUP = replace(AFTER, is_group=True)
HEARD_LATER = replace(SUCCESSOR, recorded_at=NOW + HOUR)


class Row(NamedTuple):
    name: str
    facts: BookingFacts
    expected: str
    now: datetime = NOW + 2 * MINUTE


def told(decision: Decision) -> str:
    """A decision as it is written in the table."""
    quiet = {"notify", "look_up", "look_up_payment"}
    loud = [effect for effect in decision.effects if effect.kind not in quiet]
    acts = [f"{one.kind}:{one.amount}" if one.amount else one.kind for one in loud]
    reasons = [f"!{reason}" for reason in decision.attention]
    return " ".join([decision.status, decision.payment_status, *acts, *reasons])


ROWS = [
    Row("claimed", booked(appointments=(), claimed_at=NOW), "pending unpaid"),
    Row("claimed, no trace", booked(appointments=(), claimed_at=NOW), "abandoned unpaid", NOW + DAY),
    Row("free", booked(terms=TermsFacts()), "confirmed not_required"),
    Row("hold runs", booked(), "awaiting_payment unpaid"),
    Row("hold runs, asked to pay", booked(OPENING), "awaiting_payment unpaid open_checkout"),
    Row("hold runs, open", booked(OPEN), "awaiting_payment unpaid"),
    Row("hold over, never sent", booked(OPENING), "expired unpaid cancel_event", HOLD_ENDS),
    Row("hold over, open", booked(OPEN), "awaiting_payment unpaid expire_checkout", HOLD_ENDS),
    Row("hold over, sent", booked(SENT), "awaiting_payment unpaid expire_checkout", HOLD_ENDS),
    Row("hold over, closed", booked(EXPIRED), "expired unpaid cancel_event", HOLD_ENDS),
    Row("hold over, failed", booked(attempt("failed")), "expired unpaid cancel_event", HOLD_ENDS),
    Row("hold over, paid after all", booked(PAID), "confirmed paid", HOLD_ENDS),
    Row("hold over, none asked", booked(), "expired unpaid cancel_event", HOLD_ENDS),
    Row("hold extended", booked(asked("extend", until=NOW + 3 * HOUR)), "awaiting_payment unpaid", NOW + 2 * HOUR),
    Row("refused", booked(attempt("refused")), "awaiting_payment unpaid !payment_refused"),
    Row("debit on its way", booked(DEBIT), "awaiting_payment processing", NOW + 2 * DAY),
    Row("slow debit", booked(DEBIT), "awaiting_payment processing !payment_slow", NOW + DEBIT_LIMIT),
    Row("began unpaid", booked(), "awaiting_payment unpaid !unpaid", STARTS),
    Row("began unpaid, open", booked(OPEN), "awaiting_payment unpaid expire_checkout !unpaid", STARTS),
    Row("group, hold over", booked(terms=HELD_GROUP), "awaiting_payment unpaid !unpaid", HOLD_ENDS),
    Row("waived", booked(WAIVED), "confirmed not_required", HOLD_ENDS),
    Row("nothing asked yet", ahead(asked("pay")), "awaiting_payment unpaid"),
    Row("ahead, asked to pay", ahead(OPENING), "awaiting_payment unpaid open_checkout"),
    Row("ahead, given up, open", ahead(OPEN), "awaiting_payment unpaid expire_checkout", NOW + DAY),
    Row("ahead, given up, closed", ahead(EXPIRED), "abandoned unpaid", NOW + DAY),
    Row("ahead, debit", ahead(DEBIT), "awaiting_payment processing", NOW + DAY),
    Row("ahead, paid", ahead(PAID), "awaiting_schedule paid create_link"),
    Row("ahead, paid, has link", ahead(PAID, link_made_at=NOW + HOUR), "awaiting_schedule paid"),
    Row("ahead, waived", ahead(WAIVED), "awaiting_schedule not_required create_link"),
    Row("ahead, link over", ahead(PAID), "canceled paid refund:5000", NOW + 31 * DAY),
    Row("ahead, no time suits", ahead(PAID, asked("give_back")), "canceled paid refund:5000"),
    Row("ahead, no time suits, open", ahead(OPEN, asked("give_back")), "canceled unpaid expire_checkout"),
    Row("ahead, chosen", ahead(PAID, CHOSEN), "confirmed paid"),
    Row("chosen without paying", ahead(ACTIVE), "awaiting_payment unpaid !unpaid"),
    Row("chosen too late", ahead(PAID, LATE), "awaiting_payment paid refund:5000 !refunded_but_booked", NOW + 41 * DAY),
    Row("chosen too late, waived", ahead(PAID, LATE, WAIVED), "confirmed paid", NOW + 41 * DAY),
    Row("chosen after that", ahead(PAID, CHOSEN, GIVE_BACK), "awaiting_payment paid refund:5000 !refunded_but_booked"),
    Row("paid", booked(PAID), "confirmed paid"),
    Row("a code of 100 %", booked(replace(PAID, captured=0)), "confirmed paid"),
    Row("refunded in part", booked(replace(PAID, refunds=(refund(2000),))), "confirmed partially_refunded"),
    Row("refunded, still booked", booked(GIVEN_BACK), "confirmed refunded !refunded_but_booked"),
    Row("asked to cancel", booked(PAID, asked("cancel", total=PRICE)), "confirmed paid cancel_event"),
    Row("not canceled in time", booked(PAID, asked("cancel", total=PRICE)), "confirmed paid !effect_failed", STARTS),
    Row("asked to cancel, unpaid", booked(OPEN, TO_CANCEL), "awaiting_payment unpaid expire_checkout"),
    Row("asked to cancel, closed", booked(EXPIRED, TO_CANCEL), "awaiting_payment unpaid cancel_event"),
    Row("asked to cancel a group", booked(PAID, TO_CANCEL, terms=GROUP), "confirmed paid"),
    Row("canceled, unpaid", booked(OPEN, CANCELED), "canceled unpaid expire_checkout"),
    Row("canceled, debit", booked(DEBIT, CANCELED), "canceled processing"),
    Row("canceled by host", booked(PAID, BY_HOST), "canceled paid refund:5000"),
    Row("canceled by invitee", booked(PAID, IN_TIME), "canceled paid refund:2500"),
    Row("our expiry", booked(EXPIRED, BY_HOST), "expired unpaid"),
    Row("moved, successor awaited", booked(PAID, MOVED), "confirmed paid look_up_successor"),
    Row("moved, unpaid", booked(OPEN, MOVED), "awaiting_payment unpaid look_up_successor"),
    Row("moved", booked(PAID, MOVED, SUCCESSOR), "confirmed paid"),
    Row("moved, same hold", booked(OPEN, MOVED, HEARD_LATER), "awaiting_payment unpaid expire_checkout", HOLD_ENDS),
    Row("paid after canceled", booked(PAID_LATE, CANCELED_IN_TIME), "canceled paid refund:5000"),
    Row("paid after expired", booked(PAID_LATE, BY_HOST), "expired paid refund:5000"),
    Row("paid twice", booked(PAID, SECOND), "confirmed paid refund:5000"),
    Row("another amount", booked(replace(PAID, subtotal=1)), "awaiting_payment paid !payment_mismatch", HOLD_ENDS),
    Row("another currency", booked(replace(PAID, currency="USD")), "awaiting_payment paid !payment_mismatch"),
    Row("another amount, ahead", ahead(replace(PAID, subtotal=1)), "awaiting_payment paid !payment_mismatch"),
    Row("refund failed", booked(FAILED_REFUND, BY_HOST), "canceled paid !refund_failed"),
    Row("gave up canceling", booked(EXPIRED, dead=DEAD), "expired unpaid cancel_event !effect_failed", HOLD_ENDS),
    Row("disputed", booked(replace(PAID, dispute="open"), BY_HOST), "canceled disputed !disputed"),
    Row("dispute lost", booked(replace(PAID, dispute="lost"), BY_HOST), "canceled disputed !disputed"),
    Row("dispute won", booked(replace(PAID, dispute="won"), BY_HOST), "canceled paid refund:5000"),
    Row("over", booked(PAID), "completed paid", ENDS),
    Row("missed", booked(PAID, replace(ACTIVE, is_no_show=True)), "no_show paid", ENDS),
]  # fmt: skip
