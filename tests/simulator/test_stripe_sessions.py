"""Checkout sessions at the stand-in Stripe, driven by Stripe's own client."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.fixtures.stripe import order, stripe_client

HOUR = 3600


def without(name: str):
    return {key: value for key, value in order().items() if key != name}


def test_a_session_is_open_until_somebody_pays(simulator, stripe_api):
    carried = {"wagtail_calendly_reference": "ref-1"}
    made = stripe_api.v1.checkout.sessions.create(
        order(
            ui_mode="hosted_page",
            submit_type="book",
            client_reference_id="ref-1",
            metadata=carried,
            payment_intent_data={"metadata": carried, "description": "Booking"},
            customer_email="vi@example.org",
            locale="de",
            expires_at=int(time.time()) + 31 * 60,
            adaptive_pricing={"enabled": False},
            automatic_tax={"enabled": False},
            allow_promotion_codes=False,
        )
    )
    read = stripe_api.v1.checkout.sessions.retrieve(made.id)
    assert (read.status, read.payment_status, read.amount_total) == ("open", "unpaid", 5000)
    assert read.url == f"{simulator.url}/pay/{made.id}"
    assert read.metadata.to_dict() == carried
    assert read.client_reference_id == "ref-1"
    assert read.payment_intent is None
    assert not read.livemode


@pytest.mark.parametrize(
    ("params", "param", "code"),
    [
        (order(payment_method_types=["card"]), "payment_method_types", "parameter_unknown"),
        (order(ui_mode="hosted"), "ui_mode", None),
        (order(mode="subscription"), "mode", None),
        (order(submit_type="reserve"), "submit_type", None),
        (order(locale="de-AT"), "locale", None),
        (without("success_url"), "success_url", "parameter_missing"),
        (without("line_items"), "line_items", "parameter_missing"),
        (order(success_url="/done/"), "success_url", "url_invalid"),
        (order(customer_email="vi"), "customer_email", "email_invalid"),
        (order(client_reference_id=""), "client_reference_id", "parameter_invalid_empty"),
        (order(client_reference_id="x" * 201), "client_reference_id", "parameter_invalid_string"),
        (order(line_items="x"), "line_items", "parameter_invalid_array"),
        (order(amount="50.00"), "line_items[0][price_data][unit_amount]",
         "parameter_invalid_integer"),
        (order(currency="xxx"), "line_items[0][price_data][currency]", None),
        (order(currency="isk", amount=50_050), "line_items[0][price_data][unit_amount]",
         "parameter_invalid_integer"),
        (order(currency="bhd", amount=5001), "line_items[0][price_data][unit_amount]",
         "parameter_invalid_integer"),
        (order(amount=49), "line_items", "amount_too_small"),
        (order(currency="czk", amount=1499), "line_items", "amount_too_small"),
        (order(amount=100_000_000), "line_items", "amount_too_large"),
        (order(automatic_tax={"enabled": "perhaps"}), "automatic_tax[enabled]",
         "parameter_invalid_boolean"),
        (order(automatic_tax="on"), "automatic_tax", "parameter_invalid_object"),
        (order(metadata={"k" * 41: "v"}), "metadata", None),
        (order(metadata={"k": "v" * 501}), "metadata[k]", None),
        (order(metadata={f"k{n}": "v" for n in range(51)}), "metadata", None),
        (order(payment_intent_data={"title": "x"}), "payment_intent_data[title]",
         "parameter_unknown"),
        (order(expires_at=1), "expires_at", None),
    ],
)  # fmt: skip
def test_what_stripe_would_refuse_is_refused(stripe_api, params, param, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_api.v1.checkout.sessions.create(params)
    assert (refused.value.http_status, refused.value.param) == (400, param)
    assert refused.value.code == code
    assert refused.value.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("currency", "amount"), [("jpy", 50), ("isk", 50_000), ("kwd", 5000), ("huf", 17_500)]
)
def test_amounts_that_are_right_for_their_currency(stripe_api, currency, amount):
    made = stripe_api.v1.checkout.sessions.create(order(currency=currency, amount=amount))
    assert (made.currency, made.amount_subtotal) == (currency, amount)


@pytest.mark.parametrize(("seconds", "accepted"), [(1700, False), (1860, True), (90_000, False)])
def test_the_time_to_pay_is_half_an_hour_to_a_day(simulator, stripe_api, seconds, accepted):
    simulator.clock(5 * HOUR)
    params = order(expires_at=int(time.time()) + 5 * HOUR + seconds)
    if accepted:
        assert stripe_api.v1.checkout.sessions.create(params).expires_at == params["expires_at"]
        return
    with pytest.raises(stripe.InvalidRequestError, match="Checkout Session creation"):
        stripe_api.v1.checkout.sessions.create(params)


def test_a_session_expires_by_the_clock_and_by_hand_once(simulator, stripe_api):
    sessions = stripe_api.v1.checkout.sessions
    first, second = (sessions.create(order(success_url=f"http://a.example/{n}")) for n in "12")
    assert sessions.expire(first.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match=r'\["open"\] can be expired'):
        sessions.expire(first.id)
    simulator.clock(24 * HOUR + 5)
    late = sessions.retrieve(second.id)
    assert (late.status, late.payment_status, late.url) == ("expired", "unpaid", None)
    told = stripe_api.v1.events.list({"type": "checkout.session.expired"}).data
    assert [event.data.object["id"] for event in told] == [second.id, first.id]


def test_sessions_are_listed_newest_first_and_page_by_page(simulator, stripe_api):
    sessions = stripe_api.v1.checkout.sessions
    ids = [sessions.create(order()).id for _ in range(3)]
    simulator.clock(HOUR)
    ids.append(sessions.create(order()).id)
    assert [item.id for item in sessions.list({"limit": 3}).auto_paging_iter()] == ids[::-1]
    since = int(time.time()) + HOUR - 60
    assert [item.id for item in sessions.list({"created": {"gte": since}}).data] == ids[-1:]
    simulator.stripe.pay(ids[1])
    intent = sessions.retrieve(ids[1]).payment_intent
    [found] = sessions.list({"payment_intent": intent, "expand": ["data.payment_intent"]}).data
    assert (found.id, found.payment_intent.amount_received) == (ids[1], 5000)


@pytest.mark.parametrize(
    "path",
    [
        "payment_intent.latest_charge.refunds.data.balance_transaction",
        "payment_intent.customer.name",
        "amount_total",
    ],
)
def test_not_everything_can_be_expanded(stripe_api, path):
    made = stripe_api.v1.checkout.sessions.create(order())
    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        stripe_api.v1.checkout.sessions.retrieve(made.id, {"expand": [path]})


def test_what_is_not_there_is_said_to_be_missing(simulator, stripe_api):
    made = stripe_api.v1.checkout.sessions.create(order())
    simulator.stripe.key("sk_live_simulator")
    live = stripe_client(simulator.url, "sk_live_simulator")
    assert live.v1.checkout.sessions.create(order()).id.startswith("cs_live_")
    for client, id_ in [(stripe_api, "cs_test_none"), (live, made.id)]:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.checkout.sessions.retrieve(id_)
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
