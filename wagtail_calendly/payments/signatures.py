"""Whether Stripe signed a webhook, just now. https://docs.stripe.com/webhooks#verify-manually"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import stripe

from wagtail_calendly.payments.errors import InvalidPaymentSignature

LONGEST_HEADER = 1024

_TIMESTAMP = re.compile(r"[0-9]{1,10}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def verify(
    body: bytes, header: str, secrets: Iterable[str], *, tolerance: timedelta, now: datetime
) -> datetime:
    """The moment of signing, once the header fits the raw body under one of the secrets.

    The SDK compares digests, and no more is left to it: it takes a tolerance of zero for none at all, accepts
    what comes from the future, and fails otherwise than it says for bytes that are not text.
    Raises `InvalidPaymentSignature`, and nothing else, whatever was sent.
    """
    usable = [secret for secret in secrets if secret.strip()]
    if not usable:
        raise InvalidPaymentSignature("no_key")
    signed_at = _signed_at(header)
    # All are tried, so that the time taken does not tell which came close.
    fits = [_fits(body, header, secret) for secret in usable]
    if not any(fits):
        raise InvalidPaymentSignature("mismatch")
    if signed_at < now - tolerance:
        raise InvalidPaymentSignature("too_old")
    if signed_at > now + tolerance:
        raise InvalidPaymentSignature("too_new")
    return signed_at


def _fits(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret, tolerance=None))
    except (stripe.SignatureVerificationError, AttributeError, TypeError, ValueError):
        return False


def _signed_at(header: str) -> datetime:
    """The timestamp of a header that has the form it should have."""
    if not header:
        raise InvalidPaymentSignature("missing")
    if len(header) > LONGEST_HEADER:
        raise InvalidPaymentSignature("malformed")
    pairs = [item.partition("=") for item in header.split(",")]
    timestamps = [value for name, _, value in pairs if name == "t"]
    digests = [value for name, _, value in pairs if name == "v1"]
    if len(timestamps) != 1 or not _TIMESTAMP.fullmatch(timestamps[0]):
        raise InvalidPaymentSignature("malformed")
    if not digests or not all(_DIGEST.fullmatch(digest) for digest in digests):
        raise InvalidPaymentSignature("malformed")
    return datetime.fromtimestamp(int(timestamps[0]), UTC)
