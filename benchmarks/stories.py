"""Every story about money in every order of its deliveries, doubled and lost, in memory: at least 100,000 sequences."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.measure import Result
from tests.bookings.money_stories import STORIES
from tests.bookings.orders import Story, try_all

MARK = 100_000
#: So many orders of each fate of a story, and as many again by lot, make more than that.
MOST = 300


def run(*, quick: bool = False) -> list[Result]:
    """One row. Raises `AssertionError` where a story ends otherwise, or where what must hold does not."""
    count = sum(map(_short, STORIES[:2])) if quick else _all()
    what = f"Sequences of deliveries tried of {len(STORIES)} stories about money, each ending as it must"
    return [Result(what, f"{count:,}", f"≥ {MARK:,}", quick or count >= MARK)]


def _all() -> int:
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        return sum(pool.map(_try, [story.name for story in STORIES]))


def _short(story: Story) -> int:
    return _try(story.name, 1)


def _try(name: str, most: int = MOST) -> int:
    story = next(story for story in STORIES if story.name == name)
    tried = try_all(story, most)
    assert tried.ends[(True,) * len(story.steps)] == story.end, name
    return tried.sequences
