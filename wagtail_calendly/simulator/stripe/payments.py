"""What is read of payments: payment intents, charges, disputes; and refunds, which are made as well.

https://docs.stripe.com/api/refunds
"""

from __future__ import annotations

from typing import Any

from wagtail_calendly.simulator.stripe import giving_back, money_shapes, shapes
from wagtail_calendly.simulator.stripe.access import Call
from wagtail_calendly.simulator.stripe.errors import InvalidError
from wagtail_calendly.simulator.stripe.paging import PAGE, page
from wagtail_calendly.simulator.stripe.params import Choice, Integer, Kind, Metadata, Text
from wagtail_calendly.simulator.stripe.state import Charge

ID = Text(255)
REFUND: dict[str, Kind] = {
    "amount": Integer(1),
    "charge": ID,
    "payment_intent": ID,
    "metadata": Metadata(),
    "reason": Choice(giving_back.REASONS),
}
LIST: dict[str, Kind] = {**PAGE, "charge": ID, "payment_intent": ID}


def retrieve_intent(call: Call) -> dict[str, Any]:
    call.read()
    return shapes.payment_intent(call.named("payment_intent", call.stripe.intents))


def retrieve_charge(call: Call) -> dict[str, Any]:
    call.read()
    return shapes.charge(call.stripe, call.named("charge", call.stripe.charges))


def retrieve_balance(call: Call) -> dict[str, Any]:
    call.read()
    found = call.named("balance_transaction", call.stripe.balances)
    return money_shapes.balance_transaction(found)


def create_refund(call: Call) -> dict[str, Any]:
    asked = call.read(REFUND)
    made = giving_back.refund(
        call.stripe,
        _charge(call, asked),
        asked.get("amount"),
        asked.get("reason"),
        asked.get("metadata"),
    )
    return money_shapes.refund(made)


def _charge(call: Call, asked: dict[str, Any]) -> Charge:
    if ("charge" in asked) == ("payment_intent" in asked):
        message = "One of the following params should be provided: payment_intent or charge."
        raise InvalidError(message, code="parameter_missing")
    if "charge" in asked:
        return call.find("charge", call.stripe.charges, asked["charge"], "charge")
    intent = call.find(
        "payment_intent", call.stripe.intents, asked["payment_intent"], "payment_intent"
    )
    return giving_back.charge_of(intent)


def retrieve_refund(call: Call) -> dict[str, Any]:
    call.read()
    return money_shapes.refund(call.named("refund", call.stripe.refunds))


def list_refunds(call: Call) -> dict[str, Any]:
    return _list(call, call.visible(call.stripe.refunds), money_shapes.refund)


def retrieve_dispute(call: Call) -> dict[str, Any]:
    call.read()
    return money_shapes.dispute(call.named("dispute", call.stripe.disputes))


def list_disputes(call: Call) -> dict[str, Any]:
    return _list(call, call.visible(call.stripe.disputes), money_shapes.dispute)


def _list(call: Call, things: list[Any], shape: Any) -> dict[str, Any]:
    asked = call.read(LIST)
    if intent := asked.get("payment_intent"):
        call.find("payment_intent", call.stripe.intents, intent, "payment_intent")
        things = [thing for thing in things if thing.charge.intent.id == intent]
    if charge := asked.get("charge"):
        call.find("charge", call.stripe.charges, charge, "charge")
        things = [thing for thing in things if thing.charge.id == charge]
    return page(call, asked, things, shape)
