"""The payment provider's webhooks: hints of what to read again, whoever and whenever they come from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.bookings.paying import PRICE, book, calls, deliver, later, paid, priced, stands
from wagtail_calendly.bookings import inbox
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Connection, Payment, WebhookDelivery


@pytest.fixture
def told(vendors):
    """The provider's deliveries are held back until a test takes them."""
    vendors.stripe.subscribe("http://127.0.0.1:9/never/")
    return vendors


@pytest.fixture
def held(told):
    return book(told, priced())


def event(kind: str, about: dict[str, Any], **changes: Any) -> WebhookDelivery:
    """A delivery that was not made by the simulator, worked on."""
    body = {
        "object": "event",
        "id": "evt_1",
        "type": kind,
        "created": int(timezone.now().timestamp()),
        "livemode": False,
        "data": {"object": about},
        **changes,
    }
    delivery = inbox.accept(
        sender="stripe", account="stripe", body=json.dumps(body).encode(), event=kind
    )
    assert delivery
    return inbox.work_on(delivery.pk)


@pytest.mark.survives("debit-takes-days")
def test_a_debit_is_processing_until_its_money_is_there(told, held):
    payment = paid(told, held, "debit")
    assert deliver(told) == ["done"]
    assert stands(held) == ("awaiting_payment", "processing", "")
    with later(told, days=1):
        told.stripe.settle_debit(payment.checkout_id)
        deliver(told, "checkout.session.async_payment_succeeded")
        assert stands(held) == ("confirmed", "paid", "")


@pytest.mark.survives("debit-takes-days")
def test_a_debit_that_fails_leaves_the_booking_unpaid(told, held):
    reminder = held.effects.filter(key__endswith="complete_payment", finished_at=None)
    assert reminder.exists()
    payment = paid(told, held, "debit")
    deliver(told)
    assert not reminder.exists()
    told.stripe.fail_debit(payment.checkout_id)
    deliver(told, "checkout.session.async_payment_failed")
    assert reminder.filter(state="open").exists()
    assert stands(held) == ("awaiting_payment", "unpaid", "")
    assert by_visitors.pay(held).attempt != payment.attempt


@pytest.mark.survives("any-order-of-payments")
def test_the_last_delivery_alone_tells_everything(told, held):
    payment = paid(told, held)
    told.stripe.refund(payment.checkout_id, 1000)
    told.stripe.dispute(payment.checkout_id)
    assert deliver(told, "charge.dispute.created") == ["done"]
    assert stands(held) == ("confirmed", "disputed", "disputed")
    told.stripe.close_dispute(payment.checkout_id, "won")
    deliver(told)
    assert stands(held) == ("confirmed", "partially_refunded", "")
    assert held.payments.get().refunds.get().amount == 1000


@pytest.mark.survives("refunded-elsewhere")
def test_refunds_from_the_dashboard_count(told, held):
    payment = paid(told, held)
    refund = told.stripe.refund(payment.checkout_id)
    deliver(told, "refund.created")
    assert stands(held) == ("confirmed", "refunded", "refunded_but_booked")
    told.stripe.fail_refund(refund["id"])
    deliver(told, "refund.failed")
    assert stands(held) == ("confirmed", "paid", "")


def test_a_hint_costs_one_call(told, held):
    paid(told, held)
    told.clear_requests()
    deliver(told, "checkout.session.completed")
    assert [one["method"] for one in calls(told, "GET", "v1")] == ["GET"]


@pytest.mark.survives("delivered-twice")
def test_what_is_told_again_changes_nothing(told, held):
    paid(told, held)
    deliver(told)
    before = Payment.objects.values().get()
    kept = WebhookDelivery.objects.first()
    sent = next(one["body"] for one in told.deliveries() if one["event"] == kept.event)
    body = json.loads(sent) | {"id": "evt_another"}
    again = inbox.accept(
        sender="stripe", account="stripe", body=json.dumps(body).encode(), event=kept.event
    )
    assert inbox.work_on(again.pk).state == "done"
    ignored = {"observed_at": None}
    assert Payment.objects.values().get() | ignored == before | ignored
    assert stands(held) == ("confirmed", "paid", "")


@pytest.mark.survives("not-for-us")
def test_what_others_sell_on_the_account_is_ignored(told, stripe_api):
    from tests.fixtures.stripe import order

    session = stripe_api.v1.checkout.sessions.create(order())
    told.stripe.pay(session.id)
    assert set(deliver(told)) == {"ignored"}
    assert not Payment.objects.exists()


@pytest.mark.survives("not-for-us")
@pytest.mark.parametrize(
    "about",
    [
        {"object": "checkout.session", "id": "cs_gone"},
        {"object": "charge", "id": "ch_1", "payment_intent": "pi_gone"},
        {"object": "refund", "id": "re_gone"},
        {"object": "product", "id": "prod_1"},
    ],
    ids=lambda about: about["object"],
)
def test_what_is_gone_is_ignored(told, about):
    assert event("charge.refunded", about).state == "ignored"


@pytest.mark.survives("other-mode")
def test_what_is_of_another_mode_is_not_even_asked_for(told, held):
    payment = paid(told, held)
    told.clear_requests()
    about = {"object": "checkout.session", "id": payment.checkout_id}
    assert event("checkout.session.completed", about, livemode=True).state == "ignored"
    assert told.requests() == []


@pytest.mark.survives("poisoned-delivery")
@pytest.mark.parametrize("about", [None, 7, [], "x"], ids=str)
def test_poison_is_set_aside(told, about, settings):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"DELIVERY_TRIES": 1}
    assert event("charge.refunded", about).state == "dead"


@pytest.mark.survives("stripe-key-refused")
def test_while_the_key_is_refused_deliveries_wait(told, held):
    paid(told, held)
    told.stripe.key(valid=False)
    assert set(deliver(told, "checkout.session.completed")) == {"open"}
    assert Connection.objects.get(account="stripe").problem
    told.stripe.key(valid=True)
    inbox.work_due(timezone.now() + timedelta(minutes=6), 10)
    assert stands(held) == ("confirmed", "paid", "")
    assert Connection.objects.get(account="stripe").problem == ""


@pytest.mark.survives("stripe-does-not-answer")
@pytest.mark.parametrize(
    "fault", [{"status": 429}, {"status": 500}, {"html": True}, {"truncate": True}], ids=str
)
def test_while_the_provider_fails_deliveries_wait(told, held, fault):
    paid(told, held)
    told.fault("GET /v1", times=99, **fault)
    assert set(deliver(told, "checkout.session.completed")) == {"open"}
    told.clear_faults()
    inbox.work_due(timezone.now() + timedelta(minutes=6), 10)
    assert stands(held) == ("confirmed", "paid", "")


def test_what_was_bought_counts_as_the_form_says(told):
    """A code of 100 % leaves nothing to pay, and no payment either."""
    booking = book(told, priced(allows_promotion_codes=True))
    paid(told, booking, code="FREE")
    deliver(told)
    assert stands(booking) == ("confirmed", "paid", "")
    payment = booking.payments.get()
    assert (payment.total, payment.discount, payment.captured) == (0, PRICE, 0)
