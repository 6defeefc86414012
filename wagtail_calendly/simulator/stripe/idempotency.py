"""Idempotency keys: the first answer is kept for 24 hours, errors of begun work included.

https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_calendly.simulator.stripe.errors import InvalidError, StripeError
from wagtail_calendly.simulator.stripe.state import DAY

KEPT = DAY
LONGEST = 255

Name = tuple[bool, str]


@dataclass(frozen=True)
class Asked:
    """What a key was used for: `name` is (livemode, key)."""

    name: Name
    path: str
    params: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Answers:
    """The answers kept, and the keys whose request is still running."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.kept: dict[Name, tuple[Asked, Answer, int]] = {}
        self.running: set[str] = set()

    def recall(self, asked: Asked, now: int) -> Answer | None:
        """The answer the key got before; refuses a key that was used for something else."""
        if len(asked.name[1]) > LONGEST:
            raise InvalidError(f"Idempotency keys have up to {LONGEST} characters.")
        before, answer, at = self.kept.get(asked.name, (None, None, 0))
        if before is None or at + KEPT <= now:
            return None
        if before.path != asked.path:
            raise _reused(f"for the same endpoint they were first used for ('{before.path}')")
        if before.params != asked.params:
            raise _reused("with the same parameters they were first used with")
        return answer

    def keep(self, asked: Asked, answer: Answer, now: int) -> None:
        self.kept[asked.name] = (asked, answer, now)


def _reused(how: str) -> StripeError:
    message = f"Keys for idempotent requests can only be used {how}. Try using another key."
    return StripeError(400, message, kind="idempotency_error")
