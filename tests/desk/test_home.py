"""The admin's first page: today's sessions to come, and what needs attention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.desk.many import many_bookings
from tests.factories import BookingFactory
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.desk.home import SHOWN

pytestmark = pytest.mark.django_db

#: Nine in the morning in Berlin.
NOW = datetime.fromisoformat("2026-11-18T08:00:00+00:00")


def home(client: Client) -> str:
    return client.get("/admin/").content.decode()


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    with time_machine.travel(NOW, tick=False):
        return signed_in("view")


@time_machine.travel(NOW, tick=False)
def test_where_nothing_is_booked_nothing_is_said(clerk: Client) -> None:
    assert "calendly-upcoming" not in home(clerk)


@time_machine.travel(NOW, tick=False)
def test_of_today_it_shows_what_is_to_come_and_otherwise_the_next(clerk: Client) -> None:
    booking = BookingFactory()
    one = Booking.objects.filter(pk=booking.pk)
    title = booking.terms.session_type.title
    one.update(starts_at=NOW - timedelta(minutes=1), status="confirmed")
    assert title not in home(clerk)
    one.update(starts_at=NOW + timedelta(hours=14, minutes=59))
    assert "11:59" in home(clerk)
    one.update(starts_at=NOW + timedelta(hours=15))
    assert "No more sessions today." in home(clerk)
    assert title in home(clerk)
    one.update(status="canceled")
    assert title not in home(clerk)


@time_machine.travel(NOW, tick=False)
def test_it_leads_to_the_rest_of_today_and_of_what_needs_attention(clerk: Client) -> None:
    many_bookings(SHOWN)
    assert "All sessions of today" not in home(clerk)
    many_bookings(1)
    page = home(clerk)
    assert "All sessions of today" in page
    assert "?attention=needed" in page
    assert page.count("The payer disputes the payment") == SHOWN
