"""Clocks: sessions across a change of summer time, over midnight, and in zones that differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.factories import ConfirmedBookingFactory
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.bookings.settle import settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def booked(start: datetime, zone: str = "Europe/Berlin", length: timedelta = HOUR) -> Booking:
    return ConfirmedBookingFactory(
        appointment__start_time=start,
        appointment__end_time=start + length,
        appointment__timezone=zone,
        appointment__invitee_created_at=BEFORE,
    )


def page_of(booking: Booking) -> str:
    answer = Client().get(reverse("wagtail_calendly:status", args=[booking.token]))
    return answer.content.decode().replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.survives("summer-time")
@time_machine.travel(BEFORE, tick=False)
@pytest.mark.parametrize(
    ("start", "zone", "length", "hours"),
    [
        pytest.param(
            datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
            "Europe/Berlin",
            HOUR,
            "1:30 AM GMT+01:00–3:30 AM GMT+02:00",
            id="an hour that the clock takes two for",
        ),
        pytest.param(
            datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
            "Europe/Berlin",
            HOUR,
            "2:30 AM GMT+02:00–2:30 AM GMT+01:00",
            id="an hour that the clock does not see",
        ),
        pytest.param(
            datetime(2027, 1, 5, 22, 30, tzinfo=UTC),
            "Europe/Berlin",
            HOUR / 2,
            "11:30 PM–Jan 6, 2027, 12:00 AM",
            id="until midnight",
        ),
        pytest.param(
            datetime(2027, 1, 5, 10, tzinfo=UTC),
            "Asia/Kathmandu",
            HOUR,
            "3:45 PM–4:45 PM",
            id="a zone of three quarters",
        ),
    ],
)
def test_hours_are_those_of_the_visitors_clock(
    start: datetime, zone: str, length: timedelta, hours: str
) -> None:
    booking = booked(start, zone, length)
    assert hours in page_of(booking)
    file = Client().get(reverse("wagtail_calendly:calendar", args=[booking.token])).content
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (start, start + length)


@pytest.mark.survives("summer-time")
@pytest.mark.parametrize("start", [datetime(2027, 3, 28, 0, 30), datetime(2027, 10, 31, 0, 30)])
def test_a_session_is_over_when_its_time_has_passed_whatever_the_clock_shows(
    start: datetime,
) -> None:
    start = start.replace(tzinfo=UTC)
    with time_machine.travel(BEFORE, tick=False):
        booking = booked(start)
    for passed, status in ((HOUR - timedelta(seconds=1), "confirmed"), (HOUR, "completed")):
        assert settle(booking.pk, because="clock", now=start + passed).status == Status(status)
