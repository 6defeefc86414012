"""manage.py calendly_webhooks: creates, lists, checks, repairs and deletes the subscription at Calendly."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.subscriptions import Found
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.exceptions import NotConfigured

SAID = {
    subscriptions.ACTIVE: "Calendly delivers here.",
    subscriptions.DISABLED: "Calendly has given up delivering here. Run: calendly_webhooks repair",
    subscriptions.OUTDATED: "Some events are not subscribed to. Run: calendly_webhooks repair",
    subscriptions.MISSING: "Calendly does not deliver here. Run: calendly_webhooks create",
}


class Command(BaseCommand):
    """Fails when, at the end, Calendly does not deliver here; so that cron and scripts can rely on it."""

    help = "Creates, lists, checks, repairs or deletes the webhook subscription at Calendly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("action", choices=["create", "list", "check", "repair", "delete"])
        parser.add_argument("--account", default="default", help="alias in the settings")
        parser.add_argument(
            "--url",
            default="",
            help="this site's public origin, such as https://example.org; "
            "left out: WAGTAILADMIN_BASE_URL, else the default site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act: Callable[..., None] = getattr(self, f"_{options['action']}")
        try:
            act(options["account"], base=options["url"])
        except (CalendlyError, NotConfigured) as error:
            raise CommandError(str(error)) from None

    def _create(self, alias: str, *, base: str) -> None:
        self._tell(subscriptions.create(alias, base=base))

    def _check(self, alias: str, *, base: str) -> None:
        self._tell(subscriptions.check(alias, base=base))

    def _repair(self, alias: str, *, base: str) -> None:
        self._tell(subscriptions.repair(alias, base=base))

    def _delete(self, alias: str, *, base: str) -> None:
        deleted = subscriptions.delete(alias, base=base)
        self.stdout.write(f"Deleted: {deleted}. Calendly does not deliver here any more.")

    def _list(self, alias: str, *, base: str) -> None:
        found = subscriptions.check(alias, base=base)
        for one in [*([found.subscription] if found.subscription else []), *found.others]:
            mark = "*" if one is found.subscription else " "
            self.stdout.write(f"{mark} {one.state}  {one.scope}  {_shown(one.callback_url)}")
        if not (found.subscription or found.others):
            self.stdout.write("None that lead here.")

    def _tell(self, found: Found) -> None:
        self.stdout.write(f"{found.state}  {_shown(found.url)}")
        if found.others:
            self.stdout.write(
                f"Others that lead here: {len(found.others)}. Run: calendly_webhooks repair"
            )
        if found.is_failing:
            self.stdout.write(
                "Deliveries fail at present; Calendly gives up after 24 hours. "
                "Look for refusals in the log."
            )
        if not found.is_well:
            raise CommandError(SAID[found.state])
        self.stdout.write(self.style.SUCCESS(SAID[found.state]))


def _shown(url: str) -> str:
    """The address without its unguessable end."""
    start, segment, _slash = url.rsplit("/", 2)
    return f"{start}/{segment[:4]}…/"
