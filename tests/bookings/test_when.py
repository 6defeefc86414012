"""When a session is, in words, above all in the night in which the clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from wagtail_calendly.bookings.when import for_host, for_visitor

AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)
SPRING = datetime(2027, 3, 28, tzinfo=UTC)


def hours(start: datetime, *, minutes: int = 30, language: str = "en-gb") -> str:
    with translation.override(language):
        return for_visitor(start, start + timedelta(minutes=minutes), "Europe/Berlin").hours


def test_on_other_days_the_clock_says_enough() -> None:
    assert hours(AUTUMN - timedelta(days=1)) == "02:00–02:30"


def test_a_session_that_ends_on_another_day_names_it() -> None:
    assert hours(AUTUMN - timedelta(hours=2, minutes=20)) == "23:40–25 Oct 2026, 00:10"


@pytest.mark.parametrize(
    ("start", "minutes", "said"),
    [
        pytest.param(AUTUMN + timedelta(minutes=30), 60, "02:30 GMT+02:00–02:30 GMT+01:00", id="across"),
        pytest.param(AUTUMN + timedelta(minutes=0), 30, "02:00 GMT+02:00–02:30 GMT+02:00", id="first"),
        pytest.param(AUTUMN + timedelta(minutes=60), 30, "02:00 GMT+01:00–02:30 GMT+01:00", id="again"),
        pytest.param(AUTUMN - timedelta(minutes=30), 180, "01:30 GMT+02:00–03:30 GMT+01:00", id="around"),
        pytest.param(AUTUMN + timedelta(minutes=120), 30, "03:00–03:30", id="afterwards"),
        pytest.param(SPRING + timedelta(minutes=30), 60, "01:30 GMT+01:00–03:30 GMT+02:00", id="spring"),
        pytest.param(SPRING + timedelta(minutes=60), 30, "03:00–03:30", id="after spring"),
    ],
)  # fmt: skip
def test_where_the_clocks_are_changed_each_end_names_its_offset(
    start: datetime, minutes: int, said: str
) -> None:
    assert hours(start, minutes=minutes) == said


def test_the_offset_is_written_as_the_language_does() -> None:
    across = AUTUMN + timedelta(minutes=30)
    assert hours(across, minutes=60, language="fr") == "02:30 UTC+02:00–02:30 UTC+01:00"


def test_hosts_whose_clock_is_changed_in_between_are_told_theirs() -> None:
    """Lagos and Berlin show the same time only after the change."""
    start = AUTUMN + timedelta(minutes=90)
    lagos = for_visitor(start, start + timedelta(minutes=30), "Africa/Lagos")
    assert for_host(lagos) is None
    earlier = for_visitor(start - timedelta(hours=1), start, "Africa/Lagos")
    assert for_host(earlier) is not None
    into_spring = for_visitor(
        SPRING + timedelta(minutes=30), SPRING + timedelta(minutes=90), "Africa/Lagos"
    )
    assert for_host(into_spring) is not None, "the same at its start, but not at its end"
