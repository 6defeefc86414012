"""Fixtures for every test, their order, and the rows they all begin with."""

from __future__ import annotations

import functools
import gc
import os
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from django.utils import translation

from wagtail_calendly.calendly.retries import MOST_ATTEMPTS

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.loopback",
    "tests.fixtures.stripe",  # before the simulator, which has it at hand
    "tests.fixtures.simulator",
]

#: Reading all certificates takes longer than most tests, and none of them leaves this machine.
ssl.create_default_context = functools.cache(ssl.create_default_context)

# What is tried again is tried as often as in life, but nobody waits in between.
stamina.set_testing(True, attempts=MOST_ATTEMPTS, cap=True)
with suppress(ImportError):
    from stripe import HTTPClient

    HTTPClient.INITIAL_DELAY = 0.01

FIRST_ROWS = "django_db_serialized_rollback"
EMPTYING = {"transactional_db", "live_server", FIRST_ROWS}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a test waits as long for sockets and browsers as it computes."""
    return min((os.cpu_count() or 1) + 1, 4)


def empties_the_database(item: pytest.Item) -> bool:
    """Whether the rows that migrations made, such as Wagtail's first site, are gone after this test."""
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool((marker and marker.kwargs.get("transaction")) or fixtures & EMPTYING)


def allowed_seconds(item: pytest.Item) -> float:
    """The time that a test asks for; none where it is content with what all have."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In any order, but the long ones first, lest a worker be left alone with one in the end.

    Those that empty the database come last, and each begins with the first rows.
    """
    items.sort(key=lambda item: (empties_the_database(item), -allowed_seconds(item)))
    for item in filter(empties_the_database, items):
        names = getattr(item, "fixturenames", [])
        if FIRST_ROWS not in names:
            names.insert(0, FIRST_ROWS)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A visitor's language stays active in the thread that served them."""
    yield
    translation.deactivate()


@pytest.fixture
def within_a_minute() -> Iterator[None]:
    """The clock goes on from the beginning of this minute: what is counted by the minute is counted in one."""
    with time_machine.travel(datetime.now(UTC).replace(second=0, microsecond=0)):
        yield
