"""Links to the calendar, the confirmation of a booking, and its status, against the simulator."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wagtail.models import Page, Site

from tests.api.conftest import Visitor, code, make_event_type, make_session_type
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db

INVITEE = "https://api.calendly.com/scheduled_events/EV/invitees/IN"


def link(visitor: Visitor, session_type: SessionType) -> dict[str, str]:
    response = visitor.say("scheduling_links", session_type=session_type.pk)
    assert response.status_code == 200, response.content
    return response.json()


def book(calendly: Simulator, reference: str, **details: Any) -> str:
    """Book a time with this reference, as the visitor would in Calendly's page."""
    booked = calendly.book(tracking={"utm_content": reference}, **details)
    return booked["invitee"]["uri"]


# Links


def test_a_plain_link_carries_the_reference_and_asks_calendly_nothing(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    calendly.clear_requests()
    said = link(visitor, consultation)
    address = urlsplit(said["url"])
    assert f"{address.scheme}://{address.netloc}" == calendly.url
    assert parse_qs(address.query)["utm_content"] == [said["reference"]]
    assert references.read(said["reference"]).terms_id == consultation.terms.get().pk
    assert calendly.requests() == []
    assert not Booking.objects.exists()


@pytest.mark.survives("bots")
def test_an_unused_link_is_given_again(visitor: Visitor, consultation: SessionType) -> None:
    assert link(visitor, consultation) == link(visitor, consultation)
    assert link(Visitor(), consultation) != link(visitor, consultation)


def test_after_a_booking_the_next_link_is_a_new_one(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    first = link(visitor, consultation)["reference"]
    invitee = book(calendly, first)
    visitor.say("confirm", reference=first, invitee_uri=invitee)
    assert link(visitor, consultation)["reference"] != first


def test_a_single_use_link_is_made_once_for_a_reference(
    visitor: Visitor, consultation: SessionType, calendly: Simulator, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY["SINGLE_USE_LINKS"] = True
    calendly.clear_requests()
    first, second = link(visitor, consultation), link(visitor, consultation)
    assert first == second
    assert urlsplit(first["url"]).path.startswith("/d/")
    assert [call["path"] for call in calendly.requests()] == ["/scheduling_links"]


def test_a_lost_answer_leaves_one_reference(
    visitor: Visitor, consultation: SessionType, calendly: Simulator, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY["SINGLE_USE_LINKS"] = True
    assert visitor.session is not None  # a visitor who was here before
    calendly.fault("/scheduling_links", status=500, times=1, perform=True)
    response = visitor.say("scheduling_links", session_type=consultation.pk)
    assert (response.status_code, code(response)) == (503, "calendly_unavailable")
    held = visitor.session["wagtail_calendly"]
    assert link(visitor, consultation)["reference"] == held[0]["reference"]


@pytest.mark.survives("bots")
@pytest.mark.usefixtures("within_a_minute")
def test_the_budget_of_an_account_is_for_all_visitors_together(
    consultation: SessionType, calendly: Simulator, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY |= {"SINGLE_USE_LINKS": True, "ACCOUNT_LINKS_PER_MINUTE": 1}
    calendly.clear_requests()
    link(Visitor(), consultation)
    response = Visitor(REMOTE_ADDR="192.0.2.7").say(
        "scheduling_links", session_type=consultation.pk
    )
    assert (response.status_code, code(response)) == (429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert len(calendly.requests()) == 1


@pytest.mark.parametrize("columns", [{"live": False}, {"price": 6000, "currency": "EUR"}])
def test_what_cannot_be_booked_has_no_link(
    visitor: Visitor, site: Site, columns: dict[str, Any]
) -> None:
    row = make_session_type(**columns)
    response = visitor.say("scheduling_links", session_type=row.pk)
    assert (response.status_code, code(response)) == (404, "not_found")


def test_nothing_but_the_session_and_the_page_can_be_said(
    visitor: Visitor, session_type: SessionType
) -> None:
    response = visitor.say("scheduling_links", session_type=session_type.pk, price=1)
    assert (response.status_code, code(response)) == (400, "invalid")


# Confirmation


def test_a_booking_is_confirmed_with_calendly(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, consultation)["reference"]
    invitee = book(calendly, reference)
    said = visitor.say("confirm", reference=reference, invitee_uri=invitee).json()
    booking = Booking.objects.get()
    assert said == {"status": "confirmed", "status_url": f"/calendly/bookings/{booking.token}/"}
    again = visitor.say("confirm", reference=reference, invitee_uri=invitee).json()
    assert again == said


def test_only_the_browser_that_chose_learns_the_status_address(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, consultation)["reference"]
    invitee = book(calendly, reference)
    response = Visitor().say("confirm", reference=reference, invitee_uri=invitee)
    assert response.json() == {"status": "confirmed", "status_url": None}
    assert Booking.objects.get().token not in response.content.decode()


def test_while_calendly_is_down_the_booking_is_pending(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, consultation)["reference"]
    invitee = book(calendly, reference)
    calendly.fault("", status=503, times=100)
    response = visitor.say("confirm", reference=reference, invitee_uri=invitee)
    assert response.status_code == 200
    assert response.json()["status"] == "pending"
    assert response.json()["status_url"]


@pytest.mark.survives("claimed-for-another")
def test_another_invitee_changes_nothing(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, consultation)["reference"]
    other = book(calendly, link(Visitor(), consultation)["reference"])
    response = visitor.say("confirm", reference=reference, invitee_uri=other)
    assert (response.status_code, code(response)) == (409, "not_this_booking")
    assert not Booking.objects.exists()
    assert not Appointment.objects.exists()


@pytest.mark.survives("claimed-for-another")
def test_an_invitee_of_another_event_type_changes_nothing(
    visitor: Visitor, session_type: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, session_type)["reference"]
    response = visitor.say("confirm", reference=reference, invitee_uri=book(calendly, reference))
    assert (response.status_code, code(response)) == (409, "not_this_booking")
    assert not Booking.objects.exists()


@pytest.mark.survives("another-site")
def test_a_reference_of_another_site_is_unknown(
    visitor: Visitor, consultation: SessionType, calendly: Simulator
) -> None:
    reference = link(visitor, consultation)["reference"]
    invitee = book(calendly, reference)
    root = Page.objects.get(depth=1)
    Site.objects.create(hostname="other.testserver", root_page=root)
    elsewhere = Visitor(headers={"host": "other.testserver"})
    response = elsewhere.say("confirm", reference=reference, invitee_uri=invitee)
    assert (response.status_code, code(response)) == (404, "unknown_reference")


@pytest.mark.parametrize("reference", ["x", "A" * 52, "-_" * 26])
def test_a_reference_that_was_never_minted_costs_nothing(
    visitor: Visitor, consultation: SessionType, calendly: Simulator, reference: str
) -> None:
    calendly.clear_requests()
    response = visitor.say("confirm", reference=reference, invitee_uri=INVITEE)
    assert (response.status_code, code(response)) == (404, "unknown_reference")
    assert calendly.requests() == []


@pytest.mark.survives("foreign-address")
@pytest.mark.parametrize(
    "uri",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://api.calendly.com@evil.example/scheduled_events/EV/invitees/IN",
        "https://api.calendly.com.evil.example/scheduled_events/EV/invitees/IN",
        "https://api.calendly.com/scheduled_events/EV/invitees/../../users/me",
        "https://api.calendly.com/scheduled_events/%2e%2e/invitees/IN",
        "https://api.calendly.com/scheduled_events/EV/invitees/IN?x=1",
        "https://api.calendly.com/scheduled_events/EV/invitees/IN\r\nHost: evil",
        "https://api.calendly.com/scheduled_events/EV\uff0e\uff0e/invitees/IN",
        "//evil.example/scheduled_events/EV/invitees/IN",
        "http://api.calendly.com/scheduled_events/EV/invitees/IN",
        "",
    ],
)
def test_a_name_that_is_none_is_never_requested(
    visitor: Visitor, consultation: SessionType, calendly: Simulator, uri: str
) -> None:
    reference = link(visitor, consultation)["reference"]
    calendly.clear_requests()
    response = visitor.say("confirm", reference=reference, invitee_uri=uri)
    assert (response.status_code, code(response)) == (400, "invalid")
    assert calendly.requests() == []
    assert "evil" not in response.content.decode()


def test_the_event_must_be_the_invitees(visitor: Visitor, session_type: SessionType) -> None:
    other = "https://api.calendly.com/scheduled_events/OTHER"
    response = visitor.say("confirm", reference="x", invitee_uri=INVITEE, event_uri=other)
    assert (response.status_code, code(response)) == (400, "invalid")


@pytest.mark.usefixtures("within_a_minute")
def test_look_ups_have_a_budget(
    visitor: Visitor, consultation: SessionType, calendly: Simulator, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY["ACCOUNT_LOOKUPS_PER_MINUTE"] = 1
    reference = link(visitor, consultation)["reference"]
    calendly.clear_requests()
    visitor.say("confirm", reference=reference, invitee_uri=INVITEE)
    asked = len(calendly.requests())
    response = visitor.say("confirm", reference=reference, invitee_uri=INVITEE)
    assert (response.status_code, code(response)) == (429, "too_many_requests")
    assert len(calendly.requests()) == asked


# Status


@pytest.fixture
def booking(site: Site, session_type: SessionType) -> Booking:
    terms = session_type.terms.get()
    reference = references.mint(terms_id=terms.pk, site_id=site.pk)
    return Booking.objects.create(reference=reference.text, terms=terms, site=site)


def test_a_booking_is_told_by_its_token(visitor: Visitor, booking: Booking) -> None:
    response = visitor.ask("booking", booking.token)
    assert response.json() == {
        "status": "pending",
        "payment_status": "not_required",
        "session_type": {"id": booking.terms.session_type_id, "title": "First talk 1"},
        "starts_at": None,
        "ends_at": None,
        "payment": None,
    }
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_the_reference_opens_nothing(visitor: Visitor, booking: Booking) -> None:
    known = visitor.ask("booking", booking.reference)
    unknown = visitor.ask("booking", "never-was")
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content


@pytest.mark.survives("another-site")
def test_a_token_opens_nothing_on_another_site(visitor: Visitor, booking: Booking) -> None:
    Site.objects.create(hostname="other.testserver", root_page=Page.objects.get(depth=1))
    elsewhere = Visitor(headers={"host": "other.testserver"})
    assert code(elsewhere.ask("booking", booking.token)) == "not_found"


@pytest.mark.survives("guessed-address")
def test_bookings_cannot_be_counted_through(visitor: Visitor, booking: Booking) -> None:
    assert code(visitor.ask("booking", str(booking.pk))) == "not_found"


def test_event_types_of_a_connected_account_only(
    visitor: Visitor, site: Site, settings: Any
) -> None:
    row = make_session_type(event_type=make_event_type(account="elsewhere"))
    response = visitor.say("scheduling_links", session_type=row.pk)
    assert code(response) == "not_found"
