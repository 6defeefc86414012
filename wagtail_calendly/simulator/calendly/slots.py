"""Which times are free: the host's hours, less what is booked, not sooner than the notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wagtail_calendly.simulator.calendly.state import Calendly, EventType, ScheduledEvent, User

OPENS, CLOSES = time(9), time(17)
STEP = timedelta(minutes=30)
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class Slot:
    start: datetime
    invitees_remaining: int


def free_slots(
    calendly: Calendly,
    event_type: EventType,
    since: datetime,
    until: datetime,
    *,
    besides: ScheduledEvent | None = None,
) -> Iterator[Slot]:
    """Free slots starting in [since, until); `besides` counts as gone, for moving it."""
    if not event_type.bookable:
        return
    now = calendly.clock.now()
    earliest = max(since, _first_bookable(calendly, event_type, now))
    latest = min(until, now + HORIZON)
    for start in _starts(event_type, earliest, latest):
        remaining = seats_left(calendly, event_type, start, besides=besides)
        if remaining:
            yield Slot(start, remaining)


def _first_bookable(calendly: Calendly, event_type: EventType, now: datetime) -> datetime:
    first = now + timedelta(minutes=event_type.min_notice_minutes)
    if not calendly.whole_days:
        return first
    zone = ZoneInfo(event_type.hosts[0].timezone)
    following = first.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time.min, zone)


def _starts(event_type: EventType, earliest: datetime, latest: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(event_type.hosts[0].timezone)
    day = earliest.astimezone(zone).date()
    while day <= latest.astimezone(zone).date():
        if day.weekday() in event_type.weekdays:
            starts = (moment.astimezone(UTC) for moment in _day(event_type, day, zone))
            yield from (start for start in starts if earliest <= start < latest)
        day += timedelta(days=1)


def _day(event_type: EventType, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    if event_type.starts:
        for start in event_type.starts:
            yield datetime.combine(day, time.fromisoformat(start), zone)
        return
    moment = datetime.combine(day, OPENS, zone)
    last = datetime.combine(day, CLOSES, zone) - timedelta(minutes=event_type.duration)
    while moment <= last:
        yield moment
        moment += STEP


def seats_left(
    calendly: Calendly,
    event_type: EventType,
    start: datetime,
    *,
    besides: ScheduledEvent | None = None,
) -> int:
    """How many more invitees a slot takes; 0 when every host is busy."""
    shared = joinable(calendly, event_type, start)
    if shared:
        return event_type.seats - len(shared.active_invitees)
    host = free_host(calendly, event_type, start, besides=besides)
    return event_type.seats if host else 0


def joinable(calendly: Calendly, event_type: EventType, start: datetime) -> ScheduledEvent | None:
    """The group event already standing at that time."""
    if event_type.kind != "group":
        return None
    same = (
        event
        for event in calendly.events.values()
        if event.event_type is event_type and event.start == start and not event.cancellation
    )
    return next(same, None)


def free_host(
    calendly: Calendly,
    event_type: EventType,
    start: datetime,
    *,
    besides: ScheduledEvent | None = None,
) -> User | None:
    """The first host without an active event that overlaps."""
    end = start + timedelta(minutes=event_type.duration)
    busy = {
        event.host.id
        for event in calendly.events.values()
        if event is not besides
        and not event.cancellation
        and event.active_invitees
        and event.start < end
        and start < event.end
    }
    return next((host for host in event_type.hosts if host.id not in busy), None)
