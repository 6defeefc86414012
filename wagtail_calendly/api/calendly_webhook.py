"""Calendly's webhook: whose path it is, and whether Calendly signed what came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from wagtail_calendly import conf
from wagtail_calendly.api.webhooks import Refused, WebhookView
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.models import WebhookDelivery
from wagtail_calendly.calendly import InvalidSignature, verify_signature
from wagtail_calendly.calendly.webhooks import SIGNATURE_HEADER


class CalendlyWebhook(WebhookView):
    """https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures"""

    sender = WebhookDelivery.Sender.CALENDLY
    signature_header = SIGNATURE_HEADER

    def is_known(self, alias: str, segment: str) -> bool:
        return any(constant_time_compare(segment, one) for one in subscriptions.segments(alias))

    def verify(self, alias: str, header: str, body: bytes) -> None:
        try:
            verify_signature(
                header,
                body,
                subscriptions.signing_keys(alias),
                tolerance=timedelta(seconds=conf.load().webhook_tolerance),
                now=timezone.now(),
            )
        except InvalidSignature as error:
            raise Refused(400, f"signature {error.reason}") from None

    def event(self, said: dict[str, Any]) -> object:
        return said.get("event")
