"""Money in a real browser: paid after and before a time is chosen, left and resumed, canceled, expired."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.keyboard import tab_to
from tests.e2e.looking import look, look_at_its_room
from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import open_booking, sign_in
from wagtail_calendly.bookings.models import Appointment, Booking, Payment, Status
from wagtail_calendly.snippets.models import PaymentOrder

pytestmark = pytest.mark.browser

PAY = "Pay €60"


def says(page: Page, sentence: str, *, patience: int = 15_000) -> None:
    """The page's own heading, which comes first in what it says."""
    expect(page.get_by_role("heading", name=sentence)).to_be_visible(timeout=patience)


@pytest.mark.main_job
def test_a_time_is_chosen_then_paid_and_staff_sees_it(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    stage.charge()
    stage.choose(page)
    expect(page.get_by_text("you get 50% back")).to_be_visible()
    stage.book(page)
    unpaid = page.get_by_role("heading", name="Your time is chosen. It is not paid yet.")
    expect(unpaid).to_be_focused()
    expect(page.get_by_text("We keep this time for you until")).to_contain_text(
        re.compile(r"\d+ minutes\s+left")
    )
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    says(page, "Your session is booked.")
    expect(page.get_by_role("link", name="Receipt")).to_be_visible()
    expect(page.get_by_role("button", name=PAY)).to_have_count(0)
    assert stage.money == [(6000, 0)]
    owner = open_booking(sign_in(context, stage), "Vi Sitor")
    expect(owner.get_by_text("Confirmed", exact=False).first).to_be_visible()
    expect(owner.get_by_text("€60").first).to_be_visible()


@pytest.mark.main_job
def test_paid_first_then_a_time_is_chosen(page: Page, stage: Stage) -> None:
    stage.charge(payment_order=PaymentOrder.BEFORE_SCHEDULING)
    stage.choose(page)
    expect(page.get_by_text("Pay first, then choose your time here.")).to_be_visible()
    address = stage.sessions[0].event_type.scheduling_url
    assert address not in page.content()
    assert page.locator("calendly-embed").count() == 0
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    says(page, "Your session is paid. Its time is not chosen yet.")
    assert address not in page.content()
    stage.book(page)
    says(page, "Your session is booked.")
    assert Booking.objects.get().status == Status.CONFIRMED
    assert stage.money == [(6000, 0)]


def test_declined_left_and_resumed_is_paid_once(page: Page, stage: Stage) -> None:
    stage.allow("402")  # Stripe's own page says so of a declined card
    stage.charge()
    stage.choose(page)
    stage.book(page)
    page.get_by_role("button", name=PAY).click()
    stage.pay(page, "Card that is declined")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_role("link", name="Cancel and go back").click()
    says(page, "Your time is chosen. It is not paid yet.")
    page.goto(stage.url)
    expect(
        page.get_by_text("“First talk” is not paid yet. We keep your time until")
    ).to_be_visible()
    page.get_by_role("link", name="Finish your booking").click()
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    says(page, "Your session is booked.")
    assert stage.money == [(6000, 0)]
    assert len(stage.simulator.stripe.truth()["sessions"]) == 1


def test_what_comes_back_is_shown_before_it_is_canceled(page: Page, stage: Stage) -> None:
    stage.charge()
    stage.choose(page)
    stage.book(page)
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    page.get_by_role("link", name="Cancel the session").click()
    says(page, "Cancel this session?")
    page.get_by_role("link", name="Keep it").click()
    says(page, "Your session is booked.")
    assert stage.money == [(6000, 0)]
    page.get_by_role("link", name="Cancel the session").click()
    page.get_by_role("button", name="Cancel and get €30 back").click()
    says(page, "Your session is canceled.")
    stage.work()
    expect(page.get_by_text("€30 Sent back on")).to_be_visible(timeout=30_000)
    assert stage.money == [(6000, 3000)]


@pytest.mark.survives("browser-closed")
def test_the_hold_ends_while_the_page_is_open(page: Page, stage: Stage) -> None:
    stage.charge()
    page.clock.install()
    stage.choose(page)
    stage.book(page)
    page.get_by_role("button", name=PAY).click()
    page.wait_for_url(f"{stage.simulator.url}/pay/**")
    page.goto(f"{stage.site_url}/calendly/bookings/{Booking.objects.get().token}/")
    expect(page.get_by_text("We keep this time for you until")).to_be_visible()
    Appointment.objects.update(recorded_at=F("recorded_at") - timedelta(minutes=30))
    page.clock.fast_forward("31:00")
    says(page, "The time to pay is over.")
    look(page, "money-over")
    expect(page.get_by_role("button", name=PAY)).to_have_count(0)
    Booking.objects.update(next_check_at=timezone.now())
    stage.work()
    page.clock.fast_forward("01:00")
    says(page, "Your time was given back.")
    look(page, "money-expired")
    assert [one["status"] for one in stage.simulator.stripe.truth()["sessions"].values()] == [
        "expired"
    ]


def test_paying_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    stage.charge()
    stage.choose(page)
    tab_to(page, "button", "Show the calendar")
    page.keyboard.press("Enter")
    stage.fill_in(stage.frame(page), press=True)
    expect(page.get_by_role("heading", name="It is not paid yet")).to_be_focused()
    tab_to(page, "button", PAY)
    page.keyboard.press("Enter")
    stage.pay(page, press=True)
    says(page, "Your session is booked.")
    tab_to(page, "link", "Cancel the session")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Cancel and get €30 back")
    page.keyboard.press("Enter")
    says(page, "Your session is canceled.")


@pytest.mark.parametrize("options", [{"java_script_enabled": False}])
def test_paying_without_javascript(page: Page, context: BrowserContext, stage: Stage) -> None:
    stage.charge()
    page.goto(stage.url)
    page.get_by_role("link", name="First talk").click()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Choose a time in a new tab").click()
    stage.fill_in(opened.value)
    opened.value.get_by_role("heading", name="You are booked").wait_for()
    opened.value.close()
    page.get_by_role("button", name="I have booked my time").click()
    says(page, "Your time is chosen. It is not paid yet.")
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    says(page, "Your session is booked.")
    page.get_by_role("link", name="Cancel the session").click()
    page.get_by_role("button", name=re.compile("^Cancel and get €30")).click()
    says(page, "Your session is canceled.")
    assert stage.money == [(6000, 3000)]


def test_every_screen_of_paying_after(page: Page, stage: Stage) -> None:
    """By a bank debit, which takes days: what is shown meanwhile, and when it has come."""
    stage.subscribe()
    stage.charge()
    stage.choose(page)
    look(page, "money-panel")
    stage.book(page)
    says(page, "Your time is chosen. It is not paid yet.")
    look(page, "money-unpaid")
    look_at_its_room(page, "money-unpaid")
    page.get_by_role("button", name=PAY).click()
    stage.pay(page, "Bank debit that succeeds later")
    says(page, "Your payment is on its way.")
    expect(page.get_by_role("button", name=PAY)).to_have_count(0)
    look(page, "money-processing")
    stage.simulator.stripe.settle_debit(Payment.objects.get().checkout_id)
    says(page, "Your session is booked.", patience=40_000)
    look(page, "money-booked")
    page.get_by_role("link", name="Cancel the session").click()
    says(page, "Cancel this session?")
    look(page, "money-cancel")
    page.get_by_role("button", name="Cancel and get €30 back").click()
    says(page, "Your session is canceled.")
    expect(page.get_by_text("€30 Sent back on")).to_be_visible(timeout=40_000)
    look(page, "money-canceled")


def test_every_screen_of_paying_first(page: Page, stage: Stage) -> None:
    """And when no time suits, it is given back in full."""
    stage.charge(payment_order=PaymentOrder.BEFORE_SCHEDULING)
    stage.choose(page)
    look(page, "money-pay-first")
    page.get_by_role("button", name=PAY).click()
    stage.pay(page)
    says(page, "Your session is paid. Its time is not chosen yet.")
    look(page, "money-choose")
    page.get_by_role("link", name="No time suits me: give the money back").click()
    says(page, "Cancel this order?")
    look(page, "money-give-back")
    page.get_by_role("button", name="Cancel and get €60 back").click()
    says(page, "Your order is canceled.")
    assert stage.money == [(6000, 6000)]
