"""When a session is, in words: weekday, date, time and zone, for the visitor and where it differs the host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.translation import get_language

if TYPE_CHECKING:
    from babel import Locale


@dataclass(frozen=True)
class When:
    """A session's time in one zone. `start` and `end` are aware."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def day(self) -> str:
        """Weekday and date, to stand alone or to begin a sentence."""
        return self.day_within[:1].upper() + self.day_within[1:]

    @property
    def day_within(self) -> str:
        """Weekday and date within a sentence, where few languages begin them with a capital."""
        return str(_dates().format_date(self._local(self.start), "full", locale=_locale()))

    @property
    def hours(self) -> str:
        """From – to; a session that ends on another day names that day too.

        Where the clocks are changed, each end says how far its clock is from Greenwich's.
        """
        first, last = self._local(self.start), self._local(self.end)
        say = _time_and_offset if _is_unclear(first, last) else _time
        end = say(last)
        if first.date() != last.date():
            end = f"{_dates().format_date(last, 'medium', locale=_locale())}, {end}"
        return f"{say(first)}–{end}"

    @property
    def zone_name(self) -> str:
        return str(_dates().get_timezone_name(self._local(self.start), locale=_locale()))

    def says_the_same_as(self, other: When) -> bool:
        """Whether clocks in both zones show the same time."""
        return all(
            self._local(moment).utcoffset() == other._local(moment).utcoffset()
            for moment in (self.start, self.end)
        )

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


def for_visitor(start: datetime, end: datetime, zone: str) -> When:
    """In the zone that the visitor chose in Calendly; the site's where Calendly named none that is known."""
    return When(start, end, zone_of(zone))


def for_host(visitor: When) -> When | None:
    """In the site's own zone, where its clock shows another time than the visitor's."""
    host = When(visitor.start, visitor.end, zone_of(""))
    return None if host.says_the_same_as(visitor) else host


def moment(at: datetime, zone: str) -> str:
    """One moment in the zone that the visitor chose, which is named."""
    when = for_visitor(at, at, zone)
    return f"{when.day_within}, {_time(at.astimezone(when.zone))} ({when.zone_name})"


def clock(at: datetime, zone: str) -> str:
    """The time of day of one moment in the zone that the visitor chose."""
    return _time(at.astimezone(zone_of(zone)))


def day(at: datetime, zone: str) -> str:
    """The day of one moment in the zone that the visitor chose, without its weekday."""
    local = at.astimezone(zone_of(zone))
    return str(_dates().format_date(local, "long", locale=_locale()))


def zone_of(name: str) -> ZoneInfo:
    """The zone of this IANA name, else the site's."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(timezone.get_default_timezone_name())


def _time(moment: datetime) -> str:
    return str(_dates().format_time(moment, "short", locale=_locale()))


def _time_and_offset(moment: datetime) -> str:
    return f"{_time(moment)} {_dates().get_timezone_gmt(moment, locale=_locale())}"


def _is_unclear(first: datetime, last: datetime) -> bool:
    """Whether the clocks are changed between these local times, or show one of them twice that night."""
    offsets = {moment.replace(fold=fold).utcoffset() for moment in (first, last) for fold in (0, 1)}
    return len(offsets) > 1


def _dates() -> ModuleType:
    """babel's, which takes long to load and is needed where a booking is shown."""
    from babel import dates

    return dates


def _locale() -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
