"""Canceling what costs something: shown first, done by POST only, and never for less than was shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.visitor.shop import Shop, text_of
from wagtail_calendly.bookings.models import Request, Status
from wagtail_calendly.visitor import money_words


def event_status(shop: Shop, booked: dict) -> str:
    uri = booked["event"]["uri"].removeprefix("https://api.calendly.com")
    return shop.simulator.api("GET", uri).json()["resource"]["status"]


def total_of(shop: Shop) -> str:
    page = shop.client.get(shop.path("cancel")).text
    return page.partition('name="total" value="')[2].partition('"')[0]


@pytest.mark.survives("mail-scanner")
def test_opening_the_page_shows_what_comes_back_and_does_nothing(shop):
    shop = shop()
    booked = shop.book()
    shop.pay()
    shop.simulator.clear_requests()
    for _time in range(2):
        content = text_of(shop.client.get(shop.path("cancel")))
        shop.client.head(shop.path("cancel"))
    assert "You get back €30" in content
    assert "Cancel and get €30 back" in content
    assert "you get 50% back" in content
    assert not Request.objects.filter(kind="cancel").exists()
    assert event_status(shop, booked) == "active"
    assert not [r for r in shop.simulator.requests() if r["method"] != "GET"]


def test_confirmed_it_is_canceled_at_calendly_and_the_money_goes_back(shop):
    shop = shop()
    booked = shop.book()
    shop.pay()
    answer = shop.client.post(shop.path("cancel"), {"total": total_of(shop)})
    assert (answer.status_code, answer["Location"]) == (303, shop.path())
    assert event_status(shop, booked) == "canceled"
    assert shop.booking.status == Status.CANCELED
    content = shop.status()
    assert "Your session is canceled." in content
    assert "€30" in content
    assert Request.objects.get(kind="cancel").total == 3000


@pytest.mark.survives("canceled-for-less")
def test_what_was_shown_too_long_ago_is_shown_again(shop):
    shop = shop()
    booked = shop.book()
    shop.pay()
    answer = shop.client.post(shop.path("cancel"), {"total": "6000"})
    assert answer.status_code == 409
    assert "has changed since this page was shown" in answer.text
    assert "Cancel and get €30 back" in text_of(answer)
    assert event_status(shop, booked) == "active"


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 30, "\u0661"])
def test_a_mangled_total_shows_the_page_again(shop, total):
    shop = shop()
    shop.book()
    assert shop.client.post(shop.path("cancel"), {"total": total}).status_code == 200
    assert not Request.objects.filter(kind="cancel").exists()


def test_unpaid_it_is_canceled_and_its_payment_page_closed(shop):
    shop = shop()
    booked = shop.book()
    shop.press_pay()
    assert "Nothing was charged." in text_of(shop.client.get(shop.path("cancel")))
    shop.client.post(shop.path("cancel"), {"total": total_of(shop)})
    (session,) = shop.sessions.values()
    assert session["status"] == "expired"
    content = shop.status()
    assert "Pay €60" not in content
    assert event_status(shop, booked) == "canceled" or str(money_words.CANCELING.says) in content


def test_while_calendly_is_down_the_cancellation_is_on_its_way(shop):
    shop = shop()
    shop.book()
    shop.pay()
    total = total_of(shop)
    shop.simulator.fault("POST /scheduled_events", status=503, times=9)
    shop.client.post(shop.path("cancel"), {"total": total})
    content = shop.status()
    assert str(money_words.CANCELING.says) in content
    assert "Cancel the session" not in content
    assert "Choose another time" not in content


def test_from_a_group_its_visitor_leaves_by_calendlys_own_page(shop):
    shop = shop("workshop", payment_order="before")
    shop.order()
    shop.pay()
    link = shop.booking.scheduling_link
    assert link
    booked = shop.simulator.book("workshop", tracking={"utm_content": shop.reference})
    shop.client.post("/calendly/booked/", {"reference": shop.reference})
    assert shop.booking.status == Status.CONFIRMED
    assert "on Calendly’s page" in text_of(shop.client.get(shop.path("cancel")))
    shop.client.post(shop.path("cancel"), {"total": total_of(shop)})
    content = shop.client.get(shop.path()).text
    assert str(money_words.LEAVING_GROUP.says) in content
    assert f'href="{booked["invitee"]["cancel_url"]}"' in content
    assert event_status(shop, booked) == "active"


def test_what_has_begun_cannot_be_canceled(shop):
    shop = shop()
    booked = shop.book()
    shop.pay()
    start = datetime.fromisoformat(booked["event"]["start_time"])
    with time_machine.travel(start + timedelta(minutes=1)):
        assert shop.client.get(shop.path("cancel"))["Location"] == shop.path()
        assert shop.client.post(shop.path("cancel"), {"total": "0"})["Location"] == shop.path()
    assert timezone.now() < start
    assert event_status(shop, booked) == "active"


def test_free_sessions_are_canceled_at_calendly(client, make_booking):
    booking = make_booking()
    path = f"/calendly/bookings/{booking.token}/"
    assert client.get(f"{path}cancel/")["Location"] == path
    assert client.post(f"{path}pay/")["Location"] == path
