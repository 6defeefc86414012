"""Staff cancel a whole group session: everybody is listed first, Calendly is asked once, all money goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bookings.paying import PRICE, calls, ordered, paid, priced, stands
from tests.factories import AppointmentFactory
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.acts.events import places
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.desk.actions.cancel_event import CancelEventView
from wagtail_calendly.snippets.models import EventType

pytestmark = pytest.mark.usefixtures("stripe")


@pytest.fixture
def group(calendly: Simulator, stripe: Any) -> list[Booking]:
    """Two who paid, and a third who booked past the site, all on one event."""
    session_type = priced("workshop", "before")
    bookings = [ordered(session_type) for _ in range(2)]
    for booking in bookings:
        paid(calendly, booking)
        by_visitors.look(booking)
    first = calendly.book("workshop", tracking={"utm_content": bookings[0].reference})
    start = first["event"]["start_time"]
    calendly.book("workshop", tracking={"utm_content": bookings[1].reference}, start_time=start)
    calendly.book("workshop", start_time=start, name="A stranger")
    poll()
    assert [stands(booking)[:2] for booking in bookings] == [("confirmed", "paid")] * 2
    return bookings


def _url(booking: Booking) -> str:
    return reverse(f"bookings:{CancelEventView.name}", args=[booking.pk])


@pytest.mark.survives("whole-event-canceled")
def test_a_group_session_is_canceled_for_everybody_and_once(
    owner: Client, calendly: Simulator, group: list[Booking]
) -> None:
    page = owner.get(_url(group[0]))
    shown = [(place.appointment.name, back) for place, _paid, back in page.context["places"]]
    assert sorted(back for _name, back in shown) == ["–", "€60", "€60"]
    assert ("A stranger", "–") in shown
    for booking in group:  # confirmed twice, on two bookings
        owner.post(_url(booking), {"shown": page.context["shown"], "reason": "ill"})
    effects.perform_due()
    assert [stands(booking) for booking in group] == [("canceled", "refunded", "")] * 2
    assert len(calls(calendly, "POST", "cancellation$")) == 1
    truth = calendly.stripe.truth()["payments"].values()
    assert [(one["captured"], one["refunded"]) for one in truth] == [(PRICE, PRICE)] * 2
    assert {request.reason for booking in group for request in booking.requests.all()} >= {"ill"}
    poll()
    assert set(Appointment.objects.values_list("invitee_status", flat=True)) == {"canceled"}


def test_who_has_moved_or_comes_meanwhile_is_asked_about_again(
    owner: Client, calendly: Simulator, group: list[Booking]
) -> None:
    shown = owner.get(_url(group[0])).context["shown"]
    moved = Booking.objects.get(pk=group[1].pk)
    later = moved.starts_at + timedelta(days=1)
    calendly.reschedule(moved.calendly_invitee_uri, later.isoformat())
    poll()
    owner.post(_url(group[0]), {"shown": shown})
    assert not calls(calendly, "POST", "cancellation$")
    owner.post(_url(group[0]), {"shown": owner.get(_url(group[0])).context["shown"]})
    effects.perform_due()
    assert [stands(booking)[0] for booking in group] == ["canceled", "confirmed"]


def test_money_goes_back_by_those_only_who_may(
    signed_in: Callable[..., Client], calendly: Simulator, group: list[Booking]
) -> None:
    manager = signed_in("view", "manage")
    for answer in (manager.get(_url(group[0])), manager.post(_url(group[0]), {"shown": ""})):
        assert answer.status_code == 302
    assert signed_in("view", "refund").get(_url(group[0])).status_code == 302
    assert not Booking.objects.filter(requests__kind="cancel_event").exists()


@pytest.mark.survives("whole-event-canceled")
@pytest.mark.usefixtures("owner")
def test_others_on_an_event_are_never_canceled_for_one(
    calendly: Simulator, group: list[Booking]
) -> None:
    """Not even where the mirror takes it for a session of one."""
    EventType.objects.filter(slug="workshop").update(kind="solo")
    booking = Booking.objects.get(pk=group[0].pk)
    by_staff.cancel(booking, total=PRICE, captured=PRICE, user=User.objects.get())
    assert not calls(calendly, "POST", "cancellation$")
    effect = booking.effects.get(kind="cancel_event")
    assert effect.error.startswith("SharedEvent")
    assert stands(group[1])[0] == "confirmed"


def test_the_list_costs_the_same_for_many() -> None:
    first = AppointmentFactory(event_uri="https://api.calendly.com/scheduled_events/E")
    with CaptureQueriesContext(connection) as few:
        places(first.event_uri)
    for _ in range(9):
        AppointmentFactory(event_uri=first.event_uri)
    with CaptureQueriesContext(connection) as many:
        assert len(places(first.event_uri)) == 10
    assert len(many) == len(few)
