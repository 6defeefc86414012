"""A test delivery: what Calendly offers as a sample goes through our own door, and books nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health, inbox, subscriptions
from wagtail_calendly.bookings.models import WebhookDelivery
from wagtail_calendly.calendly import sign, verify_signature
from wagtail_calendly.exceptions import NotConfigured

#: Seconds. Somebody is waiting.
SECONDS = 10.0
SAMPLE = "invitee.created"


@dataclass(frozen=True)
class Trial:
    """What came of it. `error` is empty where the sample was understood."""

    delivery: WebhookDelivery
    error: str = ""


def send(alias: str) -> Trial:
    """Fetch a sample, sign it as Calendly would, verify, store and read it; as the inbox does, but for booking.

    Whether Calendly itself reaches this site is not tried. Raises a `CalendlyError` or `NotConfigured`.
    """
    keys = subscriptions.signing_keys(alias)
    if not keys:
        raise NotConfigured(f"The Calendly account “{alias}” has no WEBHOOK_SIGNING_KEYS.")
    body, now = _sample(alias), timezone.now()
    tolerance = timedelta(seconds=conf.load().webhook_tolerance)
    header = sign(body, keys[0], int(now.timestamp()))
    verify_signature(header, body, keys, tolerance=tolerance, now=now)
    stored = inbox.accept(
        sender=WebhookDelivery.Sender.CALENDLY, account=alias, body=body, event=inbox.TEST
    )
    if stored is None:
        raise AssertionError("unreachable: each sample has its own time")
    worked = inbox.work_on(stored.pk)
    if worked.state == WebhookDelivery.State.IGNORED:
        return Trial(worked)
    # Nobody needs it tried again.
    WebhookDelivery.objects.filter(pk=stored.pk).delete()
    return Trial(worked, worked.error.partition(": ")[2])


def _sample(alias: str) -> bytes:
    """Named as a test, so that it would book nothing even if it were delivered."""
    found, scope = health.owner(alias), conf.load().account(alias).scope
    said = (
        accounts.calendly(alias)
        .within(SECONDS)
        .sample_webhook_data(
            event=SAMPLE,
            organization=found.organization_uri,
            scope=scope,
            user=found.user_uri if scope == "user" else None,
        )
    )
    now = timezone.now().isoformat()
    return json.dumps(said | {"event": inbox.TEST, "created_at": now}).encode()
