"""A life of one booking at random: visitors, staff, both vendors, leaps of time, losses, repetitions, dying workers.

After every step what must always hold is checked; in the end, when vendors answer and were asked once, that what
is believed is true, and that money and calendar agree.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.bookings import people
from tests.bookings.acting import Died, work
from tests.bookings.invariants import check, check_at_rest
from tests.bookings.money_stories import AFTER, BEFORE, GROUP
from tests.bookings.stories import START
from tests.bookings.world import Message, World

MINUTES = st.sampled_from([0.5, 3, 12, 29, 31, 70, 600, 1500, 10_000, 45_000])
DAYS_AHEAD = st.sampled_from([0.003, 0.02, 0.5, 1, 3, 20])
AMOUNTS = st.sampled_from([0, 1, 1000, 2500, 4999, 5000, 9999])
FOREVER = timedelta(days=40)


LIVES = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(AFTER)
        self.pending: list[Message] = []

    @initialize(terms=st.sampled_from([AFTER, BEFORE, GROUP]), paid=st.integers(0, 3))
    def begin(self, terms: Any, paid: int) -> None:
        """Most lives begin with a payment: what goes wrong with money, goes wrong after that."""
        self.world = World(terms)
        if paid and terms.is_paid_before:
            self.ask_to_pay()
        if paid and not terms.is_paid_before:
            self.book(3, claims=True)
            self.ask_to_pay()
        if paid > 1:
            self.do(people.pay)
        if paid > 2 and terms.is_paid_before:
            self.pass_time(3, asleep=False)
            self.book(3, claims=True)

    def do(self, act: Any, *args: Any, **how: Any) -> None:
        """Somebody acts, the site settles and works; a worker may die on the way."""
        with suppress(Died):
            act(self.world, *args, **how)
        with suppress(Died):
            work(self.world)
        self.pending += self.world.sent
        self.world.sent.clear()

    def any_of(self, number: int, known: Any) -> str:
        names = sorted(known)
        return names[number % len(names)]

    # The visitor.

    @precondition(lambda self: len(self.world.calendly.invitees) < 3)
    @rule(days=DAYS_AHEAD, claims=st.booleans())
    def book(self, days: float, claims: bool) -> None:
        name = str(len(self.world.calendly.invitees))
        ahead = (self.world.now - START) / timedelta(days=1) + days
        self.do(people.book, name, claims=claims, days=ahead)

    @precondition(lambda self: 0 < len(self.world.calendly.invitees) < 5)
    @rule(which=st.integers(0, 4), days=DAYS_AHEAD)
    def move(self, which: int, days: float) -> None:
        name = self.any_of(which, self.world.calendly.invitees)
        ahead = (self.world.now - START) / timedelta(days=1) + days
        self.do(people.move, name, str(len(self.world.calendly.invitees)), days=ahead)

    @precondition(lambda self: self.world.calendly.invitees)
    @rule(which=st.integers(0, 4), by=st.sampled_from(["invitee", "host"]))
    def cancel_there(self, which: int, by: str) -> None:
        self.do(people.cancel, self.any_of(which, self.world.calendly.invitees), by=by)

    @rule()
    def ask_to_pay(self) -> None:
        self.do(people.ask_to_pay)

    @precondition(lambda self: self.world.stripe.checkouts)
    @rule(which=st.integers(0, 2), how=st.sampled_from(["card", "debit", "declined", "code"]))
    def pay(self, which: int, how: str) -> None:
        attempt = self.any_of(which, self.world.stripe.checkouts)
        act = {"debit": people.pay_by_debit, "declined": people.decline}.get(how, people.pay)
        self.do(act, attempt, **({"total": 0} if how == "code" else {}))

    @precondition(lambda self: self.world.stripe.checkouts)
    @rule(which=st.integers(0, 2), fails=st.booleans())
    def settle_debit(self, which: int, fails: bool) -> None:
        attempt = self.any_of(which, self.world.stripe.checkouts)
        self.do(people.settle_debit, attempt, fails=fails)

    @rule(is_staff=st.booleans(), total=AMOUNTS)
    def ask_to_cancel(self, is_staff: bool, total: int) -> None:
        shown = {"total": min(total, self.world.terms.charge)} if is_staff else {}
        self.do(people.ask_to_cancel, is_staff=is_staff, **shown)

    @rule()
    def give_back(self) -> None:
        self.do(people.give_back)

    # Staff, here and at the provider.

    @rule(total=AMOUNTS, again=st.booleans())
    def refund(self, total: int, again: bool) -> None:
        self.do(people.refund, total, again=again)

    @rule(minutes=MINUTES, kind=st.sampled_from(["extend", "ask_to_pay"]))
    def extend(self, minutes: float, kind: str) -> None:
        if self.world.decision.current:
            until = self.world.now + timedelta(minutes=minutes)
            self.do(people.staff, kind, until=until)

    @precondition(lambda self: self.world.is_known and len(self.world.requests) > 4)
    @rule()
    def waive(self) -> None:
        self.do(people.staff, "waive")

    @rule(number=st.integers(0, 3))
    def acknowledge(self, number: int) -> None:
        reasons = self.world.decision.attention
        if reasons:
            code = reasons[number % len(reasons)]
            seen = tuple(self.world.decision.about(code))
            self.do(people.staff, "acknowledge", code=code, seen=seen)

    @precondition(lambda self: self.world.stripe.checkouts)
    @rule(which=st.integers(0, 2), amount=AMOUNTS.filter(bool))
    def refund_there(self, which: int, amount: int) -> None:
        self.do(people.refund_there, amount, self.any_of(which, self.world.stripe.checkouts))

    @precondition(lambda self: self.world.stripe.checkouts)
    @rule(which=st.integers(0, 2))
    def fail_refund(self, which: int) -> None:
        self.do(people.fail_refund, self.any_of(which, self.world.stripe.checkouts))

    @precondition(lambda self: self.world.stripe.checkouts)
    @rule(which=st.integers(0, 2), state=st.sampled_from(["open", "won", "lost"]))
    def dispute(self, which: int, state: str) -> None:
        self.do(people.dispute, state, self.any_of(which, self.world.stripe.checkouts))

    # Time, trouble, and the post.

    @rule(minutes=MINUTES, asleep=st.booleans())
    def pass_time(self, minutes: float, asleep: bool) -> None:
        now = (self.world.now - START) / timedelta(minutes=1)
        self.do(people.pass_time, now + minutes, asleep=asleep)

    @rule(vendor=st.sampled_from(["calendly", "stripe"]), is_down=st.booleans())
    def answers(self, vendor: Any, is_down: bool) -> None:
        self.do(people.answers, vendor, is_down)

    @rule(where=st.sampled_from(["before", "after"]))
    def next_worker_dies(self, where: str) -> None:
        self.world.dies = where

    @precondition(lambda self: self.pending)
    @rule(number=st.integers(0, 20), fate=st.sampled_from(["arrives", "is lost", "arrives twice"]))
    def deliver(self, number: int, fate: str) -> None:
        message = self.pending[number % len(self.pending)]
        if fate != "arrives twice":
            self.pending.remove(message)
        if fate != "is lost":
            self.do(lambda world: world.hear(message))

    @invariant()
    def holds(self) -> None:
        check(self.world)

    def teardown(self) -> None:
        """Vendors answer, they are asked once, and time passes."""
        world = self.world
        world.calendly.is_down = world.stripe.is_down = False
        world.dies = ""
        people.reconcile(world)
        people.pass_time(world, (world.now + FOREVER - START) / timedelta(minutes=1))
        people.reconcile(world)
        check_at_rest(world)


@pytest.mark.survives("anything-at-once")
def test_a_life_of_one_booking() -> None:
    run_state_machine_as_test(Life, settings=LIVES)
