"""System checks: what is wrong or missing in the settings, each with a code and a hint.

wagtail_calendly.E001  a key of WAGTAIL_CALENDLY does not fit
wagtail_calendly.E002  BASE_URL is not Calendly's, and DEBUG is off
wagtail_calendly.E003  BOOKING_ORIGINS names others than Calendly, and DEBUG is off
wagtail_calendly.E004  a signing key is short enough to be guessed
wagtail_calendly.E005  payments are set up without the extra [stripe]
wagtail_calendly.E006  the key of PAYMENTS is not a secret key
wagtail_calendly.E007  PAYMENTS names servers that are not Stripe's, or not encrypted, and DEBUG is off
wagtail_calendly.W001  no account has a token
wagtail_calendly.W002  an account has no signing keys, so that its webhooks are refused
wagtail_calendly.W003  the package's URLs are not included
wagtail_calendly.W004  SQLite begins transactions in a mode in which writers fail instead of waiting
wagtail_calendly.W005  django_htmx, whose htmx the blocks load, is not installed
wagtail_calendly.W006  payments have no webhook secrets
wagtail_calendly.W007  a key for real money while DEBUG is on
wagtail_calendly.W008  session types have a price, and payments are not set up (with --database)
wagtail_calendly.W009  Stripe's library logs what it sends
wagtail_calendly.W010  a key for tests while DEBUG is off
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.checks.payments import check_offers, check_payments

#: Characters; Calendly's own examples use 32 random bytes and more.
SHORTEST_KEY = 24


def connect() -> None:
    """Register the checks; called when Django is ready."""
    register(check_settings, "wagtail_calendly")
    register(check_urls, "wagtail_calendly")
    register(check_databases, "wagtail_calendly")
    register(check_apps, "wagtail_calendly")
    register(check_payments, "wagtail_calendly")
    register(check_offers, Tags.database)


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """`settings.WAGTAIL_CALENDLY` and each account in it. Messages never repeat a value."""
    try:
        configuration = conf.load()
    except conf.InvalidSettings as error:
        return [_problem(where, what) for where, what in error.problems]
    accounts = configuration.accounts.items()
    if not any(account.is_configured for _name, account in accounts):
        return [_no_account()]
    return [
        message
        for alias, account in accounts
        if account.is_configured
        for check in _OF_ACCOUNT
        for message in check(alias, account)
    ]


def check_urls(**kwargs: Any) -> list[CheckMessage]:
    """Blocks link to the visitor's pages, and Calendly delivers to the webhook."""
    try:
        reverse("wagtail_calendly:api:csrf")
    except NoReverseMatch:
        return [
            Caution(
                _("The addresses of wagtail_calendly are not part of this site."),
                hint=_(
                    'Add path("calendly/", include("wagtail_calendly.urls")) to ROOT_URLCONF, before '
                    "Wagtail's own and outside i18n_patterns."
                ),
                id="wagtail_calendly.W003",
            )
        ]
    return []


def check_databases(**kwargs: Any) -> list[CheckMessage]:
    """Visitors, webhooks and the worker write at the same time."""
    return [
        Caution(
            _("The SQLite database “%(alias)s” lets writers fail with “database is locked”.")
            % {"alias": alias},
            hint=_('Set "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20} in DATABASES.'),
            id="wagtail_calendly.W004",
        )
        for alias, database in settings.DATABASES.items()
        if connections[alias].vendor == "sqlite"
        and database.get("OPTIONS", {}).get("transaction_mode", "").upper() != "IMMEDIATE"
    ]


def check_apps(**kwargs: Any) -> list[CheckMessage]:
    """Without htmx, choosing a session opens a page of its own instead of a panel in the block."""
    try:
        loads_htmx = conf.load().load_htmx
    except conf.InvalidSettings:
        return []  # reported by check_settings
    if not loads_htmx or apps.is_installed("django_htmx"):
        return []
    return [
        Caution(
            "htmx is not served by this site: sessions open on pages of their own.",
            hint=f'Add "django_htmx" to INSTALLED_APPS, or set {conf.SETTING}["LOAD_HTMX"] = False '
            "where the site loads htmx itself.",
            id="wagtail_calendly.W005",
        )
    ]


def _problem(where: str, what: str) -> CheckMessage:
    return Error(
        f"settings.{conf.SETTING}: {where}: {what}.",
        hint=_("The settings page of the documentation has one row for each key."),
        id="wagtail_calendly.E001",
    )


def _no_account() -> CheckMessage:
    return Caution(
        _("No Calendly account is connected: visitors can book nothing."),
        hint=_("Create a personal access token at Calendly and set %(setting)s.")
        % {
            "setting": f'{conf.SETTING} = {{"ACCOUNTS": '
            '{"default": {"TOKEN": …, "WEBHOOK_SIGNING_KEYS": […]}}}'
        },
        id="wagtail_calendly.W001",
    )


def _signing_keys(alias: str, account: conf.Account) -> Iterator[CheckMessage]:
    keys = [key.get_secret_value() for key in account.webhook_signing_keys]
    if not any(keys):
        yield Caution(
            _(
                "The account “%(alias)s” has no WEBHOOK_SIGNING_KEYS: bookings are seen late, by polling."
            )
            % {"alias": alias},
            hint=_(
                "Set one of at least 32 random characters, then run: manage.py calendly_webhooks create"
            ),
            id="wagtail_calendly.W002",
        )
    elif any(key and len(key) < SHORTEST_KEY for key in keys):
        yield Error(
            _("The account “%(alias)s” has a signing key that could be guessed.")
            % {"alias": alias},
            hint=_(
                "Put one of at least 32 random characters in front, run manage.py calendly_webhooks "
                "repair, then remove those of fewer than %(shortest)s."
            )
            % {"shortest": SHORTEST_KEY},
            id="wagtail_calendly.E004",
        )


def _base_url(alias: str, account: conf.Account) -> Iterator[CheckMessage]:
    if account.base_url != conf.CALENDLY_API and not settings.DEBUG:
        yield Error(
            _("The account “%(alias)s” sends its token to another server than Calendly's.")
            % {"alias": alias},
            hint=_("Remove BASE_URL; it is for the simulator, in development."),
            id="wagtail_calendly.E002",
        )


def _booking_origins(alias: str, account: conf.Account) -> Iterator[CheckMessage]:
    if set(account.booking_origins) != {conf.CALENDLY_BOOKING_ORIGIN} and not settings.DEBUG:
        yield Error(
            _("The account “%(alias)s” trusts frames that are not Calendly's.") % {"alias": alias},
            hint=_("Remove BOOKING_ORIGINS; it is for the simulator, in development."),
            id="wagtail_calendly.E003",
        )


_OF_ACCOUNT: tuple[Callable[[str, conf.Account], Iterator[CheckMessage]], ...] = (
    _signing_keys,
    _base_url,
    _booking_origins,
)
