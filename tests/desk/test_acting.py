"""What staff do with money and appointments, against both vendors: done once, however often it is confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bookings.paying import PRICE, book, calls, ordered, paid, priced, stands
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import effects, record
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Refund
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle

pytestmark = pytest.mark.usefixtures("stripe")


@pytest.fixture
def confirmed(calendly: Simulator, stripe: Any) -> Booking:
    booking = book(calendly, priced())
    paid(calendly, booking)
    effects.perform_now(booking, "look_up_payment")
    assert stands(booking) == ("confirmed", "paid", "")
    return booking


@pytest.fixture
def stranger(calendly: Simulator, stripe: Any) -> Appointment:
    """Booked a priced session directly at Calendly."""
    priced()
    uri = calendly.book("consultation")["invitee"]["uri"]
    poll()
    return Appointment.objects.get(invitee_uri=uri)


def _confirm(client: Client, url: str, times: int = 1, **said: Any) -> str:
    """Fill in, read what will happen, confirm; more than once if need be."""
    shown = client.post(url, said).context["shown"]
    for _ in range(times):
        page = client.post(url, {**said, "shown": shown}, follow=True)
    return page.content.decode().replace("&#x27;", "'")


def _of(name: str, booking: Booking) -> str:
    return reverse(f"bookings:{name}", args=[booking.pk])


def _money(simulator: Simulator) -> list[tuple[int, int]]:
    payments = simulator.stripe.truth()["payments"].values()
    return [(one["captured"], one["refunded"]) for one in payments]


def _until(**ahead: float) -> str:
    return timezone.localtime(timezone.now() + timedelta(**ahead)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.survives("refunded-twice")
def test_a_refund_that_is_confirmed_twice_is_made_once(
    owner: Client, calendly: Simulator, confirmed: Booking
) -> None:
    page = _confirm(owner, _of("refund", confirmed), times=2, total="40", reason="kindness")
    assert "€40 of €60 are given back." in page
    assert _money(calendly) == [(PRICE, 4000)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_a_cancellation_that_is_confirmed_twice_is_made_once(
    owner: Client, calendly: Simulator, confirmed: Booking
) -> None:
    _confirm(owner, _of("cancel", confirmed), times=2, given_back="full")
    effects.perform_due()
    assert stands(confirmed) == ("canceled", "refunded", "")
    assert _money(calendly) == [(PRICE, PRICE)]
    assert len(calls(calendly, "POST", "cancellation$")) == 1
    assert confirmed.requests.filter(kind="cancel").count() == 1


def test_a_refund_that_failed_is_made_again(
    owner: Client, calendly: Simulator, confirmed: Booking
) -> None:
    _confirm(owner, _of("refund", confirmed), total="10")
    calendly.stripe.fail_refund(Refund.objects.get().refund_id)
    record.payment(accounts.payments().checkout(confirmed.payments.get().checkout_id))
    tick()
    assert stands(confirmed)[2] == "refund_failed"
    url = _of("retry_refund", confirmed)
    assert url in owner.get(_of("inspect", confirmed)).content.decode()
    owner.post(url, {"shown": owner.get(url).context["shown"]})
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    assert _money(calendly) == [(PRICE, 1000)]


def test_a_refund_given_up_is_tried_again_by_its_own_key(
    owner: Client, calendly: Simulator, confirmed: Booking
) -> None:
    calendly.fault("POST /v1/refunds", status=503, times=99)
    assert "It is noted" in _confirm(owner, _of("refund", confirmed), total="10")
    Effect.objects.filter(kind="refund").update(state="dead", error="PaymentUnavailable")
    settle(confirmed.pk, because="test")
    calendly.clear_faults()
    calendly.clear_requests()
    stored = Refund.objects.get().params
    page = owner.get(_of("try_again", confirmed))
    assert "give the money back" in page.content.decode()
    owner.post(_of("try_again", confirmed), {"shown": ""})
    assert len(calls(calendly, "POST", "/v1/refunds$")) == 1
    assert Refund.objects.get().params == stored
    assert _money(calendly) == [(PRICE, 1000)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_a_hold_is_extended_and_then_the_payment_let_go(
    owner: Client, calendly: Simulator, stripe: Any
) -> None:
    held = book(calendly, priced())
    _confirm(owner, _of("extend", held), until=_until(hours=3))
    held.refresh_from_db()
    assert held.hold_until
    assert held.hold_until > timezone.now() + timedelta(hours=2)
    page = owner.post(_of("waive", held), {"shown": "", "reason": "a friend"}, follow=True)
    assert "The booking stands without a payment." in page.content.decode()
    assert stands(held) == ("confirmed", "not_required", "")


def test_an_unpaid_booking_that_is_canceled_gives_nothing_back(
    owner: Client, calendly: Simulator, stripe: Any
) -> None:
    held = book(calendly, priced())
    url = _of("cancel", held)
    page = owner.get(url)
    assert "Nothing was paid, so nothing is given back." in page.content.decode()
    owner.post(url, {"shown": page.context["shown"]})
    effects.perform_due()
    assert stands(held) == ("canceled", "unpaid", "")


def test_what_is_paid_before_its_time_is_chosen_is_given_back_whole(
    owner: Client, calendly: Simulator, stripe: Any
) -> None:
    booking = ordered(priced(order="before"))
    paid(calendly, booking)
    effects.perform_now(booking, "look_up_payment")
    page = owner.get(_of("cancel", booking))
    assert page.context["verb"] == "Cancel and give back €60"
    owner.post(_of("cancel", booking), {"shown": page.context["shown"]})
    effects.perform_due()
    assert stands(booking) == ("canceled", "refunded", "")


def test_a_place_in_a_group_is_left_by_calendlys_own_link(
    owner: Client, calendly: Simulator, stripe: Any
) -> None:
    booking = ordered(priced("workshop", "before"))
    paid(calendly, booking)
    effects.perform_now(booking, "look_up_payment")
    calendly.book("workshop", tracking={"utm_content": booking.reference})
    poll()
    page = _confirm(owner, _of("cancel", booking), given_back="full")
    effects.perform_due()
    assert "Give up the place at Calendly within an hour" in page
    assert stands(booking)[0] == "confirmed"
    assert not calls(calendly, "POST", "cancellation$")


@pytest.mark.survives("booked-past-payment")
@pytest.mark.parametrize(
    ("name", "said", "ends"),
    [
        ("accept", {}, ("confirmed", "not_required", "")),
        ("ask_to_pay", {"until": "later"}, ("awaiting_payment", "unpaid", "")),
        ("cancel", {}, ("canceled", "unpaid", "")),
    ],
)
def test_who_went_round_payment_is_decided_about_once(
    owner: Client,
    calendly: Simulator,
    stranger: Appointment,
    name: str,
    said: dict[str, str],
    ends: tuple[str, str, str],
) -> None:
    url = reverse(f"unlinked_appointments:{name}", args=[stranger.pk])
    form = owner.get(url).context["form"]
    chosen = {one: form.fields[one].initial.pk for one in ("session_type", "site")}
    more = {one: _until(hours=3) for one in said}  # the next free time may be near
    _confirm(owner, url, times=2, **chosen, **more)
    effects.perform_due()
    booking = Booking.objects.get()
    assert stands(booking) == ends
    assert len(calls(calendly, "POST", "cancellation$")) == (name == "cancel")
