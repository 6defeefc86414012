"""Stories about money through the database, both vendors over HTTP: any order, twice or never, the same end."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.bookings.money_stories import steps
from tests.bookings.paying import priced
from tests.bookings.stage import Stage, tell
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import hints
from wagtail_calendly.payments import EVENTS

pytestmark = pytest.mark.django_db

#: When a story is over, whoever waits a little longer looks again.
AFTERWARDS = 3
BOOKED = "0 books, 1 asks to pay"
PAID = f"{BOOKED}, 3 pays"
FIRST = "0 orders, 2 pays"
STORIES = [
    ("paid after", "after", PAID, "confirmed paid keeps 6000 booked 1"),
    ("paid before", "before", f"{FIRST}, 9 books", "confirmed paid keeps 6000 booked 1"),
    ("no time suits", "before", f"{FIRST}, 9 gives back", "canceled refunded keeps 0 booked 0"),
    (
        "good debit",
        "after",
        f"{BOOKED}, 3 pays by debit, 9h debit comes",
        "confirmed paid keeps 6000 booked 1",
    ),
    (
        "bad debit",
        "after",
        f"{BOOKED}, 3 pays by debit, 9h debit fails",
        "expired unpaid keeps 0 booked 0",
    ),
    ("the hold ends", "after", f"{BOOKED}, 40 nothing", "expired unpaid keeps 0 booked 0"),
    (
        "paid at the last moment",
        "after",
        f"{BOOKED}, 29.9 pays, 40 nothing",
        "confirmed paid keeps 6000 booked 1",
    ),
    ("canceled", "after", f"{PAID}, 9 cancels", "canceled partially_refunded keeps 3000 booked 0"),
    (
        "canceled here",
        "after",
        f"{PAID}, 9 cancels here",
        "canceled partially_refunded keeps 3000 booked 0",
    ),
    ("canceled by host", "after", f"{PAID}, 9 host cancels", "canceled refunded keeps 0 booked 0"),
    ("moved", "after", f"{PAID}, 9 moves", "confirmed paid keeps 6000 booked 1"),
    (
        "refunded there, then here",
        "after",
        f"{PAID}, 5 1000 given back there, 9 staff refund 4000",
        "confirmed partially_refunded keeps 2000 booked 1",
    ),
    (
        "a refund fails",
        "after",
        f"{PAID}, 5 staff refund 4000, 9 refund fails",
        "confirmed paid !refund_failed keeps 6000 booked 1",
    ),
]


def told(stage: Stage, text: str, lot: random.Random, copies: int) -> bool:
    """Tell a story, its deliveries arriving so often and by lot; whether all of it could be done."""
    left, pending = steps(text), list[dict[str, Any]]()
    done = True
    while left or pending:
        pick = lot.randrange(len(pending) + bool(left))
        if pick < len(pending):
            stage.hear(pending.pop(pick))
        else:
            at, what = left.pop(0)
            stage.pass_time(at)
            stage.work()
            done &= tell(stage, what)
        stage.work()
        pending += stage.arrived() * copies
    return done


@pytest.mark.survives("money-in-any-order")
@pytest.mark.parametrize("copies", [0, 2], ids=["lost", "twice"])
@pytest.mark.parametrize(
    ("name", "order", "text", "end"), STORIES, ids=[story[0].replace(" ", "-") for story in STORIES]
)
def test_a_story_ends_the_same(
    vendors: Simulator, name: str, order: str, text: str, end: str, copies: int
) -> None:
    vendors.stripe.subscribe("http://127.0.0.1:9/never/", events=list(EVENTS))
    began = timezone.now()
    with time_machine.travel(began) as travel:
        hints.poll()
        stage = Stage(vendors, priced(order=order), travel, began, timedelta())
        assert told(stage, text, random.Random(name), copies)  # noqa: S311
        stage.pass_time(steps(text)[-1][0] + AFTERWARDS)
        if not copies:
            stage.reconcile()
        stage.work()
        for late in stage.arrived():
            stage.hear(late)
        stage.work()
        assert stage.end() == end
