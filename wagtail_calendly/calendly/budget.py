"""The calls an account has left this minute, shared so that background work never starves visitors."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from threading import Lock

from wagtail_calendly.calendly.errors import CalendlyRateLimited

#: Calendly's windows last a minute; a larger figure in a header must not stop background work for hours.
LONGEST_WINDOW = 120

#: What a 429 is taken to ask for when it does not say how long to wait.
DEFAULT_WAIT = 60


class RateBudget:
    """One per account and process. Safe to share between threads.

    It knows what Calendly's `X-RateLimit-*` headers last said. A background call is refused while less than
    `reserved_share` of the limit is left; a visitor's call is never refused here. Knowing nothing, it admits.
    https://developer.calendly.com/api-docs/overview/rate-limits
    """

    def __init__(
        self, *, reserved_share: float = 0.4, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.reserved_share = reserved_share
        self._clock = clock
        self._lock = Lock()
        self._limit = 0
        self._remaining = 0
        self._resets_at = -math.inf

    def __repr__(self) -> str:
        return f"<RateBudget: {self.remaining} of {self.limit} left>"

    @property
    def limit(self) -> int | None:
        """Calls a minute, None while unknown."""
        return self._limit or None

    @property
    def remaining(self) -> int | None:
        """Calls left in this window, None while unknown."""
        with self._lock:
            return self._remaining if self._is_known() else None

    def admit(self, *, background: bool) -> None:
        """Count one call before it is sent. Raises `CalendlyRateLimited` to a background call that must wait."""
        with self._lock:
            if not self._is_known():
                return
            if background and self._remaining - 1 < self.reserved_share * self._limit:
                raise CalendlyRateLimited(
                    retry_after=max(1, math.ceil(self._resets_at - self._clock()))
                )
            self._remaining = max(0, self._remaining - 1)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what a response says. Headers that are absent or not numbers change nothing."""
        limit = number(headers.get("x-ratelimit-limit"))
        remaining = number(headers.get("x-ratelimit-remaining"))
        reset = number(headers.get("x-ratelimit-reset"))
        if limit is None or remaining is None or reset is None:
            return
        with self._lock:
            self._limit = int(limit)
            self._remaining = int(remaining)
            self._resets_at = self._clock() + min(reset, LONGEST_WINDOW)

    def exhaust(self, seconds: float) -> None:
        """Calendly has refused a call: nothing is left for so many seconds."""
        with self._lock:
            self._remaining = 0
            self._resets_at = self._clock() + min(seconds, LONGEST_WINDOW)

    def _is_known(self) -> bool:
        return self._clock() < self._resets_at


def seconds_to_wait(headers: Mapping[str, str]) -> int:
    """How long a 429 asks to wait: `X-RateLimit-Reset` or `Retry-After`, both in seconds."""
    for name in ("x-ratelimit-reset", "retry-after"):
        seconds = number(headers.get(name))
        if seconds is not None:
            return max(1, math.ceil(seconds))
    return DEFAULT_WAIT


def number(text: str | None) -> float | None:
    """A header's number, or None where there is none of a sensible size."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None
