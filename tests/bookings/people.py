"""What visitors, staff, vendors and time do in a world in memory. Each says whether it could be done."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

from tests.bookings.acting import Died, look, perform, work
from tests.bookings.stories import LATER, START
from tests.bookings.vendors import Refused
from tests.bookings.world import World
from wagtail_calendly.bookings.models import Payment
from wagtail_calendly.bookings.rules import Ledger, RequestFacts, if_invitee_cancels

STARTS = START + timedelta(days=1)
MINUTE = timedelta(minutes=1)


def pass_time(world: World, minute: float, *, asleep: bool = False) -> bool:
    """Let the clock go on to that minute of the story; unless it sleeps, it works whenever something is due."""
    until = START + minute * MINUTE
    while not asleep and (due := _next(world)) and due <= until:
        world.now = max(world.now, due)
        work(world)
    world.now = max(world.now, until)
    return True


def _next(world: World) -> Any:
    moments = [task.next_try_at for task in world.outbox.values() if task.state == "open"]
    check = world.is_known and world.decision.next_check_at
    return min([*moments, *([check] if check else [])], default=None)


# The visitor.


def book(
    world: World, name: str = "1", *, claims: bool = True, days: float = 1, **said: Any
) -> bool:
    """Choose a time at Calendly; the browser tells us of it, unless it was closed."""
    starts = START + timedelta(days=days)
    world.sent.append(world.calendly.book(name, world.now, starts, **said))
    if claims:
        world.claimed_at = world.claimed_at or world.now
        _at_once(world, "look_up")
    return True


def ask_to_pay(world: World) -> bool:
    """Press the button: an attempt that is undecided is gone on with, else a new one is begun."""
    decision = world.decision
    if not decision.is_payable and decision.status != "abandoned":
        return False
    world.requests.append(RequestFacts("pay", world.now))
    if not any(row.state in Payment.UNDECIDED for row in world.payments.values()):
        key = f"P{len(world.payments)}"
        charge = {"amount": world.terms.charge, "currency": world.terms.currency}
        world.payments[key] = Payment(attempt=key, asked_at=world.now, **charge)
    _at_once(world, "open_checkout")
    return True


def pay(world: World, attempt: str = "P0", *, total: int | None = None) -> bool:
    if not world.stripe.is_open(attempt, world.now):
        return False
    world.sent.append(world.stripe.settle(attempt, world.now, total))
    return True


def pay_by_debit(world: World, attempt: str = "P0") -> bool:
    if not world.stripe.is_open(attempt, world.now):
        return False
    world.sent.append(world.stripe.change(attempt, world.now, status="complete"))
    return True


def decline(world: World, attempt: str = "P0") -> bool:
    """The card is refused; the payment page stays open."""
    if not world.stripe.is_open(attempt, world.now):
        return False
    world.sent.append(world.stripe.change(attempt, world.now))
    return True


def ask_to_cancel(world: World, *, is_staff: bool = False, total: int | None = None) -> bool:
    """Confirm the cancellation that was shown, with the amount that was shown."""
    facts, decision = world.facts, world.decision
    if (
        decision.current is None
        or decision.current.is_canceled
        or decision.current.starts_at <= world.now
    ):
        return False
    if total is None and Ledger(facts).keeper:
        total = if_invitee_cancels(facts, decision.current, world.now)
    world.requests.append(RequestFacts("cancel", world.now, is_staff, total))
    world.settle()
    return True


def give_back(world: World) -> bool:
    """No time suits."""
    if world.decision.status != "awaiting_schedule":
        return False
    world.requests.append(RequestFacts("give_back", world.now))
    world.settle()
    return True


def cancel(world: World, name: str = "1", *, by: str = "invitee") -> bool:
    """Cancel at Calendly."""
    try:
        world.sent.append(world.calendly.cancel(name, world.now, by))
    except Refused:
        return False
    return True


def move(world: World, name: str = "1", to: str = "2", *, days: float = 2) -> bool:
    try:
        moved = world.calendly.move(name, to, world.now, START + timedelta(days=days))
    except Refused:
        return False
    world.sent += moved
    return True


# The money, elsewhere.


def settle_debit(world: World, attempt: str = "P0", *, fails: bool = False) -> bool:
    known = world.stripe.checkouts.get(attempt)
    if (
        not known
        or known.status != "complete"
        or known.payment_status == "paid"
        or known.has_failed
    ):
        return False
    if fails:
        world.sent.append(world.stripe.change(attempt, world.now, has_failed=True))
    else:
        world.sent.append(world.stripe.settle(attempt, world.now))
    return True


def refund_there(world: World, amount: int, attempt: str = "P0") -> bool:
    """Staff give money back at the provider, past us."""
    try:
        world.stripe.give_back(attempt, amount, world.now)
    except (Refused, KeyError):
        return False
    world.sent.append(world.stripe.change(attempt, world.now))
    return True


def fail_refund(world: World, attempt: str = "P0") -> bool:
    known = world.stripe.checkouts.get(attempt)
    if not known or not known.refunds or known.refunds[-1].status == "failed":
        return False
    world.sent.append(world.stripe.fail_refund(attempt, world.now))
    return True


def dispute(world: World, state: str, attempt: str = "P0") -> bool:
    known = world.stripe.checkouts.get(attempt)
    before = "" if state == "open" else "open"
    if not known or known.payment_status != "paid" or known.dispute != before:
        return False
    world.sent.append(world.stripe.change(attempt, world.now, dispute=state))
    return True


# Staff.


def refund(world: World, total: int, *, again: bool = False) -> bool:
    """Ask that so much stands refunded; again, where they see that it failed."""
    payments = world.facts.payments
    if not Ledger(world.facts).keeper or (
        again and "refund_failed" not in world.decision.attention
    ):
        return False
    seen = max(one.failures for one in payments)
    world.requests.append(RequestFacts("refund", world.now, True, total, failures_seen=seen))
    world.settle()
    return True


def staff(world: World, kind: str, **asked: Any) -> bool:
    """Extend, waive, or acknowledge."""
    world.requests.append(RequestFacts(kind, world.now, True, **asked))
    world.settle()
    return True


def answers(world: World, vendor: Literal["calendly", "stripe"], is_down: bool) -> bool:
    """A vendor stops answering what we ask, or begins again; people can use it all the same."""
    (world.calendly if vendor == "calendly" else world.stripe).is_down = is_down
    return True


def reconcile(world: World) -> bool:
    """Poll both vendors: what is true there is known again."""
    look(world)
    work(world)
    return True


def finish(world: World) -> None:
    """Let all time pass that the story could need."""
    pass_time(world, (LATER - START) / MINUTE)


def _at_once(world: World, kind: str) -> None:
    """What a visitor waits for is not left to the clock."""
    world.settle()
    for task in [one for one in world.outbox.values() if one.spec.kind == kind]:
        if task.state == "open":
            with suppress(Died):
                perform(world, task)
