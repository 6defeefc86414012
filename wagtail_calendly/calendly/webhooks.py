"""What Calendly delivers: the check of its signature, and the envelope.

https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from wagtail_calendly.calendly.parsing import parse, parse_json
from wagtail_calendly.calendly.schemas import EventType, Invitee
from wagtail_calendly.calendly.schemas.base import Moment, Schema

#: The request header that carries the signature.
SIGNATURE_HEADER = "Calendly-Webhook-Signature"

LONGEST_HEADER = 1024

_TIMESTAMP = re.compile(r"[0-9]{1,10}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class InvalidSignature(ValueError):
    """The delivery is not to be believed. `reason`: no_key, missing, malformed, mismatch, too_old, too_new."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The signature of the delivery was refused: {reason}.")
        self.reason = reason


def verify_signature(
    header: str | None,
    body: bytes,
    keys: Sequence[str],
    *,
    tolerance: timedelta,
    now: datetime,
) -> datetime:
    """The moment of signing, once the header fits the raw body under one of the keys.

    `header` is `t=<unix seconds>,v1=<hex>`, perhaps with several `v1`; `keys` are all that count at present,
    so that keys can be rotated. Raises `InvalidSignature`, and nothing else, whatever the header.
    """
    usable = [key for key in keys if key]
    if not usable:
        raise InvalidSignature("no_key")
    timestamp, given = _parse(header)
    expected = [_digest(body, key, timestamp) for key in usable]
    # All pairs are compared, so that the time taken does not tell which key or digest came close.
    matches = [hmac.compare_digest(one, other) for one in expected for other in given]
    if not any(matches):
        raise InvalidSignature("mismatch")
    signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    if signed_at < now - tolerance:
        raise InvalidSignature("too_old")
    if signed_at > now + tolerance:
        raise InvalidSignature("too_new")
    return signed_at


def sign(body: bytes, key: str, timestamp: int) -> str:
    """The header Calendly would send for this raw body, signed at `timestamp` (unix seconds)."""
    text = str(int(timestamp))
    return f"t={text},v1={_digest(body, key, text)}"


class WebhookEnvelope(Schema):
    """One delivery. There is no delivery id; `created_at` is when Calendly said it."""

    event: str
    created_at: Moment
    created_by: str = ""
    payload: dict[str, Any] = Field(default_factory=dict, repr=False)

    @classmethod
    def from_body(cls, body: bytes | str) -> WebhookEnvelope:
        """Read a raw body. Raises `CalendlyUnexpectedResponse` where it is no envelope."""
        return parse(cls, parse_json(body))

    def invitee(self) -> Invitee:
        """The payload of `invitee.*` and `invitee_no_show.*`, with its `scheduled_event` where it was sent.

        Raises `CalendlyUnexpectedResponse`, as does `event_type`.
        """
        return parse(Invitee, self.payload, observed_at=self.created_at)

    def event_type(self) -> EventType:
        """The payload of `event_type.*`; it comes without `description_html`."""
        return parse(EventType, self.payload, observed_at=self.created_at)


def _parse(header: str | None) -> tuple[str, list[str]]:
    """The timestamp and the digests of a header, in the form they have to be compared in."""
    if not header:
        raise InvalidSignature("missing")
    if len(header) > LONGEST_HEADER:
        raise InvalidSignature("malformed")
    pairs = [item.strip().partition("=") for item in header.split(",")]
    timestamps = [value for name, _, value in pairs if name == "t"]
    digests = [value for name, _, value in pairs if name == "v1" and _DIGEST.fullmatch(value)]
    if len(timestamps) != 1 or not _TIMESTAMP.fullmatch(timestamps[0]) or not digests:
        raise InvalidSignature("malformed")
    return timestamps[0], digests


def _digest(body: bytes, key: str, timestamp: str) -> str:
    signed = timestamp.encode() + b"." + body
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
