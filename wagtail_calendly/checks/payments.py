"""System checks of payments: what is missing, mixed up or dangerous in `PAYMENTS`, and priced sessions without it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.db import Error as AnyDatabaseError
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.payments import mode_of
from wagtail_calendly.payments.keys import is_publishable


def check_payments(**kwargs: Any) -> list[CheckMessage]:
    """`PAYMENTS` in the settings. Without a key there is nothing to be wrong. Messages never repeat a value."""
    try:
        payments = conf.load().payments
    except conf.InvalidSettings:
        return []  # reported by check_settings
    if not payments.is_configured:
        return []
    return [message for check in _CHECKS for message in check(payments)]


def check_offers(*, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Sessions with a price that nobody can book. Asks the database, so only where Django is told to."""
    if not databases or _is_ready():
        return []
    from wagtail_calendly.snippets.models import SessionType

    try:
        count = SessionType.objects.filter(live=True, price__gt=0).count()
    except AnyDatabaseError:
        return []  # not migrated yet
    if not count:
        return []
    return [
        Caution(
            _(
                "%(count)s session types have a price, and cannot be booked: payments are not set up."
            )
            % {"count": count},
            hint=_("Set %(setting)s, or make the sessions free.")
            % {"setting": f'{conf.SETTING}["PAYMENTS"]'},
            id="wagtail_calendly.W008",
        )
    ]


def _is_ready() -> bool:
    try:
        return conf.load().payments.is_ready
    except conf.InvalidSettings:
        return True  # reported by check_settings


def _extra(payments: conf.Payments) -> Iterator[CheckMessage]:
    if payments.lacks_sdk:
        yield Error(
            _("Payments are set up, and Stripe's library is not installed."),
            hint="pip install wagtail-calendly[stripe]",
            id="wagtail_calendly.E005",
        )


def _key(payments: conf.Payments) -> Iterator[CheckMessage]:
    key = payments.secret_key.get_secret_value()
    if payments.provider != conf.STRIPE_CHECKOUT or mode_of(key):
        return
    yield Error(
        _("The SECRET_KEY of PAYMENTS is the publishable key, which is meant for browsers.")
        if is_publishable(key)
        else _("The SECRET_KEY of PAYMENTS is not a secret key of Stripe."),
        hint=_(
            "Use one that begins with rk_live_ or sk_live_; in development rk_test_ or sk_test_."
        ),
        id="wagtail_calendly.E006",
    )


def _secrets(payments: conf.Payments) -> Iterator[CheckMessage]:
    if not any(secret.get_secret_value().strip() for secret in payments.webhook_secrets):
        yield Caution(
            _("PAYMENTS has no WEBHOOK_SECRETS: payments are seen late, by polling."),
            hint=_("Run: manage.py stripe_webhook create"),
            id="wagtail_calendly.W006",
        )


def _addresses(payments: conf.Payments) -> Iterator[CheckMessage]:
    if settings.DEBUG:
        return
    if payments.base_url != conf.STRIPE_API:
        yield Error(
            _("PAYMENTS sends its key to another server than Stripe's."),
            hint=_("Remove BASE_URL; it is for the simulator, in development."),
            id="wagtail_calendly.E007",
        )
    if any(not origin.startswith("https://") for origin in payments.checkout_origins):
        yield Error(
            _("PAYMENTS sends payers to a page that is not encrypted."),
            hint=_("In CHECKOUT_ORIGINS, name only Stripe's page and https:// domains of yours."),
            id="wagtail_calendly.E007",
        )


def _mode(payments: conf.Payments) -> Iterator[CheckMessage]:
    mode = mode_of(payments.secret_key.get_secret_value())
    if mode == "live" and settings.DEBUG:
        yield Caution(
            _("DEBUG is on, and the key of PAYMENTS moves real money."),
            hint=_("In development, use a key that begins with rk_test_ or sk_test_."),
            id="wagtail_calendly.W007",
        )
    if mode == "test" and not settings.DEBUG:
        yield Caution(
            _("The key of PAYMENTS is for tests: nobody is charged, and sessions are given away."),
            hint=_(
                "On the site that visitors use, set a key that begins with rk_live_ or sk_live_."
            ),
            id="wagtail_calendly.W010",
        )


def _logger(payments: conf.Payments) -> Iterator[CheckMessage]:
    is_loud = logging.getLogger("stripe").isEnabledFor(logging.DEBUG)
    if is_loud or os.environ.get("STRIPE_LOG") == "debug":
        yield Caution(
            _("Stripe's library writes everything it sends to the log, e-mail addresses included."),
            hint=_("Set the level of the logger “stripe” to WARNING, and do not set STRIPE_LOG."),
            id="wagtail_calendly.W009",
        )


_CHECKS: tuple[Callable[[conf.Payments], Iterator[CheckMessage]], ...] = (
    _extra,
    _key,
    _secrets,
    _addresses,
    _mode,
    _logger,
)
