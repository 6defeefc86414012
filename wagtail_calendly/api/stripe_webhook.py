"""Stripe's webhook: whose path it is, whether Stripe signed what came, and whether its money is of our kind."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from wagtail_calendly import accounts, conf
from wagtail_calendly.api.webhooks import Refused, WebhookView
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.bookings.models import WebhookDelivery
from wagtail_calendly.payments import InvalidPaymentSignature


class StripeWebhook(WebhookView):
    """https://docs.stripe.com/webhooks"""

    sender = WebhookDelivery.Sender.STRIPE
    signature_header = "Stripe-Signature"

    def is_known(self, alias: str, segment: str) -> bool:
        if not (conf.load().payments.is_ready and payment_endpoint.secrets()):
            return False
        return any(constant_time_compare(segment, one) for one in payment_endpoint.segments())

    def verify(self, alias: str, header: str, body: bytes) -> None:
        provider = accounts.payments()
        try:
            hint = provider.hint(
                body,
                header,
                secrets=payment_endpoint.secrets(),
                tolerance=conf.load().webhook_tolerance,
                now=timezone.now(),
            )
        except InvalidPaymentSignature as error:
            raise Refused(400, f"signature {error.reason}") from None
        if hint.mode != provider.mode:
            # Nothing is wrong with it; sent again, it would be of no more use.
            raise Refused(200, f"of {hint.mode} mode, and the key is of {provider.mode} mode")

    def event(self, said: dict[str, Any]) -> object:
        return said.get("type")
