"""Alias → Calendly client, and the payment provider: the only room that builds them."""

from __future__ import annotations

from threading import Lock
from typing import Any

from django.utils.module_loading import import_string

from wagtail_calendly import conf
from wagtail_calendly.calendly import CalendlyClient, RateBudget
from wagtail_calendly.exceptions import NotConfigured, PaymentsNotConfigured
from wagtail_calendly.payments import PaymentError, PaymentProvider

_building = Lock()
_clients: dict[str, tuple[tuple[str, str, float], CalendlyClient]] = {}
_providers: dict[tuple[Any, ...], PaymentProvider] = {}


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


def payments() -> PaymentProvider:
    """The payment provider; one pool of connections per process.

    Raises `PaymentsNotConfigured` when there is no key or no usable one, or what the provider needs is not installed.
    """
    payments = conf.load().payments
    if not payments.is_configured:
        raise PaymentsNotConfigured(f"{conf.SETTING}[“PAYMENTS”] has no SECRET_KEY.")
    # The key stays wrapped, because tracebacks show variables.
    settings = (
        payments.provider,
        payments.secret_key,
        payments.base_url,
        payments.request_timeout,
    )
    with _building:
        if settings not in _providers:
            _close_providers()
            _providers[settings] = _build_provider(payments)
        return _providers[settings]


def close() -> None:
    """Close all clients; whoever asks next gets a new one."""
    with _building:
        for _settings, client in _clients.values():
            client.close()
        _clients.clear()
        _close_providers()


def _close_providers() -> None:
    for provider in _providers.values():
        provider.close()
    _providers.clear()


def _build_provider(payments: conf.Payments) -> PaymentProvider:
    try:
        build = import_string(payments.provider)
        provider: PaymentProvider = build(
            payments.secret_key.get_secret_value(),
            base_url=payments.base_url,
            timeout=float(payments.request_timeout),
        )
    except (ImportError, PaymentError) as error:
        reason = str(error)
    else:
        return provider
    raise PaymentsNotConfigured(f"Payments cannot be taken. {reason}")


def _build(token: str, base_url: str, timeout: float) -> CalendlyClient:
    return CalendlyClient(token, base_url=base_url, timeout=timeout, budget=RateBudget())
