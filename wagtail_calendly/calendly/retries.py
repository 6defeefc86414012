"""How long a call may take, and what may be tried again.

What would act twice is repeated only when Calendly certainly did not act: nothing was sent, or it was refused
with 429.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wagtail_calendly.calendly.errors import CalendlyRateLimited, CalendlyUnavailable

if TYPE_CHECKING:
    import stamina

MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Patience:
    """Seconds for one attempt and for retrying one call; `ends_at` (monotonic) bounds several calls together."""

    timeout: float
    retry_budget: float
    background: bool = False
    ends_at: float = math.inf

    def within(self, seconds: float) -> Patience:
        """The same, but everything from now on has only so many seconds in total."""
        return replace(self, ends_at=min(self.ends_at, time.monotonic() + seconds))

    def seconds_for_attempt(self) -> float:
        """The timeout of the attempt that begins now. Raises `CalendlyUnavailable` when time is up."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise CalendlyUnavailable(
                "Calendly was not asked, because the time for it was used up. Try again.",
                unsent=True,
            )
        return min(self.timeout, left)

    def attempts(self, *, can_be_repeated: bool) -> Iterable[stamina.Attempt]:
        """Attempts at one call that begins now; stamina waits in between, and gives up in time."""
        import stamina  # slow to load, and most processes never call Calendly

        give_up_at = min(self.ends_at, time.monotonic() + self.retry_budget)
        pauses = _pauses()

        def wait(error: Exception) -> bool | float:
            left = give_up_at - time.monotonic()
            if isinstance(error, CalendlyRateLimited):
                # Without a status it was refused here, for the sake of visitors: not worth waiting for.
                return error.retry_after if error.status and error.retry_after <= left else False
            if isinstance(error, CalendlyUnavailable) and (can_be_repeated or error.unsent):
                pause = next(pauses)
                return (
                    pause if pause < left else False
                )  # nobody waits for an attempt that cannot be made
            return False

        return stamina.retry_context(on=wait, attempts=MOST_ATTEMPTS, timeout=None)


def _pauses() -> Iterator[float]:
    """Seconds between attempts: twice as long each time, and never the same for all who wait."""
    for pause in itertools.chain((0.2, 0.4, 0.8, 1.6, 3.2), itertools.repeat(5.0)):
        yield pause + random.uniform(0, 0.3)  # noqa: S311 - not a secret
