"""`expand[]`: references replaced by what they refer to, at most four levels deep.

https://docs.stripe.com/api/expanding_objects
"""

from __future__ import annotations

from typing import Any

from wagtail_calendly.simulator.stripe import money_shapes, shapes
from wagtail_calendly.simulator.stripe.errors import InvalidError
from wagtail_calendly.simulator.stripe.state import Stripe

Shape = dict[str, Any]

# What a field of an object leads to; `[]` is a list of it.
LEADS_TO = {
    "checkout.session": {"payment_intent": "payment_intent", "line_items": "item[]"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "refunds": "refund[]",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "payment_intent": "payment_intent",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}
PERMISSIONS = {
    "payment_intent": "payment_intent_read",
    "charge": "charge_read",
    "refund": "refund_read",
    "balance_transaction": "balance_transaction_read",
}


def check(asked: list[str], kind: str) -> set[str]:
    """The permissions needed for these paths from an object of that kind; refuses what cannot be."""
    needed: set[str] = set()
    for path in asked:
        names = path.split(".")
        if len(names) > 4:
            raise InvalidError(
                f"You cannot expand more than 4 levels of a property: {path}", "expand"
            )
        needed |= _along(names, kind, path)
    return needed


def _along(names: list[str], kind: str, path: str) -> set[str]:
    needed: set[str] = set()
    for name in names:
        led = _led(kind, name)
        if led is None:
            raise InvalidError(f"This property cannot be expanded ({path}).", "expand")
        kind = led
        permission = PERMISSIONS.get(kind.removesuffix("[]"))
        needed |= {permission} if permission and name != "data" else set()
    return needed


def _led(kind: str, name: str) -> str | None:
    if kind.endswith("[]"):
        return kind.removesuffix("[]") if name == "data" else None
    return LEADS_TO.get(kind, {}).get(name)


def expand(stripe: Stripe, shape: Shape, asked: list[str]) -> Shape:
    """The shape itself, with the paths (checked before) filled in."""
    for path in asked:
        _fill(stripe, shape, path.split("."))
    return shape


def _fill(stripe: Stripe, shape: Shape, names: list[str]) -> None:
    if not names:
        return
    name, *rest = names
    if name == "data":
        for item in shape["data"]:
            _fill(stripe, item, rest)
        return
    if not isinstance(shape.get(name), dict):
        shape[name] = _look_up(stripe, shape, name)
    if shape[name] is not None:
        _fill(stripe, shape[name], rest)


def _look_up(stripe: Stripe, shape: Shape, name: str) -> Shape | None:
    if name == "line_items":
        return shapes.line_items(stripe.sessions[shape["id"]])
    if name == "refunds":
        return money_shapes.refunds(stripe.charges[shape["id"]])
    id_ = shape[name]
    if id_ is None:
        return None
    if name == "payment_intent":
        return shapes.payment_intent(stripe.intents[id_])
    if name == "balance_transaction":
        return money_shapes.balance_transaction(stripe.balances[id_])
    return shapes.charge(stripe, stripe.charges[id_])
