"""What a query or a body may hold; everything wrong is reported at once, unknown names included."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wagtail_calendly.simulator.calendly.errors import InvalidParametersError, detail

Parse = Callable[[Any], Any]

# Beyond these, calculating with days and zones would leave what a datetime can hold.
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Field:
    """`parse` gives the value or raises ValueError with the reason."""

    parse: Parse
    required: bool = False
    nullable: bool = False


def check(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """The parsed values; InvalidParametersError names all that is wrong."""
    wrong = [detail(name, "is not a known parameter") for name in values if name not in fields]
    parsed: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in values:
            if field.required:
                wrong.append(detail(name, "must be filled", "missing"))
            continue
        try:
            parsed[name] = _parse(field, values[name])
        except InvalidParametersError as nested:
            wrong += [{**d, "parameter": f"{name}.{d['parameter']}"} for d in nested.details]
        except ValueError as reason:
            wrong.append(detail(name, str(reason)))
    if wrong:
        raise InvalidParametersError(wrong)
    return parsed


def _parse(field: Field, value: Any) -> Any:
    if value is None and field.nullable:
        return None
    return field.parse(value)


def text(longest: int = 10_000) -> Parse:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a non-empty string")
        if len(value) > longest:
            raise ValueError(f"must be at most {longest} characters")
        return value

    return parse


def choice(*allowed: str) -> Parse:
    def parse(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return str(value)

    return parse


def integer(low: int, high: int) -> Parse:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
            raise ValueError("must be an integer")
        if not low <= int(value) <= high:
            raise ValueError(f"must be between {low} and {high}")
        return int(value)

    return parse


def boolean(value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    if str(value).lower() not in known:
        raise ValueError("must be true or false")
    return known[str(value).lower()]


def uri(path: str) -> Parse:
    """A resource named in full; `path` with one `*` for each id, as `users/*`."""
    pattern = re.escape(f"https://api.calendly.com/{path}").replace(r"\*", "[A-Za-z0-9_-]+")

    def parse(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"must be a URI like https://api.calendly.com/{path}")
        return value

    return parse


def time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("must be an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise ValueError("must be a time in UTC")
    if moment.year not in YEARS:
        raise ValueError("must be a time in this century")
    return moment.astimezone(UTC)


def timezone(value: Any) -> str:
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError, KeyError):
        raise ValueError("must be an IANA time zone") from None
    return str(value)


def email(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise ValueError("must be a valid email address")
    return value


def web_address(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a URL")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a URL")
    return value


def list_of(parse_item: Parse, longest: int = 100) -> Parse:
    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > longest:
            raise ValueError(f"must be a list of at most {longest}")
        return [parse_item(item) for item in value]

    return parse


def mapping(fields: Mapping[str, Field]) -> Parse:
    def parse(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError("must be an object")
        return check(value, fields)

    return parse
