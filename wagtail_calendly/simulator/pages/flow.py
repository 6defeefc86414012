"""One way to a booked time: which event type, at which address, new or moved, and in which zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import Request

from wagtail_calendly.simulator.calendly import params, slots
from wagtail_calendly.simulator.calendly.state import (
    Calendly,
    EventType,
    Invitee,
    ScheduledEvent,
    SchedulingLink,
)

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zones() -> list[str]:
    """Every zone named after a place, and UTC."""
    named = (zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    return ["UTC", *sorted(named)]


@dataclass
class Flow:
    """`moved` is the invitee who changes their time, `link` the single-use link in use."""

    calendly: Calendly
    event_type: EventType
    base: str
    query: dict[str, str]
    moved: Invitee | None = None
    link: SchedulingLink | None = None
    zone: str = field(init=False)

    def __post_init__(self) -> None:
        self.zone = self._zone()

    def _zone(self) -> str:
        try:
            return params.timezone(self.query.get("timezone"))
        except ValueError:
            return self.moved.timezone if self.moved else self.event_type.hosts[0].timezone

    @property
    def besides(self) -> ScheduledEvent | None:
        return self.moved.event if self.moved else None

    @property
    def guesses_zone(self) -> bool:
        """Whether the browser may put in its own zone."""
        return "timezone" not in self.query and self.moved is None

    def url(self, step: str = "", **changes: str) -> str:
        """An address within the flow; what the frame was given travels along."""
        query = {**self.query, **changes}
        path = f"{self.base}/{quote(step)}" if step else self.base
        return f"{path}?{urlencode(query)}" if query else path

    def free(self, since: datetime, until: datetime) -> Iterator[slots.Slot]:
        return slots.free_slots(self.calendly, self.event_type, since, until, besides=self.besides)


@dataclass(frozen=True)
class Day:
    date: date
    url: str | None
    chosen: bool


class Month:
    """One month of a flow as a grid of days, in the visitor's zone."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.zone = ZoneInfo(flow.zone)
        self.chosen = _date(flow.query.get("date"))
        self.first = self._first()
        self.slots = self._slots()

    def _first(self) -> date:
        asked = _date(f"{self.flow.query.get('month', '')}-01")
        if asked or self.chosen:
            return (asked or self.chosen or date.min).replace(day=1)
        now = self.flow.calendly.clock.now()
        free = next(self.flow.free(now, now + slots.HORIZON), None)
        start = free.start if free else now
        return start.astimezone(self.zone).date().replace(day=1)

    def _slots(self) -> dict[date, list[slots.Slot]]:
        since = datetime(self.first.year, self.first.month, 1, tzinfo=self.zone)
        following = _following(self.first)
        until = datetime(following.year, following.month, 1, tzinfo=self.zone)
        found: dict[date, list[slots.Slot]] = {}
        for slot in self.flow.free(since.astimezone(UTC), until.astimezone(UTC)):
            found.setdefault(slot.start.astimezone(self.zone).date(), []).append(slot)
        return found

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def earlier(self) -> str | None:
        today = self.flow.calendly.clock.now().astimezone(self.zone).date()
        if self.first <= today:
            return None
        return self._url((self.first - timedelta(days=1)).replace(day=1))

    @property
    def later(self) -> str | None:
        end = (self.flow.calendly.clock.now() + slots.HORIZON).astimezone(self.zone).date()
        following = _following(self.first)
        return self._url(following) if following <= end else None

    def _url(self, first: date) -> str:
        rest = {name: value for name, value in self.flow.query.items() if name != "date"}
        return f"{self.flow.base}?{urlencode({**rest, 'month': f'{first:%Y-%m}'})}"

    @property
    def weeks(self) -> list[list[Day | None]]:
        cells: list[Day | None] = [None] * self.first.weekday()
        day = self.first
        while day.month == self.first.month:
            cells.append(self._day(day))
            day += timedelta(days=1)
        cells += [None] * (-len(cells) % 7)
        return [cells[i : i + 7] for i in range(0, len(cells), 7)]

    def _day(self, day: date) -> Day:
        url = None
        if day in self.slots:
            url = self.flow.url(month=f"{day:%Y-%m}", date=day.isoformat()) + "#times"
        return Day(day, url, day == self.chosen)

    @property
    def times(self) -> list[tuple[slots.Slot, str]]:
        """The chosen day's slots with their addresses."""
        chosen = self.slots.get(self.chosen, []) if self.chosen else []
        return [(slot, self.flow.url(f"{slot.start:%Y-%m-%dT%H:%M:%SZ}")) for slot in chosen]


def _following(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.year in params.YEARS else None


def query_of(request: Request) -> dict[str, str]:
    return dict(request.query_params)
