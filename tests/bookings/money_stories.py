"""Stories about money: who does what at which minute, and how it ends where all of that can be done.

An end says the status, what became of the money, what staff must look at, what is kept of each attempt, and who
is in the calendar in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from tests.bookings import people
from tests.bookings.orders import Story
from tests.bookings.world import World
from wagtail_calendly.bookings.rules import TermsFacts

AFTER = TermsFacts(charge=5000, currency="EUR", tiers=((20, 100), (10, 50)))
BEFORE = replace(AFTER, is_paid_before=True)
GROUP = replace(BEFORE, is_group=True)

BOOKED = "0 books, 1 asks to pay"
PAID = f"{BOOKED}, 3 pays"
PAID_FIRST = "0 asks to pay, 2 pays"
TWO_OPEN = f"{BOOKED}, 2 opening fails, 3 asks to pay"
KEPT = "completed paid keeps 5000 booked 1"
BACK = "canceled refunded keeps 0 booked"
HALF = "canceled partially_refunded keeps 2500 booked"

#: Name, terms, what happens (h: hours), and how it ends.
TOLD = [
    ("paid after", AFTER, PAID, KEPT),
    ("a code of 100 %", AFTER, f"{BOOKED}, 3 pays with a code", "completed paid keeps 0 booked 1"),
    ("paid before", BEFORE, f"{PAID_FIRST}, 9 books", KEPT),
    ("paid before, browser closed", BEFORE, f"{PAID_FIRST}, 9 books unheard", KEPT),
    ("no time suits", BEFORE, f"{PAID_FIRST}, 9 gives back", BACK),
    ("declined, then paid", AFTER, f"{BOOKED}, 3 is declined, 5 pays", KEPT),
    ("good debit", AFTER, f"{BOOKED}, 3 pays by debit, 9h debit comes", KEPT),
    (
        "bad debit",
        AFTER,
        f"{BOOKED}, 3 pays by debit, 9h debit fails",
        "expired unpaid keeps 0 booked",
    ),
    (
        "bad debit, tried again",
        AFTER,
        f"{BOOKED}, 3 pays by debit, 9 debit fails, 12 asks to pay, 14 pays P1",
        "completed paid keeps 0 5000 booked 1",
    ),
    ("the hold ends", AFTER, f"{BOOKED}, 40 nothing", "expired unpaid keeps 0 booked"),
    ("nobody asked to pay", AFTER, "0 books, 40 nothing", "expired unpaid keeps booked"),
    ("paid at the last moment", AFTER, f"{BOOKED}, 29.99 pays, 40 nothing", KEPT),
    ("paid after the hold", AFTER, f"{BOOKED}, 31 pays, 40 nothing", KEPT),
    ("held longer", AFTER, f"{BOOKED}, 20 staff hold longer, 100 pays", KEPT),
    (
        "two tabs both paid",
        AFTER,
        f"{TWO_OPEN}, 4 pays, 5 pays P1",
        "completed paid keeps 5000 0 booked 1",
    ),
    (
        "two tabs both paid, the later first",
        AFTER,
        f"{TWO_OPEN}, 4 pays P1, 9 pays",
        "completed paid keeps 5000 0 booked 1",
    ),
    ("canceled in the first tier", AFTER, f"{PAID}, 3h cancels", BACK),
    ("canceled in the second tier", AFTER, f"{PAID}, 10h cancels", HALF),
    ("canceled too late", AFTER, f"{PAID}, 20h cancels", "canceled paid keeps 5000 booked"),
    ("canceled here", AFTER, f"{PAID}, 10h cancels here", HALF),
    (
        "canceled here and there",
        AFTER,
        f"{PAID}, 9h Calendly goes down, 10h cancels here, 11h cancels, 12h Calendly comes up",
        HALF,
    ),
    (
        "canceled here while paying",
        AFTER,
        f"{BOOKED}, 2 Stripe goes down, 2 cancels here, 3 pays, 4 Stripe comes up",
        BACK,
    ),
    (
        "canceled here, paid unheard",
        AFTER,
        f"{BOOKED}, 3 Stripe goes down, 4 pays, 10h cancels here, 11h Stripe comes up",
        HALF,
    ),
    ("canceled while paying", AFTER, f"{BOOKED}, 2 cancels, 3 pays", BACK),
    (
        "canceled during a debit",
        AFTER,
        f"{BOOKED}, 3 pays by debit, 5 cancels, 9h debit comes",
        BACK,
    ),
    ("canceled by host", AFTER, f"{PAID}, 20h host cancels", BACK),
    ("canceled by staff for half", AFTER, f"{PAID}, 5 staff cancel for 2500", HALF),
    ("moved before paying", AFTER, "0 books, 1 moves, 5 asks to pay, 6 pays", KEPT[:-1] + "2"),
    ("moved while paying", AFTER, f"{BOOKED}, 2 moves, 3 pays", KEPT[:-1] + "2"),
    ("moved after paying", AFTER, f"{PAID}, 9 moves", KEPT[:-1] + "2"),
    ("moved, then canceled", AFTER, f"{PAID}, 9 moves, 20 cancels 2", BACK),
    ("moved, not paid", AFTER, f"{BOOKED}, 20 moves, 40 nothing", "expired unpaid keeps 0 booked"),
    (
        "partly refunded there, then here",
        AFTER,
        f"{PAID}, 5 1000 given back there, 6 1500 given back there, 9 staff refund 4000",
        "completed partially_refunded keeps 1000 booked 1",
    ),
    (
        "refunded there",
        AFTER,
        f"{PAID}, 5 5000 given back there",
        "completed refunded keeps 0 booked 1",
    ),
    (
        "two staff refund",
        AFTER,
        f"{PAID}, 5 staff refund 4000, 5 staff refund 4000",
        "completed partially_refunded keeps 1000 booked 1",
    ),
    (
        "a refund fails and is repeated",
        AFTER,
        f"{PAID}, 5 staff refund 4000, 9 refund fails, 20 staff refund 4000 again",
        "completed partially_refunded keeps 1000 booked 1",
    ),
    (
        "a refund fails",
        AFTER,
        f"{PAID}, 5 host cancels, 9 refund fails",
        "canceled paid !refund_failed keeps 5000 booked",
    ),
    ("dispute won", AFTER, f"{PAID}, 5 disputes, 6 cancels, 9 dispute won", BACK),
    (
        "dispute lost",
        AFTER,
        f"{PAID}, 5 disputes, 6 cancels, 9 dispute lost",
        "canceled disputed !disputed keeps 5000 booked",
    ),
    ("group, one leaves", GROUP, f"{PAID_FIRST}, 9 books, 20 cancels", BACK),
    ("group, asked here", GROUP, f"{PAID_FIRST}, 9 books, 20 cancels here, 21 cancels", BACK),
    ("reference used twice", AFTER, f"{PAID}, 9 books 2", f"{KEPT} 2"),
    (
        "chosen after giving back",
        BEFORE,
        f"{PAID_FIRST}, 9 gives back, 20 books",
        "awaiting_payment refunded !refunded_but_booked keeps 0 booked 1",
    ),
    ("chosen, never paid", BEFORE, "0 books", "awaiting_payment unpaid !unpaid keeps booked 1"),
    ("chosen, waived", BEFORE, "0 books, 9 staff waive", "completed not_required keeps booked 1"),
    ("found long after", AFTER, "0 books unheard, 9h asks to pay, 10h pays", KEPT),
]


def fail_opening(world: World) -> bool:
    """The provider answered with an error that it keeps, so the attempt was given up; it was opened all the same."""
    row = world.payments["P0"]
    if row.state != "open":
        return False
    row.state, row.observed_at, row.digest = "refused", world.now, "z"
    return True


def hold_longer(world: World) -> bool:
    return people.staff(world, "extend", until=world.now + timedelta(hours=2))


VERBS: Mapping[str, Callable[[World], bool]] = {
    "nothing": lambda world: True,
    "books": people.book,
    "books unheard": partial(people.book, claims=False),
    "books 2": partial(people.book, name="2"),
    "moves": people.move,
    "asks to pay": people.ask_to_pay,
    "pays": people.pay,
    "pays P1": partial(people.pay, attempt="P1"),
    "pays with a code": partial(people.pay, total=0),
    "pays by debit": people.pay_by_debit,
    "debit comes": people.settle_debit,
    "debit fails": partial(people.settle_debit, fails=True),
    "is declined": people.decline,
    "opening fails": fail_opening,
    "cancels": people.cancel,
    "cancels 2": partial(people.cancel, name="2"),
    "cancels here": people.ask_to_cancel,
    "host cancels": partial(people.cancel, by="host"),
    "staff cancel for 2500": partial(people.ask_to_cancel, is_staff=True, total=2500),
    "gives back": people.give_back,
    "1000 given back there": partial(people.refund_there, amount=1000),
    "1500 given back there": partial(people.refund_there, amount=1500),
    "5000 given back there": partial(people.refund_there, amount=5000),
    "staff refund 4000": partial(people.refund, total=4000),
    "staff refund 4000 again": partial(people.refund, total=4000, again=True),
    "refund fails": people.fail_refund,
    "disputes": partial(people.dispute, state="open"),
    "dispute won": partial(people.dispute, state="won"),
    "dispute lost": partial(people.dispute, state="lost"),
    "staff hold longer": hold_longer,
    "staff waive": partial(people.staff, kind="waive"),
    "Calendly goes down": partial(people.answers, vendor="calendly", is_down=True),
    "Calendly comes up": partial(people.answers, vendor="calendly", is_down=False),
    "Stripe goes down": partial(people.answers, vendor="stripe", is_down=True),
    "Stripe comes up": partial(people.answers, vendor="stripe", is_down=False),
}


def steps(text: str) -> list[tuple[float, str]]:
    """What happens, as (minute, words)."""
    told = [step.split(" ", 1) for step in text.split(", ")]
    return [(float(at.rstrip("h")) * (60 if at.endswith("h") else 1), what) for at, what in told]


STORIES = tuple(
    Story(name, terms, tuple((at, VERBS[what]) for at, what in steps(text)), end)
    for name, terms, text, end in TOLD
)
