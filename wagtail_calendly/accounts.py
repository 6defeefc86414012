"""Alias → Calendly client: the only room that builds them."""

from __future__ import annotations

from threading import Lock

from wagtail_calendly import conf
from wagtail_calendly.calendly import CalendlyClient, RateBudget
from wagtail_calendly.exceptions import NotConfigured

_building = Lock()
_clients: dict[str, tuple[tuple[str, str, float], CalendlyClient]] = {}


def calendly(alias: str = "default") -> CalendlyClient:
    """The client of an account; one connection pool and one rate budget per account and process.

    Raises `NotConfigured` when the account has no token.
    """
    account = conf.load().account(alias)
    if not account.is_configured:
        raise NotConfigured(f"The Calendly account “{alias}” has no token.")
    settings = (
        account.token.get_secret_value(),
        account.base_url,
        float(account.request_timeout),
    )
    # Two threads must not build one each, with a budget of its own.
    with _building:
        known = _clients.get(alias)
        if known is None or known[0] != settings:
            if known is not None:
                known[1].close()
            known = _clients[alias] = (settings, _build(*settings))
        return known[1]


def close() -> None:
    """Close all clients; whoever asks next gets a new one."""
    with _building:
        for _settings, client in _clients.values():
            client.close()
        _clients.clear()


def _build(token: str, base_url: str, timeout: float) -> CalendlyClient:
    return CalendlyClient(token, base_url=base_url, timeout=timeout, budget=RateBudget())
