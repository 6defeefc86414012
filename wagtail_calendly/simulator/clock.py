"""The simulator's time: real time plus an offset, and time stamps that never repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def iso(moment: datetime) -> str:
    """UTC with microseconds and a `Z`, as Calendly writes its time stamps."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Clock:
    """`now()` follows the offset; `stamp()` is for `created_at` and `updated_at`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.offset = timedelta()
        self.coarse = False
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def at(self, seconds: int) -> datetime:
        """A moment from Unix seconds, as Stripe counts."""
        return datetime.fromtimestamp(seconds, UTC)

    def stamp(self) -> datetime:
        """Strictly increasing microseconds; whole seconds, so repeating, while `coarse`."""
        if self.coarse:
            return self.now().replace(microsecond=0)
        self._last = max(self.now(), self._last + timedelta(microseconds=1))
        return self._last

    def shift(self, seconds: float) -> None:
        self.offset = timedelta(seconds=seconds)
        self._last = datetime.min.replace(tzinfo=UTC)
