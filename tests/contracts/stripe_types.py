"""Turns the parameter types that the installed SDK ships into strict JSON Schemas.

Strict: no property that the type lacks, and where a type lists values and adds "or any string", only those listed.
"""

from __future__ import annotations

import functools
import sys
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin

from jsonschema import Draft202012Validator
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject
from typing_extensions import get_type_hints, is_typeddict

from tests.contracts.grammar import Schema

PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    NoneType: {"type": "null"},
}


@functools.cache
def schema_of(params: type) -> Schema:
    """The schema of one of `stripe.params…`: what may be sent in a call's body or query."""
    schema = _record(params)
    options = set(RequestOptions.__annotations__)
    fields = {name: field for name, field in schema["properties"].items() if name not in options}
    return {**schema, "properties": fields}


@functools.cache
def _validator(params: type) -> Draft202012Validator:
    # Built once: Stripe's types are large.
    return Draft202012Validator(schema_of(params))


def hold_to(params: type, value: Any) -> None:
    """Fails with every difference and where it is."""
    problems = [f"{one.json_path}: {one.message}" for one in _validator(params).iter_errors(value)]
    assert not problems, "\n".join(problems)


def _record(typed_dict: type) -> Schema:
    hints = get_type_hints(
        typed_dict,
        # The options that every call takes are inherited from another module.
        globalns=vars(sys.modules[RequestOptions.__module__])
        | vars(sys.modules[typed_dict.__module__]),
        localns={"StripeContext": str},
        include_extras=True,
    )
    required = [name for name, hint in hints.items() if get_origin(hint) is not NotRequired]
    return {
        "type": "object",
        "properties": {name: _schema(hint) for name, hint in hints.items()},
        "required": required,
        "additionalProperties": False,
    }


def _schema(hint: Any) -> Schema:
    origin, given = get_origin(hint), get_args(hint)
    if origin in {NotRequired, Required}:
        return _schema(given[0])
    if origin in {Union, UnionType}:
        return _union(given)
    if origin is Literal:
        return {"enum": list(given)}
    if origin is list:
        return {"type": "array", "items": _schema(given[0])}
    if origin is not None and issubclass(origin, dict):
        return {"type": "object", "additionalProperties": _schema(given[1])}
    return _record(hint) if is_typeddict(hint) else PLAIN.get(hint, {"not": {}})


def _union(given: tuple[Any, ...]) -> Schema:
    lists_values = any(get_origin(one) is Literal and any(get_args(one)) for one in given)
    kept = [one for one in given if not (_is_object(one) or (one is str and lists_values))]
    return {"anyOf": [_schema(one) for one in kept]}


def _is_object(hint: Any) -> bool:
    """The SDK's own objects may stand for plain JSON; we send plain JSON."""
    kind = get_origin(hint) or hint
    return isinstance(kind, type) and issubclass(kind, StripeObject)
