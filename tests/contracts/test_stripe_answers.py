"""The simulator's answers held to the annotations of Stripe's own client: fields, types, enumerations."""

from __future__ import annotations

import json
import typing
from typing import Any

import pytest
import stripe
from stripe.params import RefundCreateParams, WebhookEndpointCreateParams
from stripe.params.checkout import SessionCreateParams

from tests.contracts.stripe_annotations import accepted, object_problems
from tests.fixtures.stripe import order
from wagtail_calendly.simulator.stripe import endpoints, events, payments, sessions
from wagtail_calendly.simulator.stripe.params import Choice, Many, Record


def hold(value: dict[str, Any]) -> None:
    found = object_problems(value, value["object"])
    assert not found, "\n".join(found)


@pytest.fixture
def get(simulator):
    """The answer itself, as JSON."""

    def get(path: str, **params: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {simulator.stripe.secret_key}"}
        answer = simulator.http.get(f"/v1/{path}", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


EXPANDED = {
    "expand[0]": "payment_intent.latest_charge.refunds",
    "expand[1]": "payment_intent.latest_charge.balance_transaction",
    "expand[2]": "line_items",
}


@pytest.mark.parametrize("how", ["open", "card", "declined", "debit", "free", "expired"])
def test_sessions_and_their_payments(simulator, stripe_api, get, how):
    made = stripe_api.v1.checkout.sessions.create(
        order(
            submit_type="book",
            allow_promotion_codes=True,
            automatic_tax={"enabled": True},
            metadata={"a": "b"},
            payment_intent_data={"metadata": {"a": "b"}},
        )
    )
    if how == "expired":
        simulator.stripe.decline(made.id)
        simulator.stripe.expire(made.id)
    elif how == "free":
        simulator.stripe.pay(made.id, code="FREE")
    elif how != "open":
        simulator.stripe.pay(made.id, how, code="TEN")
    hold(get(f"checkout/sessions/{made.id}", **EXPANDED))
    hold(get("checkout/sessions", **{"expand[]": "data.payment_intent.latest_charge"}))


def test_refunds_disputes_events_endpoints(simulator, stripe_api, get):
    simulator.webhooks("hold")
    simulator.stripe.subscribe("http://127.0.0.1:9/")
    ids = [stripe_api.v1.checkout.sessions.create(order()).id for _ in range(2)]
    for id_ in ids:
        simulator.stripe.pay(id_)
    simulator.stripe.refund(ids[0], 100)
    simulator.stripe.refund_outcome("pending")
    simulator.stripe.fail_refund(simulator.stripe.refund(ids[0], 200)["id"])
    simulator.stripe.refund(ids[0], 300)
    simulator.stripe.dispute(ids[1])
    simulator.stripe.close_dispute(ids[1], "lost")
    refunds = get("refunds", **{"expand[]": "data.charge"})
    assert {item["status"] for item in refunds["data"]} == {"succeeded", "failed", "pending"}
    hold(refunds)
    for path in ("disputes", "events", "webhook_endpoints"):
        assert get(path)["data"], path
        hold(get(path))
    for path in [f"charges/{refunds['data'][0]['charge']['id']}",
                 f"balance_transactions/{refunds['data'][2]['balance_transaction']}"]:  # fmt: skip
        hold(get(path))
    for delivery in simulator.deliveries():
        told = json.loads(delivery["body"])
        hold(told)
        hold(told["data"]["object"])


def test_a_mistake_would_be_noticed(simulator, stripe_api, get):
    made = stripe_api.v1.checkout.sessions.create(order())
    answer = get(f"checkout/sessions/{made.id}")
    for mistake in (
        {"made_up": 1},
        {"status": "paid"},
        {"payment_status": None},
        {"amount_total": "5000"},
        {"total_details": {"amount_discount": 0, "amount_tax": None}},
        {"livemode": 0},
        {"created": None},
    ):
        with pytest.raises(AssertionError):
            hold({**answer, **mistake})


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        (sessions.CREATE, SessionCreateParams),
        (payments.REFUND, RefundCreateParams),
        (endpoints.CREATE, WebhookEndpointCreateParams),
    ],
)
def test_only_parameters_that_stripe_knows_are_taken(fields, known):
    assert accepted(Record(fields), known, known.__name__) == []


def test_an_invented_parameter_would_be_noticed():
    invented = {
        "mode": Choice(("payment", "barter")),
        "payment_method_types": Many(Choice(("card",))),
    }
    found = accepted(Record(invented), SessionCreateParams, "session")
    assert found == ["session.mode: barter", "session.payment_method_types: no such parameter"]


def test_only_events_that_stripe_knows_are_sent():
    known = typing.get_args(stripe.Event.__annotations__["type"])
    assert set(events.TYPES) <= set(known)
