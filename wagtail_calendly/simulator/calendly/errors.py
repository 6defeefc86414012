"""Calendly's error bodies.

https://developer.calendly.com/api-docs/overview/api/api-conventions
"""

from __future__ import annotations

import json
from typing import Any

TITLES = {
    400: ("Invalid Argument", "The supplied parameters are invalid."),
    401: ("Unauthenticated", "The access token is invalid"),
    403: ("Permission Denied", "You do not have permission to access this resource."),
    404: ("Resource Not Found", "The server could not find the requested resource."),
    409: ("Already Exists", "The resource already exists."),
    429: ("Too Many Requests", "The rate limit was exceeded."),
    500: ("Internal Server Error", "The server encountered an unexpected condition."),
    503: ("Service Unavailable", "The service is unavailable. Please try again later."),
}


class ApiError(Exception):
    """An answer other than 2xx."""

    def __init__(self, status: int, message: str | None = None, **extra: Any) -> None:
        title, usual = TITLES.get(status, ("Error", "Something went wrong."))
        self.status = status
        self.body = {"title": extra.pop("title", title), "message": message or usual, **extra}
        super().__init__(self.body["message"])


class InvalidParametersError(ApiError):
    """400 with the parameters at fault; each detail has `parameter`, `message`, `code`."""

    def __init__(self, details: list[dict[str, str]]) -> None:
        super().__init__(400, details=details)
        self.details = details


def detail(parameter: str, message: str, code: str = "invalid") -> dict[str, str]:
    return {"parameter": parameter, "message": message, "code": code}


def insufficient_scope(required: list[str]) -> ApiError:
    return ApiError(
        403,
        "This operation requires the scopes listed in the 'required_scopes' array.",
        title="Insufficient scope",
        required_scopes=required,
    )


def error_body(status: int) -> bytes:
    """The body Calendly would send with a status."""
    return json.dumps(ApiError(status).body).encode()
