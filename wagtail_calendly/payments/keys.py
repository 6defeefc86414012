"""What a Stripe key tells of itself: whether it is secret, and whether its money is real."""

from __future__ import annotations

import re

from wagtail_calendly.payments.provider import Mode

#: Secret and restricted keys. https://docs.stripe.com/keys
_SECRET = re.compile(r"(?:sk|rk)_(test|live)_[A-Za-z0-9_]+")


def mode_of(secret_key: str) -> Mode | None:
    """The mode of a secret or restricted key; None for anything else, such as a publishable key."""
    match = _SECRET.fullmatch(secret_key)
    if match is None:
        return None
    return "live" if match[1] == "live" else "test"


def is_publishable(key: str) -> bool:
    """Whether this is the key that is meant for browsers."""
    return key.startswith("pk_")
