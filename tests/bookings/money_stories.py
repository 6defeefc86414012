"""Stories about money: what visitors, staff and vendors do, minute by minute, and how each must end."""

from __future__ import annotations

from datetime import timedelta

from tests.bookings.orders import Story, story
from tests.bookings.people import (
    ask_to_cancel,
    ask_to_pay,
    book,
    cancel,
    decline,
    dispute,
    fail_refund,
    give_back,
    move,
    pay,
    pay_by_debit,
    refund,
    refund_there,
    settle_debit,
    staff,
)
from tests.bookings.world import World
from wagtail_calendly.bookings.rules import TermsFacts

AFTER = TermsFacts(charge=5000, currency="EUR", tiers=((20, 100), (10, 50)))
BEFORE = TermsFacts(charge=5000, currency="EUR", is_paid_before=True, tiers=AFTER.tiers)
GROUP = TermsFacts(charge=5000, currency="EUR", is_paid_before=True, is_group=True, tiers=AFTER.tiers)
HOUR = 60
DAY = 24 * HOUR

BOOKED = ((0, book), (1, ask_to_pay))
PAID = (*BOOKED, (3, pay))
PAID_FIRST = ((0, ask_to_pay), (2, pay))
STAY = {"claims": False}
DOWN, UP = {"is_down": True}, {"is_down": False}


def refuse(world: World) -> bool:
    """The provider answered the opening with an error that it keeps; we gave the attempt up and it was there."""
    row = world.payments["P0"]
    if row.state != "open":
        return False
    row.state, row.observed_at, row.digest = "refused", world.now, "z"
    return True


def calendly(world: World, is_down: bool) -> bool:
    world.calendly.is_down = is_down
    return True


def stripe(world: World, is_down: bool) -> bool:
    world.stripe.is_down = is_down
    return True


def rest(world: World) -> bool:
    return True


STORIES: tuple[Story, ...] = (
    story("paid after", AFTER, "completed paid keeps 5000 booked 1", *PAID),
    story("free with a code", AFTER, "completed paid keeps 0 booked 1", *BOOKED, (3, pay, {"total": 0})),
    story("paid before", BEFORE, "completed paid keeps 5000 booked 1", *PAID_FIRST, (9, book)),
    story("paid before, browser closed", BEFORE, "completed paid keeps 5000 booked 1", *PAID_FIRST, (9, book, STAY)),
    story("no time suits", BEFORE, "canceled refunded keeps 0 booked", *PAID_FIRST, (9, give_back)),
    story("declined, then paid", AFTER, "completed paid keeps 5000 booked 1", *BOOKED, (3, decline), (5, pay)),
    story("good debit", AFTER, "completed paid keeps 5000 booked 1", *BOOKED, (3, pay_by_debit), (9 * HOUR, settle_debit)),
    story("bad debit", AFTER, "expired unpaid keeps 0 booked", *BOOKED, (3, pay_by_debit), (9 * HOUR, settle_debit, {"fails": True})),
    story("bad debit, tried again", AFTER, "completed paid keeps 0 5000 booked 1", *BOOKED, (3, pay_by_debit), (9, settle_debit, {"fails": True}), (12, ask_to_pay), (14, pay, {"attempt": "P1"})),
    story("the hold ends", AFTER, "expired unpaid keeps 0 booked", *BOOKED, (40, rest)),
    story("nobody asked to pay", AFTER, "expired unpaid keeps booked", (0, book), (40, rest)),
    story("paid at the last moment", AFTER, "completed paid keeps 5000 booked 1", *BOOKED, (29.99, pay), (40, rest)),
    story("paid after the hold", AFTER, "completed paid keeps 5000 booked 1", *BOOKED, (31, pay), (40, rest)),
    story("held longer", AFTER, "completed paid keeps 5000 booked 1", *BOOKED, (20, lambda world: staff(world, "extend", until=world.now + timedelta(hours=2))), (100, pay)),
    story("two tabs both paid", AFTER, "completed paid keeps 5000 0 booked 1", *BOOKED, (2, refuse), (3, ask_to_pay), (4, pay), (5, pay, {"attempt": "P1"})),
    story("two tabs both paid, the later first", AFTER, "completed paid keeps 5000 0 booked 1", *BOOKED, (2, refuse), (3, ask_to_pay), (4, pay, {"attempt": "P1"}), (9, pay)),
    story("canceled in the first tier", AFTER, "canceled refunded keeps 0 booked", *PAID, (3 * HOUR, cancel)),
    story("canceled in the second tier", AFTER, "canceled partially_refunded keeps 2500 booked", *PAID, (10 * HOUR, cancel)),
    story("canceled too late", AFTER, "canceled paid keeps 5000 booked", *PAID, (20 * HOUR, cancel)),
    story("canceled here", AFTER, "canceled partially_refunded keeps 2500 booked", *PAID, (10 * HOUR, ask_to_cancel)),
    story("canceled here and there", AFTER, "canceled partially_refunded keeps 2500 booked", *PAID, (9 * HOUR, calendly, DOWN), (10 * HOUR, ask_to_cancel), (11 * HOUR, cancel), (12 * HOUR, calendly, UP)),
    story("canceled here while paying", AFTER, "canceled refunded keeps 0 booked", *BOOKED, (2, stripe, DOWN), (2, ask_to_cancel), (3, pay), (4, stripe, UP)),
    story("canceled here, paid unheard", AFTER, "canceled partially_refunded keeps 2500 booked", *BOOKED, (3, stripe, DOWN), (4, pay), (10 * HOUR, ask_to_cancel), (11 * HOUR, stripe, UP)),
    story("canceled while paying", AFTER, "canceled refunded keeps 0 booked", *BOOKED, (2, cancel), (3, pay)),
    story("canceled during a debit", AFTER, "canceled refunded keeps 0 booked", *BOOKED, (3, pay_by_debit), (5, cancel), (9 * HOUR, settle_debit)),
    story("canceled by host", AFTER, "canceled refunded keeps 0 booked", *PAID, (20 * HOUR, cancel, {"by": "host"})),
    story("canceled by staff for half", AFTER, "canceled partially_refunded keeps 2500 booked", *PAID, (5, ask_to_cancel, {"is_staff": True, "total": 2500})),
    story("moved before paying", AFTER, "completed paid keeps 5000 booked 2", (0, book), (1, move), (5, ask_to_pay), (6, pay)),
    story("moved while paying", AFTER, "completed paid keeps 5000 booked 2", *BOOKED, (2, move), (3, pay)),
    story("moved after paying", AFTER, "completed paid keeps 5000 booked 2", *PAID, (9, move)),
    story("moved, then canceled", AFTER, "canceled refunded keeps 0 booked", *PAID, (9, move), (20, cancel, {"name": "2"})),
    story("moved, not paid", AFTER, "expired unpaid keeps 0 booked", *BOOKED, (20, move), (40, rest)),
    story("partly refunded there, then here", AFTER, "completed partially_refunded keeps 1000 booked 1", *PAID, (5, refund_there, {"amount": 1000}), (6, refund_there, {"amount": 1500}), (9, refund, {"total": 4000})),
    story("refunded there", AFTER, "completed refunded keeps 0 booked 1", *PAID, (5, refund_there, {"amount": 5000})),
    story("two staff refund", AFTER, "completed partially_refunded keeps 1000 booked 1", *PAID, (5, refund, {"total": 4000}), (5, refund, {"total": 4000})),
    story("a refund fails and is repeated", AFTER, "completed partially_refunded keeps 1000 booked 1", *PAID, (5, refund, {"total": 4000}), (9, fail_refund), (20, refund, {"total": 4000, "again": True})),
    story("a refund fails", AFTER, "canceled paid !refund_failed keeps 5000 booked", *PAID, (5, cancel, {"by": "host"}), (9, fail_refund)),
    story("dispute won", AFTER, "canceled refunded keeps 0 booked", *PAID, (5, dispute, {"state": "open"}), (6, cancel), (9, dispute, {"state": "won"})),
    story("dispute lost", AFTER, "canceled disputed !disputed keeps 5000 booked", *PAID, (5, dispute, {"state": "open"}), (6, cancel), (9, dispute, {"state": "lost"})),
    story("group, one leaves", GROUP, "canceled refunded keeps 0 booked", *PAID_FIRST, (9, book), (20, cancel)),
    story("group, one asks here and leaves there", GROUP, "canceled refunded keeps 0 booked", *PAID_FIRST, (9, book), (20, ask_to_cancel), (21, cancel)),
    story("reference used twice", AFTER, "completed paid keeps 5000 booked 1 2", *PAID, (9, book, {"name": "2"})),
    story("chosen after giving back", BEFORE, "awaiting_payment refunded !refunded_but_booked keeps 0 booked 1", *PAID_FIRST, (9, give_back), (20, book)),
    story("chosen, never paid", BEFORE, "awaiting_payment unpaid !unpaid keeps booked 1", (0, book)),
    story("chosen, waived", BEFORE, "completed not_required keeps booked 1", (0, book), (9, staff, {"kind": "waive"})),
    story("found long after", AFTER, "completed paid keeps 5000 booked 1", (0, book, STAY), (9 * HOUR, ask_to_pay), (9 * HOUR + 2, pay)),
)  # fmt: skip
