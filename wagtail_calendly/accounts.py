"""Alias → Calendly client: the only room that builds them."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from wagtail_calendly import conf
from wagtail_calendly.calendly import CalendlyClient, RateBudget
from wagtail_calendly.exceptions import NotConfigured

_building = Lock()


def calendly(alias: str = "default") -> CalendlyClient:
    """The client of an account; one connection pool and one rate budget per account and process.

    Raises `NotConfigured` when the account has no token.
    """
    account = conf.load().account(alias)
    if not account.is_configured:
        raise NotConfigured(f"The Calendly account “{alias}” has no token.")
    # The cache alone would let two threads build one each, with a budget of its own.
    with _building:
        return _client(
            alias,
            account.token.get_secret_value(),
            account.base_url,
            float(account.request_timeout),
        )


@lru_cache(maxsize=32)
def _client(alias: str, token: str, base_url: str, timeout: float) -> CalendlyClient:
    return CalendlyClient(token, base_url=base_url, timeout=timeout, budget=RateBudget())
