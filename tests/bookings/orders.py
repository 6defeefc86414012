"""Tries a story in every order of its deliveries, with each of them doubled, and with each of them lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.bookings import people
from tests.bookings.acting import work
from tests.bookings.invariants import check, check_at_rest
from tests.bookings.world import ALL, Guards, Message, World
from wagtail_calendly.bookings.rules import TermsFacts

#: One step of a story: the minute at which it happens, and who does what.
Step = tuple[float, Callable[..., bool]]
#: How often the deliveries of these numbers arrive; all others arrive once.
Fate = Mapping[int, int]


@dataclass(frozen=True)
class Story:
    """What people do, minute by minute, and how it ends where all of it can be done."""

    name: str
    terms: TermsFacts
    steps: tuple[Step, ...]
    end: str


@dataclass
class Tried:
    """What was tried of one story, and by what could be done in it, the one end that all of that had."""

    sequences: int = 0
    ends: dict[tuple[bool, ...], str] = field(default_factory=dict)

    def note(self, done: tuple[bool, ...], end: str) -> None:
        self.sequences += 1
        known = self.ends.setdefault(done, end)
        assert end == known, "the order of deliveries made a difference"


def try_all(story: Story, most: int, guards: Guards = ALL) -> Tried:
    """Every order of every fate; of a fate that has more than `most` orders, as many again by lot."""
    tried, lot = Tried(), random.Random(story.name)  # noqa: S311
    for fate in _fates(tell(story, lambda options: 0, {}).sent):
        for asleep in (False, True):
            for choose in _choices(lot, most):
                told = tell(story, choose, fate, asleep=asleep, guards=guards)
                tried.note(tuple(told.done), end_of(told.world))
    return tried


@dataclass
class Told:
    """One sequence: the world after it, what could be done, how many deliveries were sent."""

    world: World
    done: list[bool] = field(default_factory=list)
    sent: int = 0

    def collect(self, pending: list[Message], fate: Fate) -> None:
        """What vendors have sent since, as often as it arrives."""
        for message in self.world.sent:
            pending += [message] * fate.get(self.sent, 1)
            self.sent += 1
        self.world.sent.clear()


def tell(
    story: Story,
    choose: Callable[[int], int],
    fate: Fate,
    *,
    asleep: bool = False,
    guards: Guards = ALL,
) -> Told:
    """One sequence: `choose` picks from what may happen next, one of the deliveries or the story's next step."""
    told = Told(World(story.terms, guards))
    world, pending, steps = told.world, list[Message](), list(story.steps)
    while steps or pending:
        options = list(dict.fromkeys(pending))
        pick = choose(len(options) + bool(steps))
        if pick < len(options):
            pending.remove(options[pick])
            world.hear(options[pick])
        else:
            at, act = steps.pop(0)
            people.pass_time(world, at, asleep=asleep)
            told.done.append(act(world))
        work(world)
        check(world)
        if not steps and not pending and 0 in fate.values():
            people.reconcile(world)
        told.collect(pending, fate)
    people.finish(world)
    return told


def end_of(world: World) -> str:
    """Status, money, reasons to look at it, what is kept of the money, and who is in the calendar."""
    decision = check_at_rest(world)
    reasons = [f"!{reason}" for reason in decision.attention]
    stripe = world.stripe
    kept = [said.captured - stripe.refunded(key) for key, said in sorted(stripe.checkouts.items())]
    active = [name for name in sorted(world.calendly.invitees) if world.calendly.is_active(name)]
    words = [decision.status, decision.payment_status, *reasons, "keeps", *kept, "booked", *active]
    return " ".join(map(str, words))


def _fates(sent: int) -> Iterator[Fate]:
    """All arrive once; each arrives twice; each is lost, or all are, and the site asks by itself once."""
    yield {}
    for number in range(sent):
        yield {number: 2}
        yield {number: 0}
    yield dict.fromkeys(range(99), 0)


def _choices(lot: random.Random, most: int) -> Iterator[Callable[[int], int]]:
    """Ways to choose: each possible one after the other; when there are too many, by lot."""
    way: list[int] = []
    for _ in range(most):
        taken: list[tuple[int, int]] = []
        yield partial(_follow, way, taken)
        while taken and taken[-1][0] == taken[-1][1] - 1:
            taken.pop()
        if not taken:
            return
        way = [pick for pick, _ in taken]
        way[-1] += 1
    for _ in range(most):
        yield lot.randrange


def _follow(way: list[int], taken: list[tuple[int, int]], options: int) -> int:
    pick = way[len(taken)] if len(taken) < len(way) else 0
    taken.append((pick, options))
    return pick
