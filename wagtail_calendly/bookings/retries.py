"""Transactions that the database may refuse for the sake of another: deadlocks, and SQLite's one writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

Result = TypeVar("Result")

TIMES = 3


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run `work` in a transaction, up to three times when the database gave way to another one.

    Inside an outer transaction it runs once: what was refused there is refused as a whole.
    """
    outermost = not transaction.get_connection().in_atomic_block
    for tries_left in reversed(range(TIMES if outermost else 1)):
        try:
            with transaction.atomic():
                return work()
        except OperationalError:
            if not tries_left:
                raise
    raise AssertionError("unreachable")
