"""Staff book for a client: by a link of their own, or at a time at once; whatever gets lost, they are booked once."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from tests.bookings.paying import calls, later, priced, stands
from tests.factories import SessionTypeFactory, default_site
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.acts import for_clients
from wagtail_calendly.bookings.models import Booking, Request
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import NotPossible
from wagtail_calendly.snippets.models import EventType, SessionType

BOOK = "POST /invitees"


@pytest.fixture
def staff(db: None) -> User:
    return get_user_model().objects.create_user("staff")


@pytest.fixture
def free(vendors: Simulator) -> SessionType:
    """A free session of the consultation."""
    return SessionTypeFactory(event_type=EventType.objects.get(slug="consultation"))


def invite(session_type: SessionType, staff: User, **more: Any) -> Booking:
    reference = for_clients.reference_for(session_type, default_site())
    return for_clients.invite(reference, user=staff, **more)


def details(booking: Booking, nth: int = 0) -> dict[str, Any]:
    times = for_clients.free_times(booking, timezone.now())
    start = times[nth].isoformat()
    person = {"name": "Cli Ent", "email": "cli@example.org", "timezone": "Europe/Paris"}
    return {**person, "start_time": start, "location": {"kind": "zoom_conference"}}


def test_a_client_books_by_a_link_of_their_own(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    reference = for_clients.reference_for(free, default_site())
    for _ in range(2):
        booking = for_clients.invite(reference, user=staff)
    assert stands(booking) == ("awaiting_schedule", "not_required", "")
    assert booking.scheduling_link
    assert len(calls(vendors, "POST", "/scheduling_links")) == 1
    vendors.book(tracking={"utm_content": reference.text})
    poll()
    assert stands(booking) == ("confirmed", "not_required", "")
    assert not mail.outbox


def test_a_link_that_nobody_uses_is_over_one_day(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    with later(vendors, days=31):
        assert settle(booking.pk, because="clock").status == "abandoned"


@pytest.mark.parametrize(
    ("order", "is_waived", "status"),
    [
        ("after", False, "awaiting_schedule"),
        ("after", True, "awaiting_schedule"),
        ("before", False, "awaiting_payment"),
        ("before", True, "awaiting_schedule"),
    ],
)
def test_what_is_to_be_paid_is_asked_for_unless_it_is_waived(
    vendors: Simulator, staff: User, order: str, is_waived: bool, status: str
) -> None:
    booking = invite(priced(order=order), staff, is_waived=is_waived)
    assert stands(booking)[0] == status
    if status == "awaiting_schedule":
        for_clients.book(booking, details=details(booking), user=staff)
        expected = ("confirmed", "not_required") if is_waived else ("awaiting_payment", "unpaid")
        assert stands(booking)[:2] == expected


@pytest.mark.priced
def test_who_has_not_paid_before_chooses_no_time(vendors: Simulator, staff: User) -> None:
    booking = invite(priced(order="before"), staff)
    with pytest.raises(NotPossible):
        for_clients.book(booking, details=details(booking), user=staff)
    assert not booking.requests.filter(kind="book").exists()


def test_a_time_is_booked_and_what_was_typed_is_kept_by_nobody_but_the_appointment(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    said = details(booking)
    booked = for_clients.book(booking, details=said, user=staff)
    assert stands(booked)[0] == "confirmed"
    appointment = booked.current_appointment
    assert appointment is not None
    assert (appointment.name, appointment.email) == ("Cli Ent", "cli@example.org")
    assert booked.starts_at
    assert booked.starts_at.isoformat() == said["start_time"]
    request = Request.objects.get(kind="book")
    assert (request.details, bool(request.met_at)) == ({}, True)
    assert "cli@" not in str(booked.effects.get(kind="book").params)
    with pytest.raises(NotPossible):
        for_clients.book(booking, details=said, user=staff)


@pytest.mark.survives("client-booked-twice")
@pytest.mark.parametrize("slug", ["consultation", "workshop"])
def test_a_booking_whose_answer_was_lost_is_looked_up_before_it_is_made_again(
    vendors: Simulator, staff: User, slug: str
) -> None:
    event_type = EventType.objects.get(slug=slug)
    booking = invite(SessionTypeFactory(event_type=event_type), staff)
    said = {**details(booking), "location": {"kind": event_type.locations[0]["kind"]}}
    if "location" in event_type.locations[0]:
        said["location"]["location"] = event_type.locations[0]["location"]
    vendors.fault(BOOK, perform=True, drop_connection=True, times=1)
    for_clients.book(booking, details=said, user=staff)
    assert stands(booking)[0] == "awaiting_schedule"
    with later(vendors, minutes=2):
        tick()
    assert stands(booking)[0] == "confirmed"
    assert len(calls(vendors, "POST", "/invitees$")) == 1
    assert Request.objects.get(kind="book").details == {}


@pytest.mark.survives("client-booked-twice")
def test_who_took_their_link_meanwhile_is_not_booked_again(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    said = details(booking)
    vendors.book(tracking={"utm_content": booking.reference})
    for_clients.book(booking, details=said, user=staff)
    assert stands(booking) == ("confirmed", "not_required", "")
    assert not calls(vendors, "POST", "/invitees$")


def test_a_time_that_is_taken_is_said_so_and_another_one_may_be_chosen(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    said, other = details(booking), details(booking, 3)
    vendors.book(start_time=said["start_time"])
    with pytest.raises(for_clients.NotBooked) as refused:
        for_clients.book(booking, details=said, user=staff)
    assert refused.value.code == "taken"
    assert stands(booking) == ("awaiting_schedule", "not_required", "")
    assert Request.objects.get(kind="book").details == {}
    for_clients.book(booking, details=other, user=staff)
    assert stands(booking)[0] == "confirmed"


def test_a_plan_that_may_not_book_says_so(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    said = details(booking)
    vendors.fault(BOOK, status=403, times=9)
    with pytest.raises(for_clients.NotBooked) as refused:
        for_clients.book(booking, details=said, user=staff)
    assert refused.value.code == "not_allowed"


def test_what_is_canceled_before_it_could_be_booked_is_forgotten(
    vendors: Simulator, free: SessionType, staff: User
) -> None:
    booking = invite(free, staff)
    said = details(booking)
    vendors.token(valid=False)
    for_clients.book(booking, details=said, user=staff)
    assert Request.objects.get(kind="book").details
    Request.objects.create(booking=booking, kind="cancel", is_staff=True)
    settle(booking.pk, because="cancel")
    vendors.token()
    effects.perform(booking.effects.get(kind="book").pk)
    assert stands(booking)[0] == "canceled"
    assert Request.objects.get(kind="book").details == {}
    assert not calls(vendors, "POST", "/invitees$")
