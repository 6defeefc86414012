"""What is known of an account's health: who it is, what stands in the way, when the worker was last seen."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import (
    CalendlyAuthenticationError,
    CalendlyClient,
    CalendlyPermissionError,
)
from wagtail_calendly.exceptions import (
    NotConfigured,
    OtherInstallation,
    OtherMode,
    PaymentsNotConfigured,
)
from wagtail_calendly.payments import PaymentAuthenticationError, PaymentError

logger = logging.getLogger(__name__)

#: Errors that concern the whole account: nothing else will work until somebody mends it.
TROUBLE = (
    CalendlyAuthenticationError,
    CalendlyPermissionError,
    PaymentAuthenticationError,
    NotConfigured,
    OtherInstallation,
)
#: Long ago: the clock looks at once at what nobody has looked at yet.
NEVER_LOOKED = datetime(1970, 1, 1, tzinfo=UTC)
#: The connection of the payment provider, beside the aliases of Calendly's accounts.
PAYMENTS = "stripe"


class Owner(NamedTuple):
    """Whose token an account uses, and the organization they belong to."""

    user_uri: str
    organization_uri: str


def owner(alias: str = "default", *, client: CalendlyClient | None = None) -> Owner:
    """The owner of the account's token; asked of Calendly once and kept.

    Raises a `CalendlyError`, or `NotConfigured` for an account without a token.
    """
    known = connection(alias)
    if known.user_uri:
        return Owner(known.user_uri, known.organization_uri)
    user = (client or accounts.calendly(alias)).current_user()
    Connection.objects.filter(account=alias).update(
        user_uri=user.uri, organization_uri=user.current_organization
    )
    return Owner(user.uri, user.current_organization)


class Scope(NamedTuple):
    """How far an account reaches, as Calendly's lists want it: one of the two."""

    user: str | None
    organization: str | None


def scope(alias: str, *, client: CalendlyClient | None = None) -> Scope:
    """The account's organization or its user, by setting. Raises as `owner` does."""
    found = owner(alias, client=client)
    if conf.load().account(alias).scope == "organization":
        return Scope(None, found.organization_uri)
    return Scope(found.user_uri, None)


def connection(alias: str) -> Connection:
    """The row of an account, made when it is first asked for."""
    known = Connection.objects.filter(account=alias).first()
    if known:
        return known
    made = Connection(account=alias, examine_turn_at=NEVER_LOOKED)
    Connection.objects.bulk_create([made], ignore_conflicts=True)
    return Connection.objects.get(account=alias)


def problem(alias: str, error: Exception) -> None:
    """The account does not work. Logged once, however many calls meet it; work stays queued.

    The owner is forgotten, because the token that mends it may be someone else's.
    """
    text = str(error)[:255]
    connection(alias)
    rows = Connection.objects.filter(~Q(problem=text), account=alias)
    if rows.update(problem=text, user_uri="", organization_uri="", checked_at=timezone.now()):
        logger.error("The account “%s” does not work: %s", alias, text)


def is_of_payments(error: Exception) -> bool:
    """Whether it is the payment provider that does not do what was asked."""
    return isinstance(error, (PaymentError, PaymentsNotConfigured, OtherMode))


def well(alias: str) -> None:
    """The account works; what was wrong is over."""
    rows = Connection.objects.filter(~Q(problem=""), account=alias)
    if rows.update(problem="", checked_at=timezone.now()):
        logger.info("The account “%s” works again.", alias)


def worker_seen(now: datetime) -> None:
    """`calendly_work` is running."""
    for alias in [*conf.load().accounts, *payment_accounts()]:
        connection(alias)
    Connection.objects.update(worker_seen_at=now)


def payment_accounts() -> list[str]:
    """The payment provider's account, where there is one that can be used."""
    return [PAYMENTS] if conf.load().payments.is_ready else []


def configured() -> list[str]:
    """The aliases of all accounts at Calendly that have a token."""
    return [alias for alias, account in conf.load().accounts.items() if account.is_configured]
