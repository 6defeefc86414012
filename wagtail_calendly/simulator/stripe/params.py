"""What the parameters of a call may be: checked from text, the first mistake refused as Stripe does.

https://docs.stripe.com/error-codes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from wagtail_calendly.simulator.brackets import at
from wagtail_calendly.simulator.stripe.errors import InvalidError

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Kind(Protocol):
    """A kind of parameter: `parse` gives the value or raises InvalidError about the key `path`."""

    def parse(self, value: Any, path: str) -> Any: ...


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise InvalidError("Invalid string: must be a string", path, "parameter_invalid_string")
    if not value.strip():
        message = f"You passed an empty string for '{path}'. It cannot be unset."
        raise InvalidError(message, path, "parameter_invalid_empty")
    return value


@dataclass(frozen=True)
class Text:
    longest: int = 5000

    def parse(self, value: Any, path: str) -> str:
        text = _text(value, path)
        if len(text) > self.longest:
            message = f"Invalid string: must be at most {self.longest} characters"
            raise InvalidError(message, path, "parameter_invalid_string")
        return text


@dataclass(frozen=True)
class Integer:
    low: int = 0
    high: int = 10**12

    def parse(self, value: Any, path: str) -> int:
        text = _text(value, path)
        if not re.fullmatch(r"-?\d{1,15}", text):
            raise InvalidError(f"Invalid integer: {text}", path, "parameter_invalid_integer")
        number = int(text)
        if not self.low <= number <= self.high:
            message = f"Invalid integer: must be from {self.low} to {self.high}"
            raise InvalidError(message, path, "parameter_invalid_integer")
        return number


@dataclass(frozen=True)
class Flag:
    def parse(self, value: Any, path: str) -> bool:
        text = _text(value, path)
        if text not in ("true", "false"):
            raise InvalidError(f"Invalid boolean: {text}", path, "parameter_invalid_boolean")
        return text == "true"


@dataclass(frozen=True)
class Choice:
    allowed: tuple[str, ...]

    def parse(self, value: Any, path: str) -> str:
        text = _text(value, path)
        if text not in self.allowed:
            listed = ", ".join(self.allowed)
            raise InvalidError(f"Invalid {path}: must be one of {listed}", path)
        return text


@dataclass(frozen=True)
class Address:
    """A web address; braces, as in `{CHECKOUT_SESSION_ID}`, are fine."""

    def parse(self, value: Any, path: str) -> str:
        text = _text(value, path)
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidError("Not a valid URL", path, "url_invalid")
        return text


@dataclass(frozen=True)
class Email:
    def parse(self, value: Any, path: str) -> str:
        text = _text(value, path)
        if not EMAIL.fullmatch(text):
            raise InvalidError(f"Invalid email address: {text}", path, "email_invalid")
        return text


@dataclass(frozen=True)
class Metadata:
    """At most 50 keys of 40 characters, values of 500.

    https://docs.stripe.com/api/metadata
    """

    def parse(self, value: Any, path: str) -> dict[str, str]:
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise InvalidError("Invalid object", path, "parameter_invalid_object")
        if len(value) > 50:
            raise InvalidError("Metadata can have at most 50 keys", path)
        return {name: self._value(name, text, path) for name, text in value.items()}

    def _value(self, name: str, text: Any, path: str) -> str:
        if len(name) > 40:
            raise InvalidError(f"Metadata keys have up to 40 characters: {name}", path)
        if not isinstance(text, str):
            raise InvalidError("Metadata values must be strings", at(path, name))
        if len(text) > 500:
            raise InvalidError("Metadata values have up to 500 characters", at(path, name))
        return text


@dataclass(frozen=True)
class Many:
    """A list of one kind."""

    item: Kind
    most: int = 100

    def parse(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidError("Invalid array", path, "parameter_invalid_array")
        if len(value) > self.most:
            raise InvalidError(f"Array must have at most {self.most} entries", path)
        return [self.item.parse(inner, at(path, i)) for i, inner in enumerate(value)]


@dataclass(frozen=True)
class Record:
    """Named parameters, some of them required; any other name is refused."""

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = field(default=())

    def parse(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise InvalidError("Invalid object", path, "parameter_invalid_object")
        if unknown := [at(path, name) for name in value if name not in self.fields]:
            message = f"Received unknown parameter: {unknown[0]} (to the simulator, at least)"
            raise InvalidError(message, unknown[0], "parameter_unknown")
        for name in self.required:
            if name not in value:
                missing = at(path, name)
                raise InvalidError(
                    f"Missing required param: {missing}.", missing, "parameter_missing"
                )
        return {
            name: self.fields[name].parse(inner, at(path, name)) for name, inner in value.items()
        }
