"""Fixtures for every test, and their order."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.fixtures.simulator"]

EMPTYING = {"transactional_db", "live_server", "django_db_serialized_rollback"}


def empties_the_database(item: pytest.Item) -> bool:
    """Whether the rows that migrations made, such as Wagtail's first site, are gone after this test."""
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool((marker and marker.kwargs.get("transaction")) or fixtures & EMPTYING)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In any order, but those that leave an empty database behind come last."""
    items.sort(key=empties_the_database)
