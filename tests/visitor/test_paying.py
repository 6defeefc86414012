"""Paying after a time was chosen: what is shown, where the button leads, the way back. Both vendors are stand-ins."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.visitor.shop import HTMX, text_of
from wagtail_calendly.bookings.models import Booking, Payment, Refund, Status
from wagtail_calendly.visitor import money_words


def says(content: str, sentence: money_words.Sentence) -> bool:
    return str(sentence.says) in content


def requests_to_stripe(shop) -> list[str]:
    return [r["path"] for r in shop.simulator.requests() if r["path"].startswith("/v1/")]


def test_the_panel_tells_price_order_and_policy_before_anything_is_chosen(shop):
    content = text_of(shop().choose())
    assert "€60" in content
    assert "which we keep for you for 30 minutes meanwhile" in content
    assert "you get 50% back" in content


def test_a_chosen_time_waits_for_its_payment(shop):
    shop = shop()
    shop.book()
    content = shop.status()
    assert shop.booking.status == Status.AWAITING_PAYMENT
    assert "Your time is chosen. It is not paid yet." in content
    assert "We keep this time for you until" in content
    assert "30 minutes left" in content
    assert "Pay €60" in content


def test_the_button_leads_to_the_payment_page_by_a_page_of_ours(shop):
    """A redirect after a form would be held against the site's `form-action`."""
    shop = shop()
    shop.book()
    pressed = shop.press_pay()
    assert (pressed.status_code, pressed["Location"]) == (303, shop.path("checkout"))
    page = shop.client.get(pressed["Location"])
    assert page["Refresh"] == f"0; url={shop.payment.url}"
    assert shop.payment.url.startswith(f"{shop.simulator.url}/pay/cs_test_")
    assert f'href="{shop.payment.url}"' in page.text


def test_htmx_is_sent_there_at_once(shop):
    shop = shop()
    shop.book()
    pressed = shop.press_pay(headers=HTMX)
    assert pressed["HX-Redirect"] == shop.payment.url


def test_pressed_twice_it_is_one_payment_page(shop):
    shop = shop()
    shop.book()
    first = shop.press_pay(headers=HTMX)["HX-Redirect"]
    assert shop.press_pay(headers=HTMX)["HX-Redirect"] == first
    assert len(shop.sessions) == 1


def test_paid_and_back_it_is_booked_and_has_a_receipt(shop):
    shop = shop()
    shop.book()
    back = shop.pay()
    assert back["Location"] == shop.path() + "?paid=1"
    content = shop.client.get(back["Location"]).text
    assert "Your session is booked." in content
    assert f'href="{shop.payment.receipt_url}"' in content
    assert shop.money == [(6000, 0)]
    assert "Pay €60" not in content


def test_a_promotion_code_for_all_of_it_settles_it(shop):
    shop = shop(allows_promotion_codes=True)
    shop.book()
    shop.pay(code="FREE")
    assert "Your session is booked." in shop.status()


def test_while_nobody_knows_it_is_being_confirmed_and_never_failed(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    shop.simulator.stripe.pay(shop.payment.checkout_id)
    shop.simulator.fault("GET /v1/checkout/sessions", status=500, times=9)
    content = shop.client.get(shop.come_back()["Location"]).text
    assert says(content, money_words.CONFIRMING)
    assert "did not go through" not in content
    assert "Pay €60" not in content
    assert "paid=1" in content.partition("hx-get=")[2].partition(" ")[0]


def test_after_a_while_of_confirming_the_button_comes_back(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    page = shop.client.get(shop.path(), {"paid": "1"})
    url = page.text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    for _try in range(20):
        answer = shop.client.get(url, headers=HTMX)
        if "HX-Retarget" not in answer:
            break
        url = answer.text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Pay €60" in text_of(answer)


@pytest.mark.survives("guessed-checkout")
def test_a_foreign_checkout_on_the_way_back_is_unknown_and_asks_nobody(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    known = shop.payment.checkout_id
    shop.simulator.clear_requests()
    for guess in ("cs_test_foreign", "", known.upper()):
        assert shop.client.get(shop.path("paid"), {"checkout": guess}).status_code == 404
    foreign = Booking.objects.create(
        reference="f" * 52, site=shop.booking.site, terms=shop.booking.terms
    )
    elsewhere = f"/calendly/bookings/{foreign.token}/paid/"
    assert shop.client.get(elsewhere, {"checkout": known}).status_code == 404
    assert requests_to_stripe(shop) == []


@pytest.mark.survives("led-elsewhere")
def test_payers_are_sent_to_the_payment_page_and_nowhere_else(shop, settings):
    shop = shop()
    shop.book()
    shop.press_pay(next="//evil.example", success_url="https://evil.example")
    for evil in (
        "https://checkout.stripe.com.evil.example/x",
        "javascript:alert(1)",
        "//evil.example",
    ):
        Payment.objects.update(url=evil)
        for answer in (
            shop.press_pay(headers=HTMX),
            shop.press_pay(),
            shop.client.get(shop.path("checkout")),
        ):
            assert evil not in str(answer.headers) + answer.text


@pytest.mark.survives("led-elsewhere")
def test_the_way_back_is_to_the_bookings_own_site(shop, settings):
    shop = shop()
    settings.ALLOWED_HOSTS = ["*"]
    shop.book()
    shop.press_pay()
    (session,) = shop.sessions.values()
    site = shop.booking.site.root_url
    assert session["success_url"] == f"{site}{shop.path('paid')}?checkout={{CHECKOUT_SESSION_ID}}"
    assert session["cancel_url"] == f"{site}{shop.path()}"


@pytest.mark.survives("led-elsewhere")
def test_a_receipt_elsewhere_is_no_link(shop):
    shop = shop()
    shop.book()
    shop.pay()
    Payment.objects.update(receipt_url="https://evil.example/receipt")
    assert "evil.example" not in shop.client.get(shop.path()).text


@pytest.mark.survives("price-tampered")
def test_no_number_that_a_browser_sends_counts(shop):
    shop = shop()
    shop.book()
    shop.press_pay(amount="1", currency="idr", quantity="0", price="1", total="1")
    (session,) = shop.sessions.values()
    assert (session["amount_total"], session["currency"]) == (6000, "eur")


@pytest.mark.survives("payment-bypassed")
def test_booking_again_after_leaving_the_payment_confirms_nothing(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    left = shop.booking
    shop.client.get(f"{shop.address}?again={left.reference[-8:]}")
    shop.simulator.book(tracking={"utm_content": shop.reference})
    shop.client.post("/calendly/booked/", {"reference": shop.reference, "status": "confirmed"})
    assert shop.booking != left
    assert {b.status for b in Booking.objects.all()} == {Status.AWAITING_PAYMENT}
    assert "Your session is booked." not in shop.status(paid="1", status="confirmed")


@pytest.mark.survives("framed")
def test_pages_with_money_are_never_framed_or_kept(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    for name in ("", "checkout", "cancel"):
        response = shop.client.get(shop.path(name))
        assert response.status_code == 200
        assert response["X-Frame-Options"] == "DENY"
        assert response["Cache-Control"] == "private, no-store"
        # Under "no-referrer" browsers send `Origin: null` with the form, and CSRF would refuse it.
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.survives("cards-tried-out")
@pytest.mark.usefixtures("within_a_minute")
def test_so_many_payment_pages_in_a_minute_and_no_more(shop, settings):
    shop = shop()
    shop.book()
    settings.WAGTAIL_CALENDLY = {**settings.WAGTAIL_CALENDLY, "ACCOUNT_CHECKOUTS_PER_MINUTE": 2}
    shop.simulator.clear_requests()
    answers = [shop.press_pay() for _try in range(6)]
    assert [answer.status_code for answer in answers] == [303, 303, 429, 429, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert "Nothing was charged" in answers[-1].text
    assert len([path for path in requests_to_stripe(shop) if path.endswith("/sessions")]) == 1


@pytest.mark.survives("cards-tried-out")
@pytest.mark.usefixtures("within_a_minute")
def test_one_visitor_has_so_many_posts_and_no_more(shop, settings):
    shop = shop()
    shop.book()
    settings.WAGTAIL_CALENDLY = {**settings.WAGTAIL_CALENDLY, "VISITOR_POSTS_PER_MINUTE": 3}
    assert [shop.press_pay().status_code for _try in range(4)][-1] == 429
    assert shop.client.post(shop.path("cancel"), {"total": "0"}).status_code == 429


def test_the_token_of_the_page_is_demanded(shop):
    shop = shop()
    shop.book()
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(shop.path()).text
    assert strict.post(shop.path("pay")).status_code == 403
    assert strict.post(shop.path("cancel"), {"total": "0"}).status_code == 403
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    given = {"csrfmiddlewaretoken": token}
    assert strict.post(shop.path("pay"), given, headers={"Origin": "null"}).status_code == 403
    assert strict.post(shop.path("pay"), given).status_code == 303


def test_a_debit_is_on_its_way_for_days_and_its_time_is_kept(shop):
    shop = shop()
    shop.book()
    shop.pay("debit")
    content = shop.status()
    assert says(content, money_words.PROCESSING)
    assert "Pay €60" not in content
    shop.simulator.stripe.settle_debit(shop.payment.checkout_id)
    shop.come_back()
    assert "Your session is booked." in shop.status()


def test_a_debit_that_fails_can_be_paid_otherwise(shop):
    shop = shop()
    shop.book()
    shop.pay("debit")
    shop.simulator.stripe.fail_debit(shop.payment.checkout_id)
    shop.come_back()
    content = shop.status()
    assert says(content, money_words.FAILED)
    assert "Pay €60" in content
    shop.pay()
    assert "Your session is booked." in shop.status()
    assert len(shop.sessions) == 2


def test_a_declined_card_leaves_the_same_page_open(shop):
    shop = shop()
    shop.book()
    shop.press_pay()
    shop.simulator.stripe.decline(shop.payment.checkout_id)
    shop.pay()
    assert "Your session is booked." in shop.status()
    assert len(shop.sessions) == 1


def test_while_stripe_is_down_the_booking_is_kept_and_the_button_tries_again(shop):
    shop = shop()
    shop.book()
    shop.simulator.fault("POST /v1/checkout/sessions", status=503, times=9)
    page = shop.client.get(shop.press_pay()["Location"])
    assert page["Refresh"] == f"2; url={shop.path('checkout')}?looks=1"
    assert says(page.text, money_words.OPENING)
    assert says(shop.status(), money_words.OPENING)
    Payment.objects.update(asked_at=timezone.now() - timedelta(seconds=20))
    assert shop.client.get(f"{shop.path('checkout')}?looks=5").status_code == 303
    content = shop.status()
    assert says(content, money_words.UNREACHABLE)
    assert "Pay €60" in content
    shop.simulator.clear_faults()
    shop.pay()
    assert "Your session is booked." in shop.status()
    assert len(shop.sessions) == 1


def test_when_the_hold_is_over_nothing_can_be_paid(shop):
    shop = shop()
    shop.book()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        content = shop.status()
        assert says(content, money_words.OVER)
        assert "Pay €60" not in content
        assert shop.press_pay()["Location"] == shop.path()
    assert shop.sessions == {}


def test_what_comes_back_and_what_is_disputed_has_its_words(shop):
    shop = shop()
    shop.book()
    shop.pay()
    Refund.objects.create(payment=shop.payment, refund_id="re_1", amount=1000, state="succeeded")
    Refund.objects.create(payment=shop.payment, refund_id="re_2", amount=500, state="pending")
    content = shop.status()
    assert "€10 Sent back on" in content
    assert "€5 are on their way back to you." in content
    Payment.objects.update(dispute="open")
    assert "Your bank is clarifying this payment." in shop.status()


def test_what_is_not_finished_is_offered_on_every_page(shop, make_session_type):
    shop = shop()
    shop.book()
    other = make_session_type("Free talk")
    shop.client.get(f"/calendly/sessions/{other.pk}-x/")
    content = shop.client.get("/calendly/resume/", headers=HTMX).text
    assert "Finish your booking" in content
    assert "We keep your time until" in content
    assert Booking.objects.get().token in content


def test_free_sessions_say_nothing_of_money(client, make_booking):
    content = text_of(client.get(f"/calendly/bookings/{make_booking().token}/"))
    assert "Pay" not in content
    assert "If plans change" not in content
