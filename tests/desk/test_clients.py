"""Staff book for a client, link, note and send again: what the screens say and ask, against the simulator."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.bookings.conftest import vendors
from tests.bookings.paying import book, calls, learn, paid, priced, stands
from tests.factories import (
    AppointmentFactory,
    BookingFactory,
    ConfirmedBookingFactory,
    SessionTypeFactory,
)
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import EventType, SessionType

__all__ = ["vendors"]

pytestmark = pytest.mark.django_db


def _words(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "'")


def _url(name: str, booking: Booking) -> str:
    return reverse(f"bookings:{name}", args=[booking.pk])


@pytest.fixture
def offered(vendors: Simulator) -> SessionType:
    return SessionTypeFactory(event_type=EventType.objects.get(slug="consultation"))


def _begin(client: Client, offered: SessionType, times: int = 1, **more: Any) -> Any:
    url = reverse("bookings:for_client")
    site = client.get(url).context["form"].fields["site"].initial.pk
    said = {"session_type": offered.pk, "site": site, **more}
    shown = client.post(url, said).context["shown"]
    for _ in range(times):
        page = client.post(url, {**said, "shown": shown}, follow=True)
    return page


def test_a_booking_for_a_client_begins_once_and_shows_its_link(
    owner: Client, vendors: Simulator, offered: SessionType
) -> None:
    page = _begin(owner, offered, times=2)
    booking = Booking.objects.get()
    assert page.redirect_chain[-1][0] == _url("client_link", booking)
    text = _words(page)
    assert "whoever has it can use it" in text
    assert f"utm_content={booking.reference}" in text
    assert "no-store" in page["Cache-Control"]
    assert len(calls(vendors, "POST", "/scheduling_links")) == 1


@pytest.mark.priced
@pytest.mark.parametrize("is_waived", [False, True])
def test_who_pays_before_is_sent_to_pay_unless_it_is_waived(
    owner: Client, vendors: Simulator, is_waived: bool
) -> None:
    more = {"is_waived": "on", "reason": "a friend"} if is_waived else {}
    page = _begin(owner, priced(order="before"), **more)
    booking = Booking.objects.get()
    assert ("By this link the client pays" in _words(page)) is not is_waived
    assert (booking.token in _words(page)) is not is_waived
    detail = _words(owner.get(_url("inspect", booking)))
    assert ("Nothing: the payment was waived" in detail) is is_waived
    status = Client().get(reverse("wagtail_calendly:status", args=[booking.token]))
    assert ("Pay €60" in _words(status)) is not is_waived
    assert owner.get(_url("book_time", booking)).status_code == (200 if is_waived else 302)


def test_a_time_is_chosen_among_the_free_ones_and_booked_once(
    owner: Client, vendors: Simulator, offered: SessionType
) -> None:
    _begin(owner, offered)
    booking = Booking.objects.get()
    vendors.clear_requests()
    url = _url("book_time", booking)
    form = _words(owner.get(url))
    assert _url("free_times", booking) in form
    assert not vendors.requests(), "a page asked the vendor while it was rendered"
    soon = (timezone.now() + timedelta(days=2)).isoformat()
    times = _words(owner.get(_url("free_times", booking), {"since": soon}))
    start = re.findall(r'name="start_time" value="([^"]+)"', times)[0]
    said = {
        "start_time": start.replace("&#x2B;", "+"),
        "name": "Cli Ent",
        "email": "cli@example.org",
        "timezone": "Europe/Paris",
        "place": "0",
        "answer_0": "Birds",
    }
    confirm = owner.post(url, said)
    assert "for Cli Ent" in _words(confirm)
    assert not calls(vendors, "POST", "/invitees$")
    for _ in range(2):
        owner.post(url, {**said, "shown": confirm.context["shown"]}, follow=True)
    assert len(calls(vendors, "POST", "/invitees$")) == 1
    assert stands(booking)[0] == "confirmed"
    current = booking.current_appointment
    assert current is not None
    assert current.questions_and_answers[0]["answer"] == "Birds"


def test_a_time_that_is_taken_leads_back_to_the_others(
    owner: Client, vendors: Simulator, offered: SessionType
) -> None:
    _begin(owner, offered)
    booking = Booking.objects.get()
    free = vendors.api(
        "GET",
        "/event_type_available_times",
        params={
            "event_type": offered.event_type.uri,
            "start_time": (timezone.now() + timedelta(days=2)).isoformat(),
            "end_time": (timezone.now() + timedelta(days=6)).isoformat(),
        },
    ).json()["collection"]
    vendors.book(start_time=free[0]["start_time"])
    said = {"start_time": free[0]["start_time"], "name": "C", "email": "c@example.org"}
    said |= {"timezone": "Europe/Paris", "place": "0", "shown": ""}
    page = _words(owner.post(_url("book_time", booking), said))
    assert "That time is taken by now." in page
    assert "This will happen" not in page
    assert 'value="c@example.org"' in page


def test_free_times_that_cannot_be_read_say_what_to_do(
    owner: Client, vendors: Simulator, offered: SessionType
) -> None:
    _begin(owner, offered)
    vendors.token(valid=False)
    page = owner.get(_url("free_times", Booking.objects.get()), {"since": "nonsense"})
    assert "Calendly could not be asked" in _words(page)
    assert "Ask again" in _words(page)


def test_a_mail_is_sent_again_to_an_address_shown_in_part(
    owner: Client, vendors: Simulator
) -> None:
    booking = book(vendors, priced(), email="vi@example.org")
    paid(vendors, booking)
    learn(booking)
    learn(booking, "notify")
    mail.outbox.clear()
    url = _url("resend", booking)
    assert url in _words(owner.get(_url("inspect", booking)))
    page = owner.get(url)
    assert "goes to v…@example.org" in _words(page)
    said = {"mail": "paid", "shown": page.context["shown"]}
    assert "Sent to v…@example.org." in _words(owner.post(url, said, follow=True))
    assert "No mail can be sent again now" in _words(owner.post(url, said, follow=True))
    assert len(mail.outbox) == 1


def test_a_note_is_kept_with_who_wrote_it_and_is_in_no_log(owner: Client) -> None:
    booking = ConfirmedBookingFactory()
    url = _url("note", booking)
    shown = owner.get(url).context["shown"]
    for _ in range(2):
        owner.post(url, {"text": "Called <b>twice</b>.", "shown": shown})
    assert booking.notes.count() == 1
    page = _words(owner.get(_url("inspect", booking)))
    assert "staff-view-manage-refund noted:" in page
    assert "Called &lt;b&gt;twice&lt;/b&gt;." in page
    entries = ModelLogEntry.objects.filter(action="wagtail_calendly.booking.noted")
    assert [entry.data for entry in entries] == [{}]


def test_an_appointment_is_linked_by_what_is_known_of_the_booking(owner: Client) -> None:
    booking = BookingFactory(claimed_at=timezone.now())
    settle(booking.pk, because="visitor")
    stray = AppointmentFactory(booking=None, event_type=booking.terms.event_type)
    url = reverse("unlinked_appointments:link", args=[stray.pk])
    assert url in _words(owner.get(reverse("unlinked_appointments:index")))
    page = _words(owner.get(url))
    assert booking.reference[-6:] in page
    assert stray.email not in page
    confirm = owner.post(url, {"booking": booking.pk})
    for _ in range(2):
        owner.post(url, {"booking": booking.pk, "shown": confirm.context["shown"]}, follow=True)
    stray.refresh_from_db()
    assert stray.booking == booking
