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
  The site          http://localhost:{site}/
  Wagtail's admin   http://localhost:{site}/admin/   (user admin, password admin)
  Calendly and Stripe, played
                    http://127.0.0.1:{simulator}/control/

  Unpaid times are held for {hold} seconds here. Mails are files in {mails}.
  Logs are in {logs}. Ctrl-C stops everything; your data stays for the next time.
"""


class Command(BaseCommand):
    help = __doc__
    # The checks that matter run in the site's own process.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        site = free_port(settings.SITE_PORT)
        simulator = free_port(settings.SIMULATOR_PORT, taken=frozenset({site}))
        if (site, simulator) != (settings.SITE_PORT, settings.SIMULATOR_PORT):
            begin_anew(site, simulator)
        logs = Path(settings.VAR) / "demo-logs"
        logs.mkdir(exist_ok=True)
        try:
            with Processes(logs) as processes:
                self.set_up(processes, site, simulator)
                self.stdout.write(self.ready(site, simulator, logs))
                self.stdout.flush()
                processes.wait()
        except DidNotStart as failure:
            raise CommandError(str(failure)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def set_up(self, processes: Processes, site: int, simulator: int) -> None:
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0)
        self.say("Starting the simulated Calendly and Stripe …")
        processes.start(
            "simulator",
            "-m",
            "wagtail_calendly.simulator",
            "--port",
            str(simulator),
            port=simulator,
        )
        self.say("Reading its event types …")
        call_command("sync_event_types", stdout=StringIO())
        if seed.is_empty():
            self.say("Writing pages and drawing pictures, only this once …")
            seed.fill()
        Site.objects.filter(is_default_site=True).update(hostname="localhost", port=site)
        self.say("Starting the site …")
        processes.start("site", MANAGE, "runserver", "--noreload", f"127.0.0.1:{site}", port=site)
        address = f"http://localhost:{site}"
        call_command("calendly_webhooks", "create", url=address, stdout=StringIO())
        self.subscribe_to_payments(site, simulator)
        processes.start("worker", MANAGE, "calendly_work", "--loop")

    def subscribe_to_payments(self, site: int, simulator: int) -> None:
        """As `stripe_webhook create` would, but with the secret that the settings hold already."""
        told = httpx.post(
            f"http://127.0.0.1:{simulator}/control/stripe/endpoint",
            json={
                "url": payment_endpoint.address(base=f"http://localhost:{site}"),
                "secret": settings.WAGTAIL_CALENDLY["PAYMENTS"]["WEBHOOK_SECRETS"][0],
                "enabled_events": list(EVENTS),
                "api_version": API_VERSION,
            },
            trust_env=False,
        )
        if not told.is_success:
            raise DidNotStart(f"Stripe, played, takes no endpoint: {told.text}")

    def ready(self, site: int, simulator: int, logs: Path) -> str:
        return READY.format(
            site=site,
            simulator=simulator,
            logs=logs,
            mails=settings.EMAIL_FILE_PATH,
            hold=settings.WAGTAIL_CALENDLY["HOLD_SECONDS"],
        )

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def begin_anew(site: int, simulator: int) -> None:
    """As another process with other ports: settings are read once."""
    ports = {"DEMO_SITE_PORT": str(site), "DEMO_SIMULATOR_PORT": str(simulator)}
    os.execve(sys.executable, [sys.executable, MANAGE, "demo"], os.environ | ports)  # noqa: S606
