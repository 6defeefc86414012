"""Staff mark who did not come, and take it back: Calendly is told once, and what is done there stays done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from tests.bookings.paying import PRICE, book, calls, later, learn, paid, priced, stands, truth
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.acts import no_shows
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import NotPossible

MARK, MARKS = "POST /invitee_no_shows", "/invitee_no_shows"


@pytest.fixture
def staff(db: None) -> User:
    return get_user_model().objects.create_user("staff")


@pytest.fixture
def booked(vendors: Simulator) -> Booking:
    booking = book(vendors, priced())
    paid(vendors, booking)
    learn(booking)
    return booking


@pytest.fixture
def over(vendors: Simulator, booked: Booking) -> Iterator[Booking]:
    """Paid, and past."""
    with later(vendors, days=8):
        assert settle(booked.pk, because="clock").status == "completed"
        yield booked


def test_a_no_show_is_marked_once_and_no_money_moves(
    vendors: Simulator, over: Booking, staff: User
) -> None:
    for _ in range(2):
        no_shows.mark(over, user=staff, reason="waited an hour")
    assert stands(over) == ("no_show", "paid", "")
    assert len(calls(vendors, "POST", MARKS)) == 1
    assert truth(vendors) == [(PRICE, 0)]
    for _ in range(2):
        no_shows.undo(over, user=staff)
    assert stands(over) == ("completed", "paid", "")
    assert len(calls(vendors, "DELETE", MARKS)) == 1
    assert [one.kind for one in over.requests.all()] == ["pay", "no_show", "came"]


def test_before_the_session_begins_nobody_is_missing(booked: Booking, staff: User) -> None:
    with pytest.raises(NotPossible):
        no_shows.mark(booked, user=staff)
    with pytest.raises(NotPossible):
        no_shows.undo(booked, user=staff)


@pytest.mark.survives("no-show-lost")
def test_a_mark_whose_answer_was_lost_is_not_made_again(
    vendors: Simulator, over: Booking, staff: User
) -> None:
    vendors.fault(MARK, perform=True, drop_connection=True, times=1)
    no_shows.mark(over, user=staff)
    assert stands(over)[0] == "completed"
    effect = over.effects.get(kind="mark_no_show")
    assert effect.state == "open"
    effects.perform(effect.pk)
    assert stands(over) == ("no_show", "paid", "")
    assert len(calls(vendors, "POST", MARKS)) == 1


@pytest.mark.survives("no-show-lost")
def test_while_calendly_is_down_the_last_word_counts(
    vendors: Simulator, over: Booking, staff: User
) -> None:
    vendors.token(valid=False)
    no_shows.mark(over, user=staff)
    no_shows.undo(over, user=staff)
    vendors.token()
    for effect in over.effects.filter(kind__in=["mark_no_show", "undo_no_show"]):
        effects.perform(effect.pk)
    assert stands(over)[0] == "completed"
    assert not calls(vendors, "POST", MARKS)
    states = over.effects.filter(kind__contains="no_show").values_list("kind", "state")
    assert dict(states) == {"mark_no_show": "ignored", "undo_no_show": "done"}


@pytest.mark.survives("no-show-lost")
def test_what_the_host_changes_at_calendly_afterwards_stays(
    vendors: Simulator, over: Booking, staff: User
) -> None:
    no_shows.mark(over, user=staff)
    vendors.undo_no_show(over.current_appointment.invitee_uri)
    poll()
    tick()
    assert stands(over)[0] == "completed"
    # Those that name nobody only ask whether the token may.
    assert len([call for call in calls(vendors, "POST", MARKS) if call["body"]]) == 1


def test_who_is_marked_at_calendly_by_now_is_not_marked_twice(
    vendors: Simulator, over: Booking, staff: User
) -> None:
    vendors.no_show(over.current_appointment.invitee_uri)
    no_shows.mark(over, user=staff)
    assert stands(over)[0] == "no_show"
    assert not calls(vendors, "POST", MARKS)
    assert over.requests.get(kind="no_show").met_at
