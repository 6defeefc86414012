"""What a cancellation policy gives back, as sentences for visitors: from tiers alone, current or frozen in terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wagtail_calendly.snippets.language import active_locale

#: [[hours before the start, percent given back], …], most hours first, as `Terms.tiers` keeps them.
Tiers = Sequence[Sequence[int]]

#: Up to two days people count in hours: "48 hours before" is clearer than "2 days before".
_HOURS_IN_WORDS = 48
_ALL = 100


def sentences(
    tiers: Tiers, *, start: datetime | None = None, now: datetime | None = None
) -> list[str]:
    """All that visitors need to know, in the active language, one sentence each.

    With a `start` (aware, in the zone to show) the deadlines are dates; with `now` as well, those that
    are over are left out.
    """
    steps = [step for step in _steps(tiers) if not _is_over(step[0], start, now)]
    if not steps:
        return [_("If you cancel, you get nothing back."), _ours()]
    (hours, percent), *later = steps
    said = [_first(_deadline(hours, start), percent)]
    said += [_next(_deadline(hours, start), percent) for hours, percent in later]
    return [*said, _after(steps[-1][0]), _ours()]


def in_words(tiers: Tiers, *, start: datetime | None = None, now: datetime | None = None) -> str:
    """The same as one paragraph."""
    return " ".join(sentences(tiers, start=start, now=now))


def in_short(tiers: Tiers) -> str:
    """One line, such as "Free cancellation until 3 days before the start, 50% back until the start"."""
    parts = [_short(_before(hours), percent) for hours, percent in _steps(tiers)]
    return ", ".join(parts) or _("No money back for cancellations")


def _steps(tiers: Tiers) -> Iterator[tuple[int, int]]:
    """The steps that change something: a later one that gives as much makes an earlier one needless."""
    for (hours, percent), (_hours, less) in zip(tiers, [*tiers[1:], (0, 0)], strict=False):
        if percent > less:
            yield hours, percent


def _is_over(hours: int, start: datetime | None, now: datetime | None) -> bool:
    return start is not None and now is not None and _moment(hours, start) < now


def _moment(hours: int, start: datetime) -> datetime:
    """Hours that pass, whatever the clocks of the zone do in between."""
    moment = start.astimezone(UTC) - timedelta(hours=hours)
    return moment.astimezone(start.tzinfo)


def _deadline(hours: int, start: datetime | None) -> str:
    return _date(_moment(hours, start)) if start else _before(hours)


def _before(hours: int) -> str:
    """Such as "48 hours before the start", "3 days before the start" or "the start"."""
    if not hours:
        return pgettext("until", "the start")
    if hours > _HOURS_IN_WORDS and hours % 24 == 0:
        days = hours // 24
        text = ngettext("%(count)s day before the start", "%(count)s days before the start", days)
        return text % {"count": days}
    text = ngettext("%(count)s hour before the start", "%(count)s hours before the start", hours)
    return text % {"count": hours}


def _first(deadline: str, percent: int) -> str:
    words = {"deadline": deadline, "percent": percent}
    if percent == _ALL:
        return _("Cancel until %(deadline)s: you get everything back.") % words
    return _("Cancel until %(deadline)s: you get %(percent)s%% back.") % words


def _next(deadline: str, percent: int) -> str:
    return _("Until %(deadline)s: %(percent)s%%.") % {"deadline": deadline, "percent": percent}


def _after(hours: int) -> str:
    """What holds after the last step; nobody can cancel later than at the start, but stay away."""
    if hours:
        return _("Later: nothing.")
    return _("If you do not come: nothing.")


def _ours() -> str:
    return _("If we cancel, you always get everything back.")


def _short(deadline: str, percent: int) -> str:
    words = {"deadline": deadline, "percent": percent}
    if percent == _ALL:
        return _("Free cancellation until %(deadline)s") % words
    return _("%(percent)s%% back until %(deadline)s") % words


def _date(moment: datetime) -> str:
    """Such as "Tue, 3 Mar, 10:00" as readers of the active language write it."""
    from babel import dates  # slow to load

    locale = active_locale()
    day = dates.format_skeleton("MMMEd", moment, locale=locale)
    return f"{day}, {dates.format_time(moment, 'short', locale=locale)}"
