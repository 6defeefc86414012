"""The calendar: each session on its day in the reader's time zone, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from tests.desk.many import many_bookings
from tests.factories import BookingFactory
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.desk.calendar import SHOWN
from wagtail_calendly.desk.spans import MONTH, WEEK, Span

pytestmark = pytest.mark.django_db

CALENDAR = "/admin/calendly/calendar/"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in("view")


def booked(at: datetime, status: str = "confirmed") -> Booking:
    booking = BookingFactory()
    Booking.objects.filter(pk=booking.pk).update(starts_at=at, status=status)
    return booking


def shown(response: Any) -> dict[date, int]:
    """How many bookings stand on which day."""
    return {day.date: len(day.bookings) for day in response.context["days"] if day.bookings}


@pytest.mark.survives("clocks-change-in-the-admin")
def test_a_session_stands_on_its_day_in_the_week_in_which_clocks_change(clerk: Client) -> None:
    booked(datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN))
    booked(datetime(2026, 10, 25, 23, 59, tzinfo=BERLIN))
    booked(datetime(2026, 10, 26, 0, 0, tzinfo=BERLIN))
    booked(datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN))
    response = clerk.get(f"{CALENDAR}week/2026-10-28/")
    assert shown(response) == {date(2026, 10, 25): 2, date(2026, 10, 26): 1}


@pytest.mark.survives("clocks-change-in-the-admin")
def test_days_are_the_readers_own(clerk: Client) -> None:
    booked(datetime(2026, 11, 17, 23, 30, tzinfo=UTC))
    profile = UserProfile.get_for_user(User.objects.get())
    for zone, day in (("Europe/Berlin", 18), ("America/New_York", 17), ("Asia/Tokyo", 18)):
        UserProfile.objects.filter(pk=profile.pk).update(current_time_zone=zone)
        found = shown(clerk.get(f"{CALENDAR}month/2026-11-02/"))
        assert found == {date(2026, 11, day): 1}, zone


def test_what_does_not_take_place_is_shown_when_asked_for(clerk: Client) -> None:
    at = datetime(2026, 11, 18, 9, tzinfo=BERLIN)
    for status in ("confirmed", "canceled", "expired", "no_show"):
        booked(at, status)
    assert shown(clerk.get(f"{CALENDAR}week/2026-11-18/")) == {date(2026, 11, 18): 2}
    asked = clerk.get(f"{CALENDAR}week/2026-11-18/?status=canceled")
    assert shown(asked) == {date(2026, 11, 18): 1}
    assert asked.context["steps"][2][1].endswith("week/2026-11-25/?status=canceled")


def test_of_a_full_day_a_link_leads_to_the_rest(clerk: Client) -> None:
    made = many_bookings(SHOWN[MONTH] + 3)
    at = timezone.localtime().replace(hour=12)
    Booking.objects.update(starts_at=at)
    response = clerk.get(f"{CALENDAR}month/{at.date()}/?status=confirmed")
    [day] = [day for day in response.context["days"] if day.bookings]
    assert (len(day.bookings), day.more) == (SHOWN[MONTH], 3)
    assert day.bookings[0].invitee == "Vi Sitor"
    assert len(clerk.get(day.url).context["object_list"]) == len(made)


def test_empty_days_say_how_sessions_come_there(clerk: Client) -> None:
    response = clerk.get(CALENDAR, {"status": "confirmed"}, follow=True)
    assert response.redirect_chain[0][0].endswith(f"{timezone.localdate()}/?status=confirmed")
    assert "No session of these days matches" in response.content.decode()
    assert "as soon as visitors book them" in clerk.get(CALENDAR, follow=True).content.decode()


@pytest.mark.parametrize(
    "span", ["day/2026-11-18", "week/2026-02-30", "week/x", "month/9999-12-31"]
)
def test_there_are_no_other_days(clerk: Client, span: str) -> None:
    assert clerk.get(f"{CALENDAR}{span}/").status_code == 404


def test_the_calendar_and_the_panel_are_for_those_who_may_view(
    signed_in: Callable[..., Client],
) -> None:
    many_bookings(1)
    nobody = signed_in()
    for address in (f"{CALENDAR}week/2026-11-18/", f"{CALENDAR}week/2026-11-18/results/"):
        assert nobody.get(address).status_code == 302
    home = nobody.get("/admin/").content.decode()
    assert "Sessions today" not in home
    assert CALENDAR not in home
    assert "Sessions today" in signed_in("view").get("/admin/").content.decode()


def test_a_week_begins_as_the_readers_language_says() -> None:
    for language, first in (("en", date(2026, 11, 15)), ("de", date(2026, 11, 16))):
        with translation.override(language):
            assert Span(WEEK, date(2026, 11, 18)).days[0] == first
            assert len(Span(WEEK, date(2026, 11, 18)).days) == 7


def test_a_month_has_whole_weeks_and_neighbours() -> None:
    with translation.override("de"), timezone.override(BERLIN):
        span = Span(MONTH, date(2026, 10, 31))
        assert (span.days[0], span.days[-1]) == (date(2026, 9, 28), date(2026, 11, 1))
        assert (span.before, span.after) == (date(2026, 9, 30), date(2026, 11, 1))
        first, after = span.bounds
        assert after - first == timedelta(days=35)
        assert after.astimezone(UTC) - first.astimezone(UTC) == timedelta(days=35, hours=1)
        assert not span.holds(date(2026, 11, 1))
        assert Span(MONTH, date(2027, 1, 31)).after == date(2027, 2, 1)
