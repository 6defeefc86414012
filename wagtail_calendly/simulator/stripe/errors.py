"""Stripe's errors and their bodies.

https://docs.stripe.com/api/errors
"""

from __future__ import annotations

import json
from typing import Any

INVALID = "invalid_request_error"
LOCKED = (
    "This object cannot be accessed right now because another API request or Stripe process is "
    "currently accessing it. If you see this error intermittently, retry the request."
)
LIMITED = "Request rate limit exceeded. You can learn more about rate limits in Stripe's docs."
BROKEN = "An unknown error occurred"


class StripeError(Exception):
    """An answer other than 2xx. `begun`: the work had begun, so an idempotency key keeps the answer."""

    begun = False

    def __init__(
        self, status: int, message: str, *, kind: str = INVALID, code: str = "", param: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        error: dict[str, Any] = {"message": message, "type": kind}
        if code:
            doc_url = f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}"
            error |= {"code": code, "doc_url": doc_url}
        if param:
            error["param"] = param
        self.body = {"error": error}


class InvalidError(StripeError):
    """400: a parameter is wrong; nothing was begun."""

    def __init__(self, message: str, param: str = "", code: str = "") -> None:
        super().__init__(400, message, code=code, param=param)


class RefusedError(StripeError):
    """400: the parameters are right, but the state of things forbids it."""

    begun = True

    def __init__(self, message: str, param: str = "", code: str = "") -> None:
        super().__init__(400, message, code=code, param=param)


class MissingError(StripeError):
    """404, or 400 where it was named by a parameter; "No such" and what."""

    def __init__(self, kind: str, id_: str, param: str = "id", hint: str = "") -> None:
        message = f"No such {kind}: '{id_}'{hint}"
        status = 404 if param in ("id", "session", "intent") else 400
        super().__init__(status, message, code="resource_missing", param=param)


def usual(status: int, code: str = "") -> StripeError:
    """The error that Stripe sends with a status; 429 has two, told apart by `code`."""
    if status == 429:
        locked = code == "lock_timeout"
        return StripeError(429, LOCKED if locked else LIMITED, code=code or "rate_limit")
    if status == 409:
        message = "There is currently another in-progress request using this Idempotent Key."
        return StripeError(409, message, kind="idempotency_error", code="idempotency_key_in_use")
    return StripeError(status, BROKEN, kind="api_error" if status >= 500 else INVALID, code=code)


def error_body(status: int, code: str = "") -> bytes:
    return json.dumps(usual(status, code).body).encode()
