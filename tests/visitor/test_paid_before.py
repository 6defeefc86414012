"""Paying before a time is chosen: the calendar's address is told to nobody who has not paid."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.visitor.shop import HTMX, Shop, text_of
from wagtail_calendly.bookings.models import Booking, Payment, Status
from wagtail_calendly.visitor import money_words


@pytest.fixture
def first(shop) -> Shop:
    return shop(payment_order="before")


def test_the_panel_asks_to_pay_and_a_get_makes_no_booking(first):
    content = text_of(first.choose())
    assert "Pay first, then choose your time here." in content
    assert "Pay €60" in content
    assert "you get 50% back" in content
    assert not Booking.objects.exists()


@pytest.mark.survives("unpaid-address")
def test_until_it_is_paid_the_calendars_address_is_in_no_answer(first):
    address = first.session_type.event_type.scheduling_url
    name = address.rsplit("/", 1)[-1]
    seen = [first.choose().text, first.client.get(first.address, headers=HTMX).text]
    seen.append(first.order().text)
    seen += [first.client.get(first.path(one)).text for one in ("", "checkout", "cancel")]
    seen.append(first.client.get(first.address, headers=HTMX).text)
    seen.append(first.client.get("/calendly/resume/", headers=HTMX).text)
    poll = f"/calendly/poll/?reference={first.reference}&seen=x"
    seen.append(first.client.get(poll, headers=HTMX).text)
    seen.append(
        first.client.post("/calendly/booked/", {"reference": first.reference}, headers=HTMX).text
    )
    assert not [text for text in seen if address in text or f"/{name}" in text]
    assert not [text for text in seen if "<calendly-embed" in text]
    assert not Booking.objects.get().scheduling_link


def test_the_button_makes_the_booking_and_leads_to_the_payment_page(first):
    first.choose()
    pressed = first.client.post("/calendly/orders/", {"reference": first.reference}, headers=HTMX)
    assert pressed["HX-Redirect"] == first.payment.url
    assert first.booking.status == Status.AWAITING_PAYMENT
    assert str(money_words.PAY_FIRST.says) in first.status()


def test_paid_it_shows_the_calendar_with_our_reference(first):
    first.order()
    first.pay()
    booking = first.booking
    assert booking.status == Status.AWAITING_SCHEDULE
    content = first.client.get(first.path()).text
    assert "<calendly-embed" in content
    assert f'data-address="{booking.scheduling_link}' in content
    assert f"utm_content={booking.reference}" in content
    assert "I have booked my time" in content
    panel = first.client.get(first.address, headers=HTMX).text
    assert f'data-address="{booking.scheduling_link}' in panel


def test_while_the_link_is_made_the_page_says_so(first):
    first.order()
    first.press_pay()
    first.simulator.stripe.pay(first.payment.checkout_id)
    first.simulator.fault("POST /scheduling_links", status=503, times=20)
    first.come_back()
    content = first.status()
    assert str(money_words.PREPARING.says) in content


def test_the_time_that_was_chosen_is_found(first):
    first.order()
    first.pay()
    first.simulator.book(tracking={"utm_content": first.reference})
    first.client.post("/calendly/booked/", {"reference": first.reference})
    assert "Your session is booked." in first.status()


def test_a_link_in_a_mail_opens_the_calendar_in_any_browser(first):
    """Who has the booking's own address may choose its time, and their visit proves it."""
    first.order()
    first.pay()
    reference = first.reference
    other = Shop(first.session_type, first.simulator, Client())
    other.client.get(first.path())
    assert other.reference == reference


def test_no_time_suits_and_all_of_the_money_goes_back(first):
    first.order()
    first.pay()
    assert "No time suits me: give the money back" in first.status()
    page = text_of(first.client.get(first.path("cancel")))
    assert "Cancel and get €60 back" in page
    assert first.booking.status == Status.AWAITING_SCHEDULE
    first.client.post(first.path("cancel"), {"total": "6000"})
    content = first.client.get(first.path()).text
    assert "<calendly-embed" not in content
    assert str(money_words.CANCELED_UNSCHEDULED.says) in content
    assert "€60" in content
    assert first.money == [(6000, 6000)]


@pytest.mark.survives("price-tampered")
def test_only_what_this_visitor_chose_can_be_ordered(first):
    first.choose()
    stranger = Client()
    answer = stranger.post("/calendly/orders/", {"reference": first.reference, "amount": "1"})
    assert "does not know your booking" in answer.text
    assert not Booking.objects.exists()


@pytest.mark.survives("payment-bypassed")
def test_a_session_paid_after_cannot_be_ordered_first(shop):
    after = shop()
    after.choose()
    answer = after.client.post("/calendly/orders/", {"reference": after.reference})
    assert answer.status_code == 200
    assert not Payment.objects.exists()
    assert not Booking.objects.exists()


def test_left_unpaid_it_can_be_begun_again(first):
    first.order()
    Booking.objects.update(status=Status.ABANDONED)
    assert str(money_words.LEFT_UNPAID.says) in first.status()
    assert "Pay €60" in text_of(first.choose())


def test_what_waits_for_a_time_is_offered_on_every_page(first):
    first.order()
    first.pay()
    content = first.client.get("/calendly/resume/", headers=HTMX).text
    assert "is paid. Its time is not chosen yet." in content
    assert "Finish your booking" in content
