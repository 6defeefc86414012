"""The only reader of `settings.WAGTAIL_CALENDLY`: validated on access, with a default for everything."""

from __future__ import annotations

import copy
import functools
import importlib.util
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

SETTING = "WAGTAIL_CALENDLY"
CALENDLY_API = "https://api.calendly.com"
CALENDLY_BOOKING_ORIGIN = "https://calendly.com"
STRIPE_API = "https://api.stripe.com"
STRIPE_CHECKOUT = "wagtail_calendly.payments.StripeCheckout"
STRIPE_CHECKOUT_ORIGIN = "https://checkout.stripe.com"

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.\-]+(:\d+)?$")]
Seconds = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    """Keys are written in capitals, as Django settings are; unknown keys are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=str.upper,
        hide_input_in_errors=True,
        defer_build=True,
    )


class Account(_Section):
    """One Calendly account: whose token acts, and how far it reaches."""

    token: SecretStr = SecretStr("")
    webhook_signing_keys: list[SecretStr] = []
    scope: Literal["organization", "user"] = "user"
    base_url: Origin = CALENDLY_API
    booking_origins: list[Origin] = [CALENDLY_BOOKING_ORIGIN]
    request_timeout: Seconds = 10

    @property
    def is_configured(self) -> bool:
        return bool(self.token.get_secret_value())


class Payments(_Section):
    """The payment provider. Absent, or without a key: free sessions only."""

    provider: str = STRIPE_CHECKOUT
    secret_key: SecretStr = SecretStr("")
    webhook_secrets: list[SecretStr] = []
    base_url: Origin = STRIPE_API
    #: Where payers may be sent: Stripe's own page, or a custom domain of the account.
    checkout_origins: list[Origin] = [STRIPE_CHECKOUT_ORIGIN]
    request_timeout: Seconds = 10

    @property
    def is_configured(self) -> bool:
        return bool(self.secret_key.get_secret_value())

    @property
    def lacks_sdk(self) -> bool:
        """Whether the extra `[stripe]` is needed and not installed. Loads nothing."""
        return self.provider == STRIPE_CHECKOUT and not _is_installed("stripe")

    @property
    def is_ready(self) -> bool:
        """Whether payments can be taken, so that sessions with a price may be offered. Loads nothing."""
        return self.is_configured and not self.lacks_sdk


@functools.cache
def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


class Configuration(_Section):
    """All of `settings.WAGTAIL_CALENDLY`. `docs/settings.md` has one row for each key."""

    accounts: dict[str, Account] = {}
    payments: Payments = Payments()

    webhook_tolerance: Seconds = 300
    unlinked_appointments: Literal["keep", "ignore"] = "keep"
    single_use_links: bool = False
    tracking_parameters: list[str] = ["utm_source", "utm_medium", "utm_campaign", "utm_term"]

    visitor_posts_per_minute: Annotated[int, Field(ge=1)] = 20
    account_links_per_minute: Annotated[int, Field(ge=1)] = 30
    account_lookups_per_minute: Annotated[int, Field(ge=1)] = 60
    account_checkouts_per_minute: Annotated[int, Field(ge=1)] = 60
    trusted_proxies: Annotated[int, Field(ge=0)] = 0

    #: For demonstrations only: slots are held for so many seconds, whatever session types say.
    hold_seconds: Seconds | None = None
    debit_days: Days = 14

    effect_tries: Annotated[int, Field(ge=1)] = 8
    delivery_tries: Annotated[int, Field(ge=1)] = 8
    delivery_retention: Days = 30
    #: How long after the session personal data are kept; None: until somebody erases them.
    retention_days: Days | None = None
    poll_interval: Seconds = 300
    poll_days_back: Days = 7
    poll_days_ahead: Days = 90
    sync_interval: Seconds = 3600

    load_htmx: bool = True
    api_docs: bool = True
    health_token: SecretStr = SecretStr("")

    def account(self, alias: str) -> Account:
        """The account of this alias; one that is absent counts as not configured."""
        return self.accounts.get(alias, Account())


class InvalidSettings(ImproperlyConfigured):
    """`settings.WAGTAIL_CALENDLY` does not fit; `problems` says where and why, without any value."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(
            f"settings.{SETTING} is not valid: "
            + "; ".join(f"{where}: {what}" for where, what in problems)
        )


_parsed: tuple[dict[str, Any], Configuration] | None = None


def load() -> Configuration:
    """The settings as they are now; parsed again only when they changed.

    Raises `InvalidSettings`. The system checks report the same problems with hints.
    """
    global _parsed
    if _parsed is None or _parsed[0] != _raw():
        _parsed = (copy.deepcopy(_raw()), parse(_raw()))
    return _parsed[1]


def parse(raw: Any) -> Configuration:
    """Validate a settings dict. Raises `InvalidSettings`; secrets never appear in its text."""
    try:
        return Configuration.model_validate(raw)
    except ValidationError as error:
        problems = [
            (".".join(str(part) for part in item["loc"]) or SETTING, item["msg"])
            for item in error.errors(include_input=False, include_url=False)
        ]
    # Django's debug page shows the variables of every frame that an error passed.
    raw = None
    raise InvalidSettings(problems)


def _raw() -> Any:
    return getattr(settings, SETTING, None) or {}
