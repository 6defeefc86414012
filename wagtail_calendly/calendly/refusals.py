"""Turns an answer that is not 2xx into the error that says what to do.

Titles and messages are plainly wrong in places of Calendly's document, so only the status and the presence
of `required_scopes` decide. https://developer.calendly.com/api-docs/overview/api/api-conventions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict

from pydantic_core import from_json

from wagtail_calendly.calendly.budget import seconds_to_wait
from wagtail_calendly.calendly.errors import (
    CalendlyAuthenticationError,
    CalendlyConflict,
    CalendlyError,
    CalendlyInvalidRequest,
    CalendlyNotFound,
    CalendlyPermissionError,
    CalendlyRateLimited,
    CalendlyUnavailable,
    CalendlyUnexpectedResponse,
)

_SCOPE = re.compile(r"[a-z_]{1,40}:(read|write)")
_PARAMETER = re.compile(r"[A-Za-z0-9_.\[\]]{1,60}")

_PLAIN: dict[int, type[CalendlyError]] = {
    401: CalendlyAuthenticationError,
    404: CalendlyNotFound,
    409: CalendlyConflict,
    424: CalendlyUnavailable,
}


class _Said(TypedDict):
    title: str
    vendor_message: str


def error_of(status: int, headers: Mapping[str, str], content: bytes) -> CalendlyError:
    """The error for an answer with this status."""
    body = _body(content)
    said: _Said = {
        "title": _text(body.get("title"), 100),
        "vendor_message": _text(body.get("message"), 300),
    }
    if status in _PLAIN:
        return _PLAIN[status](status=status, **said)
    if status == 403:
        return CalendlyPermissionError(status=status, missing_scopes=_scopes(body), **said)
    if status in {400, 422}:
        return _invalid_request(status, body, said)
    if status == 429:
        return CalendlyRateLimited(status=status, retry_after=seconds_to_wait(headers), **said)
    if status >= 500:
        return CalendlyUnavailable(status=status, **said)
    return CalendlyUnexpectedResponse(status=status, **said)


def _invalid_request(status: int, body: dict[str, Any], said: _Said) -> CalendlyInvalidRequest:
    details = tuple(
        {key: _text(value, 300) for key, value in item.items() if isinstance(key, str)}
        for item in _list(body.get("details"))
        if isinstance(item, dict)
    )
    named = [name for item in details if _PARAMETER.fullmatch(name := item.get("parameter", ""))]
    message = (
        f"Calendly refused what was sent ({', '.join(named)}). Correct it before trying again."
    )
    return CalendlyInvalidRequest(message if named else "", status=status, details=details, **said)


def _body(content: bytes) -> dict[str, Any]:
    try:
        body = from_json(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _scopes(body: dict[str, Any]) -> tuple[str, ...]:
    scopes = _list(body.get("required_scopes"))
    return tuple(scope for scope in scopes if isinstance(scope, str) and _SCOPE.fullmatch(scope))


def _list(value: Any) -> list[Any]:
    return value[:20] if isinstance(value, list) else []


def _text(value: Any, limit: int) -> str:
    return value[:limit] if isinstance(value, str) else ""
