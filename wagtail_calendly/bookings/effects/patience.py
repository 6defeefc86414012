"""How long a visitor waits: what is performed on their way, by a backend without workers, has that long in all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends_at: ContextVar[float | None] = ContextVar("wagtail_calendly_ends_at", default=None)


@contextmanager
def in_a_hurry(seconds: float) -> Iterator[None]:
    """Somebody waits so long and no longer; what is left undone then is left to the clock."""
    outer = _ends_at.get()
    ends_at = time.monotonic() + seconds
    token = _ends_at.set(ends_at if outer is None else min(outer, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left() -> float | None:
    """None where nobody waits."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(ends_at - time.monotonic(), 0.0)
