"""Starts the demo: a simulated Calendly and Stripe, the site, and the worker beside them. Ctrl-C stops all."""

from __future__ import annotations

import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from wagtail.models import Site

from demo import seed
from demo.processes import DidNotStart, Processes, free_port
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.payments import API_VERSION, EVENTS

MANAGE = str(Path(settings.ROOT) / "manage.py")

READY = """
  The site          {site}/
  Wagtail's admin   {site}/admin/   (user admin, password admin)
  Calendly and Stripe, played
                    {simulator}/control/

  Unpaid times are held for {hold} seconds here. Mails are files in {mails}.
  Logs are in {logs}. Ctrl-C stops everything; your data stays for the next time.
"""


class Command(BaseCommand):
    help = __doc__
    # The checks that matter run in the site's own process.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        logs = Path(settings.VAR) / "demo-logs"
        logs.mkdir(exist_ok=True)
        try:
            begin_anew_where_ports_are_taken()
            with Processes(logs) as processes:
                self.set_up(processes)
                self.say(self.ready(logs))
                processes.wait()
        except DidNotStart as failure:
            raise CommandError(str(failure)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def set_up(self, processes: Processes) -> None:
        site, simulator = settings.SITE_PORT, settings.SIMULATOR_PORT
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0)
        self.say("Starting the simulated Calendly and Stripe …")
        play = ("-m", "wagtail_calendly.simulator", "--port", str(simulator))
        processes.start("simulator", *play, port=simulator)
        self.say("Reading its event types …")
        call_command("sync_event_types", stdout=StringIO())
        if seed.is_empty():
            self.say("Writing pages and drawing pictures, only this once …")
            seed.fill()
        Site.objects.filter(is_default_site=True).update(hostname="localhost", port=site)
        self.say("Starting the site …")
        processes.start("site", MANAGE, "runserver", "--noreload", f"127.0.0.1:{site}", port=site)
        call_command("calendly_webhooks", "create", stdout=StringIO())
        self.subscribe_to_payments()
        processes.start("worker", MANAGE, "calendly_work", "--loop")

    def subscribe_to_payments(self) -> None:
        """As `stripe_webhook create` would, but with the secret that the settings hold already."""
        told = httpx.post(
            f"{settings.SIMULATOR_ADDRESS}/control/stripe/endpoint",
            json={
                "url": payment_endpoint.address(),
                "secret": settings.WAGTAIL_CALENDLY["PAYMENTS"]["WEBHOOK_SECRETS"][0],
                "enabled_events": list(EVENTS),
                "api_version": API_VERSION,
            },
            trust_env=False,
        )
        if not told.is_success:
            raise DidNotStart(f"Stripe, played, takes no endpoint: {told.text}")

    def ready(self, logs: Path) -> str:
        return READY.format(
            site=settings.SITE_ADDRESS,
            simulator=settings.SIMULATOR_ADDRESS,
            logs=logs,
            mails=settings.EMAIL_FILE_PATH,
            hold=settings.WAGTAIL_CALENDLY["HOLD_SECONDS"],
        )

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def begin_anew_where_ports_are_taken() -> None:
    """As the same command with free ones: settings are read once."""
    site = free_port(settings.SITE_PORT)
    simulator = free_port(settings.SIMULATOR_PORT, taken=frozenset({site}))
    if (site, simulator) != (settings.SITE_PORT, settings.SIMULATOR_PORT):
        ports = {"DEMO_SITE_PORT": str(site), "DEMO_SIMULATOR_PORT": str(simulator)}
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ports)  # noqa: S606
