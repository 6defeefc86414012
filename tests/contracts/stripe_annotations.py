"""Walks answers and accepted parameters along the annotations that Stripe's own client ships."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, ForwardRef, Literal, NotRequired, Required

import stripe
from stripe.checkout import Session
from typing_extensions import get_type_hints, is_typeddict

from wagtail_calendly.simulator.stripe.params import Choice, Many, Record

KINDS = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": Session,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "refund": stripe.Refund,
    "webhook_endpoint": stripe.WebhookEndpoint,
}
# Left open by the annotations, but told in the documentation of the field.
STATES = {"refund": {"pending", "requires_action", "succeeded", "failed", "canceled"}}


def problems(value: Any, hint: Any, path: str) -> list[str]:
    """Where a value is not what its annotation says; Stripe leaves every enumeration open with `str`."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _one_of(value, arguments, path)
    if origin is Literal:
        return [] if value in arguments else [f"{path}: {value!r} is none of {arguments}"]
    if origin is list:
        return [
            p for i, item in enumerate(value) for p in problems(item, arguments[0], f"{path}[{i}]")
        ]
    if isinstance(hint, ForwardRef) or _is_object(value):
        return object_problems(value, path) if _is_object(value) else [f"{path}: {value!r}"]
    if isinstance(hint, type) and issubclass(hint, stripe.StripeObject):
        return nested_problems(value, hint, path)
    if origin is not None:
        return []
    return [] if type(value) is hint else [f"{path}: {value!r} is no {hint}"]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("object"), str)


def _one_of(value: Any, arguments: tuple[Any, ...], path: str) -> list[str]:
    if value is None:
        return [] if type(None) in arguments else [f"{path}: null"]
    closed = [hint for hint in arguments if typing.get_origin(hint) is Literal]
    if closed:
        return problems(value, closed[0], path)
    found = [problems(value, hint, path) for hint in arguments if hint is not type(None)]
    return min(found, key=len)


def nested_problems(value: Any, kind: type, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no object"]
    hints = kind.__annotations__
    unknown = [f"{path}.{name}: no such field" for name in value if name not in hints]
    return unknown + [
        problem
        for name, inner in value.items()
        if name in hints
        for problem in problems(inner, hints[name], f"{path}.{name}")
    ]


def object_problems(value: dict[str, Any], path: str) -> list[str]:
    if value["object"] == "list":
        return [p for item in value["data"] for p in object_problems(item, f"{path}[]")]
    if value["object"] == "item":
        return nested_problems(value, stripe.LineItem, path)
    states = STATES.get(value["object"], {value.get("status")})
    wrong = [] if value.get("status") in states else [f"{path}.status: {value['status']!r}"]
    return wrong + nested_problems(value, KINDS[value["object"]], path)


def accepted(kind: Any, hint: Any, path: str) -> list[str]:
    """Where the simulator takes parameters or choices that Stripe's client does not know."""
    hint = _bare(hint)
    if isinstance(kind, Many):
        return accepted(kind.item, typing.get_args(hint)[0], f"{path}[]")
    if isinstance(kind, Choice):
        known = _choices(hint)
        return [f"{path}: {choice}" for choice in kind.allowed if known and choice not in known]
    if not isinstance(kind, Record):
        return []
    # Names of the client's request options, which it looks up in another module.
    unseen = {"Mapping": Mapping, "StripeContext": Any}
    fields = get_type_hints(_typed_dict(hint), localns=unseen, include_extras=True)
    return [
        problem
        for name, inner in kind.fields.items()
        for problem in (
            accepted(inner, fields[name], f"{path}.{name}")
            if name in fields
            else [f"{path}.{name}: no such parameter"]
        )
    ]


def _bare(hint: Any) -> Any:
    while typing.get_origin(hint) in (NotRequired, Required):
        hint = typing.get_args(hint)[0]
    return hint


def _typed_dict(hint: Any) -> Any:
    inner = [hint, *typing.get_args(hint)]
    return next(one for one in inner if is_typeddict(one))


def _choices(hint: Any) -> set[str]:
    if typing.get_origin(hint) is Literal:
        return set(typing.get_args(hint))
    return {choice for inner in typing.get_args(hint) for choice in _choices(inner)}
