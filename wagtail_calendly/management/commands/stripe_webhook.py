"""manage.py stripe_webhook: creates, checks, repairs and deletes the webhook endpoint at Stripe."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_calendly import conf
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.bookings.payment_endpoint import Found
from wagtail_calendly.bookings.subscriptions import ACTIVE, DISABLED, MISSING, OUTDATED
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.payments import PaymentError

SETTING = f'{conf.SETTING}["PAYMENTS"]["WEBHOOK_SECRETS"]'
SAID = {
    ACTIVE: "Stripe delivers here.",
    DISABLED: "The endpoint is switched off at Stripe. Run: stripe_webhook repair",
    OUTDATED: "The endpoint has other events, or another API version. Run: stripe_webhook repair",
    MISSING: "Stripe does not deliver here. Run: stripe_webhook create",
}


class Command(BaseCommand):
    """Fails when, at the end, Stripe does not deliver here; so that cron and scripts can rely on it."""

    help = "Creates, checks, repairs or deletes the webhook endpoint at Stripe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("action", choices=["create", "check", "repair", "delete"])
        parser.add_argument(
            "--url",
            default="",
            help="this site's public origin, such as https://example.org; "
            "left out: WAGTAILADMIN_BASE_URL, else the default site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act: Callable[..., None] = getattr(self, f"_{options['action']}")
        try:
            act(base=options["url"])
        except (PaymentError, NotConfigured) as error:
            raise CommandError(str(error)) from None

    def _create(self, *, base: str) -> None:
        self._tell(payment_endpoint.create(base=base))

    def _check(self, *, base: str) -> None:
        self._tell(payment_endpoint.check(base=base))

    def _repair(self, *, base: str) -> None:
        self._tell(payment_endpoint.repair(base=base))

    def _delete(self, *, base: str) -> None:
        deleted = payment_endpoint.delete(base=base)
        self.stdout.write(f"Deleted: {deleted}. Stripe does not deliver here any more.")

    def _tell(self, found: Found) -> None:
        self.stdout.write(f"{found.state}  {_shown(found.url)}")
        if found.others:
            self.stdout.write(
                f"Others that lead here: {len(found.others)}. "
                "Once the secret is in the settings, run: stripe_webhook repair"
            )
        if not found.is_well:
            raise CommandError(SAID[found.state])
        if found.endpoint and found.endpoint.secret:
            self._hand_over(found.endpoint.secret)
        elif not payment_endpoint.secrets():
            raise CommandError(
                f"{SETTING} is empty, so that what Stripe delivers is refused. "
                "Copy the signing secret from Stripe's dashboard."
            )
        self.stdout.write(self.style.SUCCESS(SAID[ACTIVE]))

    def _hand_over(self, secret: str) -> None:
        self.stdout.write(f"Signing secret, shown only this once: {secret}")
        self.stdout.write(f"Put it in {SETTING}, in front of any other.")


def _shown(url: str) -> str:
    """The address without its unguessable end."""
    start, segment, _slash = url.rsplit("/", 2)
    return f"{start}/{segment[:4]}…/"
