"""What is found: one statement about one subject, how bad it is, and the step that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wagtail_calendly.bookings.subscriptions import ACTIVE, DISABLED, ELSEWHERE, MISSING, OUTDATED


class State(StrEnum):
    """How it stands. `unknown`: nobody has looked yet, or it cannot be known."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    UNKNOWN = "unknown"


_BADNESS = (State.OK, State.UNKNOWN, State.WARNING, State.BROKEN)


@dataclass(frozen=True)
class Finding:
    """`subject` is for programs, `title`, `words` and the mending `step` for people; `when` is an aware time."""

    subject: str
    title: str
    state: State
    words: str
    step: str = ""
    when: datetime | None = None


@dataclass(frozen=True)
class Section:
    """What was found about one account, or about the site's own work. `key` is the account's alias."""

    key: str
    title: str
    findings: tuple[Finding, ...]
    examined_at: datetime | None = None

    @property
    def state(self) -> State:
        return worst(finding.state for finding in self.findings)


def worst(states: Iterable[State]) -> State:
    """The worst of them; none is ok."""
    return max(states, key=_BADNESS.index, default=State.OK)


#: How bad it is that a sender's deliveries stand so. Polling finds what nobody delivers, only later.
STATE_OF_DELIVERY = {
    ACTIVE: State.OK,
    DISABLED: State.BROKEN,
    OUTDATED: State.WARNING,
    MISSING: State.BROKEN,
    ELSEWHERE: State.BROKEN,
}


def joined(names: Iterable[Any]) -> str:
    """A list of names that nobody translates."""
    return ", ".join(str(name) for name in names)
