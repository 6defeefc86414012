"""All that is sent to Stripe, held to the parameter types of the installed SDK: an upgrade that breaks us shows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stripe
from stripe import params as p
from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListParams,
    SessionRetrieveParams,
)

from tests.contracts.stripe_types import hold_to, schema_of
from tests.payments.conftest import an_order
from wagtail_calendly.payments import API_VERSION, EVENTS, PaymentError, StripeCheckout
from wagtail_calendly.payments.stripe_params import checkout_params, endpoint_params, refund_params

NOW = datetime(2027, 1, 15, tzinfo=UTC)
FULL = {
    "language": "de", "email": "payer@example.org", "allows_promotion_codes": True, "adds_tax": True,
}  # fmt: skip
REFUND = {
    "payment_intent": "pi_1",
    "amount": 5000,
    "currency": "EUR",
    "effect": "e",
    "reference": "r",
}


@pytest.mark.parametrize("changes", [{}, FULL])
def test_a_checkout(changes: dict[str, Any]) -> None:
    hold_to(SessionCreateParams, checkout_params(an_order(**changes)))


def test_a_refund() -> None:
    given = {name: value for name, value in REFUND.items() if name != "currency"}
    hold_to(p.RefundCreateParams, refund_params(**given))


def test_an_endpoint() -> None:
    hold_to(p.WebhookEndpointCreateParams, endpoint_params("https://x.example/"))


CALLS: list[tuple[str, type, Callable[[StripeCheckout], object]]] = [
    ("v1/checkout/sessions", SessionCreateParams,
     lambda one: one.open_checkout(one.checkout_params(an_order(**FULL)), idempotency_key="k")),
    ("v1/checkout/sessions/cs_1", SessionRetrieveParams, lambda one: one.checkout("cs_1")),
    ("v1/checkout/sessions/cs_1/expire", SessionExpireParams, lambda one: one.expire_checkout("cs_1")),
    ("v1/checkout/sessions", SessionListParams, lambda one: one.checkout_of("pi_1")),
    ("v1/checkout/sessions", SessionListParams, lambda one: one.find_checkout("a", since=NOW)),
    ("v1/refunds", p.RefundCreateParams,
     lambda one: one.refund(one.refund_params(**REFUND), idempotency_key="k")),
    ("v1/refunds", p.RefundListParams, lambda one: one.refunds("pi_1")),
    ("v1/refunds/re_1", p.RefundRetrieveParams, lambda one: one.refund_said("re_1")),
    ("v1/disputes", p.DisputeListParams, lambda one: one._dispute("pi_1")),
    ("v1/events", p.EventListParams, lambda one: list(one.hints(since=NOW))),
    ("v1/webhook_endpoints", p.WebhookEndpointListParams, lambda one: list(one.endpoints())),
    ("v1/webhook_endpoints", p.WebhookEndpointCreateParams,
     lambda one: one.create_endpoint("https://x.example/")),
    ("v1/webhook_endpoints/we_1", p.WebhookEndpointUpdateParams,
     lambda one: one.update_endpoint("we_1", "https://x.example/")),
    ("v1/webhook_endpoints/we_1", p.WebhookEndpointDeleteParams,
     lambda one: one.delete_endpoint("we_1")),
]  # fmt: skip


class Refusing(httpx.BaseTransport):
    """Refuses the first request for good, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(401, json={"error": {}})


@pytest.mark.parametrize(("path", "params", "call"), CALLS, ids=range(len(CALLS)))
def test_each_call_as_it_leaves_the_machine(
    path: str, params: type, call: Callable[[StripeCheckout], object]
) -> None:
    transport = Refusing()
    with pytest.raises(PaymentError):
        call(StripeCheckout("sk_test_1", retries=0, transport=transport))
    request = transport.requests[0]
    assert request.url.path == f"/{path}"
    pairs = httpx.QueryParams(request.content.decode() or request.url.query.decode()).multi_items()
    sent = unflattened(pairs, schema_of(params))
    hold_to(params, sent)


def unflattened(pairs: list[tuple[str, str]], schema: Any) -> Any:
    """What the SDK made flat, as JSON again; numbers and flags where the schema wants them."""
    nested: dict[str, Any] = {}
    for name, value in pairs:
        place = nested
        *parents, last = name.replace("]", "").split("[")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return _typed(nested, schema)


def _typed(value: Any, schema: Any) -> Any:
    kinds = schema.get("anyOf", [schema])
    if not isinstance(value, dict):
        wanted = {kind.get("type") for kind in kinds}
        if "integer" in wanted and value.lstrip("-").isdigit():
            return int(value)
        return {"true": True, "false": False}.get(value, value) if "boolean" in wanted else value
    for kind in kinds:
        if kind.get("type") == "array":
            return [_typed(one, kind["items"]) for _index, one in sorted(value.items())]
        if kind.get("type") == "object":
            known, others = kind.get("properties", {}), kind.get("additionalProperties") or {}
            return {name: _typed(one, known.get(name, others)) for name, one in value.items()}
    return value


def test_the_version_and_the_events_are_known_to_the_sdk() -> None:
    properties = schema_of(p.WebhookEndpointCreateParams)["properties"]
    assert API_VERSION in properties["api_version"]["enum"]
    assert stripe.api_version == API_VERSION, "the SDK speaks of another version than ours"
    events = properties["enabled_events"]["items"]
    assert set(EVENTS) <= set(events.get("enum") or events["anyOf"][0]["enum"])


# Each of these must be noticed.

MISTAKES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a removed parameter": lambda sent: sent.update(payment_method_types=["card"]),
    "an old word for the page": lambda sent: sent.update(ui_mode="hosted"),
    "a misspelt parameter": lambda sent: sent.update(succes_url="https://x.example/"),
    "a locale that is none": lambda sent: sent.update(locale="de-AT"),
    "a mode that is none": lambda sent: sent.update(mode="pay"),
    "a button that is none": lambda sent: sent.update(submit_type="reserve"),
    "a time as text": lambda sent: sent.update(expires_at="2027-01-15T12:00:00Z"),
    "an amount as text": lambda sent: price(sent).update(unit_amount="5000"),
    "an amount with a point": lambda sent: price(sent).update(unit_amount=50.5),
    "no currency": lambda sent: price(sent).pop("currency"),
    "no name": lambda sent: price(sent)["product_data"].pop("name"),
    "a name in the wrong place": lambda sent: price(sent).update(name="Consultation"),
    "metadata that is no text": lambda sent: sent["metadata"].update(attempt=1),
    "metadata of the payment as a list": lambda sent: sent["payment_intent_data"].update(
        metadata=[]
    ),
    "lines without a list": lambda sent: sent.update(line_items=sent["line_items"][0]),
    "a switch as text": lambda sent: sent.update(allow_promotion_codes="yes"),
    "tax without its switch": lambda sent: sent.update(automatic_tax={}),
    "a tax behaviour that is none": lambda sent: price(sent).update(tax_behavior="added"),
    "an option among the parameters": lambda sent: sent.update(idempotency_key="k"),
    "an address that is null": lambda sent: sent.update(cancel_url=None),
}


def price(sent: dict[str, Any]) -> dict[str, Any]:
    return sent["line_items"][0]["price_data"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_checkout_would_be_noticed(mistake: str) -> None:
    sent = copy.deepcopy(checkout_params(an_order(**FULL)))
    MISTAKES[mistake](sent)
    with pytest.raises(AssertionError):
        hold_to(SessionCreateParams, sent)


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        (p.RefundCreateParams, {"payment_intent": "pi_1", "reason": "canceled"}),
        (p.RefundCreateParams, {"payment_intent_id": "pi_1"}),
        (p.EventListParams, {"type": ["refund.created"]}),
        (p.EventListParams, {"created": {"since": 1}}),
        (SessionListParams, {"metadata": {"attempt": "1"}}),
        (SessionRetrieveParams, {"expand": "payment_intent"}),
        (p.WebhookEndpointCreateParams, {"url": "https://x.example/"}),
        (
            p.WebhookEndpointCreateParams,
            {"url": "https://x.example/", "enabled_events": [], "api_version": "2027-99-99.x"},
        ),
    ],
)
def test_a_mistake_elsewhere_would_be_noticed(params: type, sent: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        hold_to(params, sent)
