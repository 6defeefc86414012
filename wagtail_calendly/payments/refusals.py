"""Turns an error of the SDK into ours: what happened and what to do, without what was sent or answered.

https://docs.stripe.com/error-handling?lang=python
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import stripe

from wagtail_calendly.payments.errors import (
    PaymentAuthenticationError,
    PaymentError,
    PaymentIdempotencyConflict,
    PaymentNotFound,
    PaymentRateLimited,
    PaymentRefused,
    PaymentUnavailable,
)

#: Stripe names no time; its limits are counted by the second.
PAUSE = 5.0
LONGEST_PAUSE = 120.0

_WORD = re.compile(r"[A-Za-z0-9_.\[\]]{1,80}")
_PERMISSION = re.compile(r"\brak_[a-z_]{1,60}\b")


def error_of(error: stripe.StripeError) -> PaymentError:
    """Our error for one of the SDK's. Its messages may repeat what was sent, so that none is handed on."""
    request_id = _word(error.request_id)
    status = error.http_status or 0
    if isinstance(error, stripe.RateLimitError):
        return PaymentRateLimited(
            "Stripe allows no more calls for now. Try again in a few seconds.",
            retry_after=_pause(error.headers or {}),
            request_id=request_id,
        )
    if isinstance(error, stripe.IdempotencyError) or (status >= 500 and _was_stored(error)):
        return PaymentIdempotencyConflict(
            "Stripe has another answer under this key. Look for what it made before asking anew.",
            request_id=request_id,
        )
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return PaymentAuthenticationError(_advice(error), request_id=request_id)
    if isinstance(error, (stripe.InvalidRequestError, stripe.CardError)):
        return _refused(error, status, request_id)
    return PaymentUnavailable(_unavailable(error, status), request_id=request_id)


def _refused(
    error: stripe.InvalidRequestError | stripe.CardError, status: int, request_id: str
) -> PaymentError:
    code, parameter = _word(error.code), _word(error.param)
    if status == 404 or code == "resource_missing":
        return PaymentNotFound(
            "Stripe knows nothing under this name. Check that the key belongs to the right account.",
            request_id=request_id,
        )
    named = ", ".join(filter(None, (code, parameter))) or f"status {status}"
    return PaymentRefused(
        f"Stripe refused what was asked for ({named}).", code=code, request_id=request_id
    )


def _advice(error: stripe.StripeError) -> str:
    if isinstance(error, stripe.AuthenticationError):
        return (
            "Stripe does not accept the secret key; it was rolled or revoked. "
            "Put the current one in the settings."
        )
    lacking = ", ".join(sorted(set(_PERMISSION.findall(error.user_message or ""))))
    return (
        f"The secret key may not do this at Stripe{f'; it lacks {lacking}' if lacking else ''}. "
        "Give it the permissions that the documentation lists."
    )


def _unavailable(error: stripe.StripeError, status: int) -> str:
    if isinstance(error, stripe.APIConnectionError):
        what = _word(error.user_message) or "no answer"
    else:
        what = f"status {status}" if status else "not understood"
    return f"Stripe did not answer as it should ({what}). Try again in a minute."


def _was_stored(error: stripe.StripeError) -> bool:
    """Stripe keeps the answer to a request that it began to execute, failures included."""
    return (error.headers or {}).get("idempotent-replayed") == "true"


def _pause(headers: Mapping[str, str]) -> float:
    told = headers.get("retry-after", "")
    seconds = float(told) if told.isascii() and told.isdigit() else PAUSE
    return min(max(seconds, 1.0), LONGEST_PAUSE)


def _word(text: str | None) -> str:
    """A code or a name; empty where it is anything longer."""
    return text if text and _WORD.fullmatch(text) else ""
