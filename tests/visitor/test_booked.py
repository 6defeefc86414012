"""The visitor says "I have booked my time"; asking again; what loads first. Calendly is the simulator."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import wagtail_calendly
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import memory

HTMX = {"HX-Request": "true"}
BOOKED = "/calendly/booked/"


@pytest.fixture
def offered(session_type: SessionType, simulator: Simulator, settings: Any) -> SessionType:
    """The session stands for an event type of the simulator."""
    account = {
        **settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"],
        "BASE_URL": simulator.url,
        "BOOKING_ORIGINS": [simulator.url],
    }
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": account}}
    said = simulator.event_type("consultation")
    event_type = session_type.event_type
    event_type.uri, event_type.scheduling_url = said["uri"], said["scheduling_url"]
    event_type.save()
    return session_type


def test_a_booking_is_found_and_shown_on_its_page(client, offered, reference, simulator):
    simulator.book(tracking={"utm_content": reference})
    response = client.post(BOOKED)
    booking = Booking.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/calendly/bookings/{booking.token}/"
    assert booking.status == Status.CONFIRMED


def test_the_panel_shows_it_in_its_place(client, offered, reference, simulator):
    simulator.book(tracking={"utm_content": reference})
    response = client.post(BOOKED, {"reference": reference}, headers=HTMX)
    assert response.status_code == 200
    assert "Your session is booked." in response.text


def test_too_early_is_checked_again_and_leads_back_to_the_calendar(client, offered, reference):
    response = client.post(BOOKED, {"reference": reference}, headers=HTMX)
    assert "We are checking your booking." in response.text
    assert "Back to the calendar" in response.text
    assert "hx-get" in response.text


def test_each_tab_asks_for_its_own(client, offered, address, simulator):
    client.get(address)
    client.get(f"{address}?page=7")
    first = client.session[memory.KEY][0]["reference"]
    client.post(BOOKED, {"reference": first})
    assert Booking.objects.get().reference == first


def test_somebody_elses_reference_asks_for_nothing_of_theirs(client, offered, reference):
    other = Client()
    response = other.post(BOOKED, {"reference": reference})
    assert "does not know your booking" in response.text
    assert not Booking.objects.exists()


def test_the_token_is_demanded(offered, address):
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(address).text
    assert strict.post(BOOKED).status_code == 403
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert strict.post(BOOKED, {"csrfmiddlewaretoken": token}).status_code == 303
    foreign = {"Origin": "https://evil.example"}
    assert strict.post(BOOKED, {"csrfmiddlewaretoken": token}, headers=foreign).status_code == 403


def test_a_get_does_not_ask(client, offered, reference):
    assert client.get(BOOKED).status_code == 405
    assert not Booking.objects.exists()


@pytest.mark.usefixtures("within_a_minute")
def test_too_many_are_told_when_to_come_back(client, offered, reference, settings):
    settings.WAGTAIL_CALENDLY = {**settings.WAGTAIL_CALENDLY, "VISITOR_POSTS_PER_MINUTE": 1}
    client.post(BOOKED)
    response = client.post(BOOKED, headers=HTMX)
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert "I have booked my time" in response.text


def test_asking_again_never_asks_calendly(client, offered, reference, simulator):
    simulator.clear_requests()
    url = f"/calendly/poll/?reference={reference}&tries=0"
    assert client.get(url, headers=HTMX)["HX-Retarget"] == "this"
    assert simulator.requests() == []


def test_only_ones_own_reference_can_be_asked_after(offered, reference, site):
    response = Client().get(f"/calendly/poll/?reference={reference}", headers=HTMX)
    assert response.status_code == 286


def test_the_visitors_pages_stay_open_behind_a_login_wall(client, address, settings):
    wall = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, wall]
    assert Client().get(address).status_code == 200


def test_the_boot_module_is_small():
    js = Path(wagtail_calendly.__file__).parent / "static/wagtail_calendly/js/boot.js"
    assert len(gzip.compress(js.read_bytes(), 9)) <= 2048
