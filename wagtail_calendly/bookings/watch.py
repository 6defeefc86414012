"""Watches over the webhook subscription: what Calendly has given up is made anew, without anybody asking."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.db.models import Q

from wagtail_calendly import accounts
from wagtail_calendly.bookings import health, subscriptions
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import (
    CalendlyNotFound,
    CalendlyPermissionError,
    WebhookSubscription,
)

logger = logging.getLogger(__name__)


def watch(alias: str) -> None:
    """Ask how the subscription stands that is known of, and make it anew where Calendly has disabled it.

    One that somebody deleted is reported, not undone; one that leads to another site, because the
    database was copied, is left alone. Raises a `CalendlyError` or `NotConfigured`, but not for missing
    permissions: without webhooks, bookings still come by polling.
    """
    known = health.connection(alias).subscription_uri
    if not known:
        return
    try:
        subscription = accounts.calendly(alias).webhook_subscription(known)
        base = _base(alias, subscription)
        if base and not subscription.is_active:
            _report(alias, subscriptions.DISABLED)
            subscriptions.repair(alias, base=base)
    except CalendlyNotFound:
        _report(alias, subscriptions.MISSING)
    except CalendlyPermissionError as error:
        logger.warning("The webhook subscription of “%s” cannot be looked after: %s", alias, error)


def _report(alias: str, state: str) -> None:
    """Calendly delivers no more. Logged once."""
    rows = Connection.objects.filter(~Q(subscription_state=state), account=alias)
    if rows.update(subscription_state=state):
        logger.error("Calendly delivers no webhooks any more for “%s”: %s.", alias, state)


def _base(alias: str, subscription: WebhookSubscription) -> str:
    """The origin of a subscription that leads to an address of this account, else nothing."""
    parts = urlsplit(subscription.callback_url)
    ours = {subscriptions.path(alias, segment) for segment in subscriptions.segments(alias)}
    return f"{parts.scheme}://{parts.netloc}" if parts.path in ours else ""
