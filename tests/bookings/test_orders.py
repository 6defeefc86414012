"""Every story about money in every order of its deliveries, each doubled and each lost: it ends the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.bookings.money_stories import STORIES
from tests.bookings.orders import Story, try_all
from tests.bookings.world import Guards

#: Of stories with so few steps all orders are tried; of each fate of a longer one so many, and as many by lot.
SHORT, MANY, SOME = 3, 1000, 2
NAMED = {story.name: story for story in STORIES}


@pytest.fixture(scope="module")
def count(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """How many sequences were tried, said at the end (`pytest -s`)."""
    tried: Counter[str] = Counter()
    yield tried
    print(f"\n{tried.total()} sequences of {len(tried)} stories tried.")  # noqa: T201


@pytest.mark.survives("money-in-any-order")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name.replace(" ", "-"))
def test_every_order_ends_the_same(story: Story, count: Counter[str]) -> None:
    is_short = len(story.steps) <= SHORT
    tried = try_all(story, MANY if is_short else SOME)
    count[story.name] += tried.sequences
    assert tried.ends[(True,) * len(story.steps)] == story.end


@pytest.mark.survives("guard-removed")
@pytest.mark.parametrize(
    ("guard", "name"),
    [
        ("looks_before_acting", "partly refunded there, then here"),
        ("closes_first", "the hold ends"),
        ("reopens_dropped", "dispute won"),
        ("repeats_keys", "a refund fails and is repeated"),
    ],
)
def test_each_guard_is_needed(guard: str, name: str) -> None:
    """Negative control: without it, something that must hold does not."""
    with pytest.raises(AssertionError):
        try_all(NAMED[name], SOME, Guards(**{guard: False}))
