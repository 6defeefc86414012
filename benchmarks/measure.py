"""The one way in which benchmarks measure: two sides in turns, so that the machine's mood meets both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True)
class Result:
    """One row of the table. `reached` is None where nothing was to be reached, or nothing was measured."""

    what: str
    measured: str
    mark: str
    reached: bool | None


@dataclass(frozen=True)
class Side:
    """`work` is timed; `prepare` runs before it and is not, and is told how often `work` will run."""

    work: Callable[[], object]
    prepare: Callable[[int], object] = lambda times: None


def ratio(
    ours: Side, theirs: Side, *, rounds: int, times: int, clock: Clock, warm: bool = True
) -> float:
    """How much longer our side takes: the median over all rounds, each of which times both sides.

    `clock` is `time.perf_counter`, or `time.process_time` where all work is done by this process: then
    what else the machine does counts less.
    """
    if warm:
        seconds(ours, times, clock), seconds(theirs, times, clock)
    return statistics.median(_round(ours, theirs, times, clock, n % 2 == 0) for n in range(rounds))


def seconds(side: Side, times: int = 1, clock: Clock = time.perf_counter) -> float:
    """How long `times` runs take, without the garbage collector's pauses."""
    side.prepare(times)
    gc.collect()
    gc.disable()
    try:
        started = clock()
        for _ in range(times):
            side.work()
        return clock() - started
    finally:
        gc.enable()


def _round(ours: Side, theirs: Side, times: int, clock: Clock, ours_first: bool) -> float:
    """Who goes first changes with every round, so that going first is nobody's advantage."""
    if ours_first:
        return seconds(ours, times, clock) / seconds(theirs, times, clock)
    return 1 / (seconds(theirs, times, clock) / seconds(ours, times, clock))


def at_least(what: str, value: float, mark: float) -> Result:
    """A row for a ratio that has a floor."""
    return Result(what, f"{value:.2f} ×", f"≥ {mark:.2f} ×", value >= mark)


def at_most(what: str, value: float, mark: float) -> Result:
    """A row for a ratio that has a ceiling."""
    return Result(what, f"{value:.2f} ×", f"≤ {mark:.2f} ×", value <= mark)


def exactly(what: str, value: int, mark: int) -> Result:
    """A row for a number that has to be met."""
    return Result(what, str(value), str(mark), value == mark)
