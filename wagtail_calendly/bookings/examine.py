"""Asks both vendors how an account stands, and keeps what they say on its `Connection`, for pages to read."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone

from wagtail_calendly import accounts
from wagtail_calendly.bookings import health, payment_endpoint, subscriptions
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import (
    CalendlyAuthenticationError,
    CalendlyClient,
    CalendlyError,
    CalendlyRateLimited,
    CalendlyUnavailable,
)
from wagtail_calendly.calendly.scopes import ENDPOINTS
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.payments import API_VERSION, PaymentError, PaymentUnavailable

logger = logging.getLogger(__name__)

#: What one account may take; somebody may be waiting for it.
SECONDS = 20.0
#: To see that the key is good, the events of the last minute are enough.
A_MINUTE = timedelta(minutes=1)
#: Without these, nothing that is asked next would be answered either.
OVER = (CalendlyAuthenticationError, CalendlyRateLimited, CalendlyUnavailable, NotConfigured)


def everything() -> None:
    """All accounts that are set up, one after the other."""
    for alias in [*health.configured(), *health.payment_accounts()]:
        one(alias)


def one(alias: str) -> None:
    """An account at Calendly by its alias, or the one at Stripe."""
    if alias == health.PAYMENTS:
        payments()
    else:
        account(alias)


def account(alias: str) -> None:
    """An account at Calendly. What Calendly does is kept and never raised.

    In the end `said` holds `name` (of the token's owner), `scopes`, `calls` (left, and allowed, a minute),
    `subscription`, what it `refused` to the plan, and, where Calendly could not be asked, `error`; then the rest
    is of earlier.
    """
    known = health.connection(alias).said
    try:
        client = accounts.calendly(alias).for_background().within(SECONDS)
        said = _owner(alias, client) | {"scopes": _scopes(alias, client)}
        said |= {"subscription": _subscription(alias)}
        said |= {"calls": [client.budget.remaining, client.budget.limit]}
    except (CalendlyError, NotConfigured) as error:
        _not_answered(alias, error)
        return
    if "missing" not in said["scopes"].values():
        health.well(alias)
    if "refused" in known and not said["subscription"].get("is_well"):
        said["refused"] = known["refused"]
    _keep(alias, said)


def payments() -> None:
    """The account at Stripe. `said` holds `mode`, `endpoint` and perhaps `error`, as above."""
    health.connection(health.PAYMENTS)
    try:
        provider = accounts.payments().within(SECONDS)
        for _hint in provider.hints(since=timezone.now() - A_MINUTE):
            break
        said = {"mode": provider.mode, "endpoint": _endpoint()}
    except (PaymentError, NotConfigured) as error:
        _not_answered(health.PAYMENTS, error)
        return
    health.well(health.PAYMENTS)
    _keep(health.PAYMENTS, said)


def _owner(alias: str, client: CalendlyClient) -> dict[str, Any]:
    """Whose the token is, asked anew: it may have been replaced by another's."""
    user = client.current_user()
    Connection.objects.filter(account=alias).update(
        user_uri=user.uri, organization_uri=user.current_organization
    )
    return {"name": user.name}


def _scopes(alias: str, client: CalendlyClient) -> dict[str, str]:
    reach = health.scope(alias, client=client)
    return {
        scope: client.standing(scope, user=reach.user, organization=reach.organization)
        for scope in ENDPOINTS
    }


def _subscription(alias: str) -> dict[str, Any]:
    """How it stands, for those who mend it. The address has an unguessable end and is not kept."""
    try:
        found = subscriptions.look(alias)
    except OVER[:3]:
        raise
    except (CalendlyError, NotConfigured) as error:
        return {"problem": str(error)}
    _note(alias, found.state, found.subscription.uri if found.subscription else "")
    failing = found.subscription.retry_started_at if found.subscription else None
    return {
        "is_well": found.is_well,
        "others": len(found.others),
        "elsewhere": list(found.elsewhere),
        "failing_since": failing.isoformat() if failing else "",
    }


def _endpoint() -> dict[str, Any]:
    try:
        found = payment_endpoint.look()
    except PaymentUnavailable:
        raise
    except (PaymentError, NotConfigured) as error:
        return {"problem": str(error)}
    _note(health.PAYMENTS, found.state, found.endpoint.id if found.endpoint else "")
    version = found.endpoint.api_version if found.endpoint else ""
    return {
        "others": len(found.others),
        "elsewhere": list(found.elsewhere),
        "lacks": list(found.lacks),
        "version": "" if version == API_VERSION else version or "?",
    }


def _note(alias: str, state: str, uri: str) -> None:
    """Keep the state of what delivers to us. That it delivers no more is logged once."""
    row = Connection.objects.filter(account=alias)
    well = subscriptions.ACTIVE
    if state != well and row.filter(subscription_state=well).exists():
        logger.error("Nothing is delivered any more for “%s”: %s.", alias, state)
    row.update(subscription_state=state, subscription_uri=uri)


def _not_answered(alias: str, error: Exception) -> None:
    if isinstance(error, health.TROUBLE):
        health.problem(alias, error)
    known = health.connection(alias).said
    _keep(alias, known | {"error": str(error)})


def _keep(alias: str, said: dict[str, Any]) -> None:
    Connection.objects.filter(account=alias).update(said=said, examined_at=timezone.now())
