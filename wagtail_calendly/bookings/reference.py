"""References: signed lookup keys, minted without a row, that travel through Calendly and Stripe."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_calendly.exceptions import InvalidReference

_SALT = "wagtail_calendly.bookings.reference"
#: Terms, site, page (0 = none), minute of minting since the epoch.
_FIELDS = struct.Struct(">IIII")
_RANDOM_BYTES = 12
_MAC_BYTES = 11
#: A multiple of three, so that the text has no padding and just one spelling.
_LENGTH = _FIELDS.size + _RANDOM_BYTES + _MAC_BYTES


@dataclass(frozen=True)
class Reference:
    """What a reference says. It finds a booking; it proves nothing about who holds it."""

    text: str
    terms_id: int
    site_id: int
    page_id: int | None
    minted_at: datetime

    def __str__(self) -> str:
        return self.text


def mint(
    *, terms_id: int, site_id: int, page_id: int | None = None, now: datetime | None = None
) -> Reference:
    """A new reference of 52 characters from `[A-Za-z0-9_-]`; nothing is stored."""
    minute = int((now or timezone.now()).timestamp()) // 60
    body = _FIELDS.pack(terms_id, site_id, page_id or 0, minute)
    body += secrets.token_bytes(_RANDOM_BYTES)
    return read(base64.urlsafe_b64encode(body + _mac(body, settings.SECRET_KEY)).decode())


def read(text: str) -> Reference:
    """What this text says. Raises `InvalidReference` for anything that we did not mint."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise InvalidReference("This is not a reference.") from None
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if len(raw) != _LENGTH or not any(hmac.compare_digest(mac, good) for good in _macs(body)):
        raise InvalidReference("This is not a reference.")
    terms_id, site_id, page_id, minute = _FIELDS.unpack(body[: _FIELDS.size])
    return Reference(
        text=text,
        terms_id=terms_id,
        site_id=site_id,
        page_id=page_id or None,
        minted_at=datetime.fromtimestamp(minute * 60, UTC),
    )


def _macs(body: bytes) -> Iterator[bytes]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _mac(body, key)


def _mac(body: bytes, key: str | bytes) -> bytes:
    return salted_hmac(_SALT, body, secret=key, algorithm="sha256").digest()[:_MAC_BYTES]
