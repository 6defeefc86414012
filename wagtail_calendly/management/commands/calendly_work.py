"""`manage.py calendly_work`: does what is due, once (for cron) or in a loop (as a worker)."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from wagtail_calendly.bookings import installation, reconcile


class Command(BaseCommand):
    help = (
        "Catches what webhooks, browsers and tasks missed: the inbox, bookings and effects that are due, "
        "polling of Calendly, the sync of event types, the numbers of the report."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Keep running until stopped.")
        parser.add_argument(
            "--moved",
            action="store_true",
            help="The site has a new address, and this is no copy of its database: act for it from now on.",
        )
        parser.add_argument(
            "--every", type=float, default=15.0, metavar="SECONDS", help="Pause between two rounds."
        )

    def handle(
        self, *args: Any, loop: bool, every: float, moved: bool = False, **options: Any
    ) -> None:
        if moved:
            self.stdout.write(f"Moved here. {installation.move_here()} effects have waited for it.")
        if not loop:
            self.stdout.write(str(reconcile.tick()))
            return
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        self.stdout.write("Working. Stop with Ctrl-C or SIGTERM.")
        while not stopped.is_set():
            self._round(options["verbosity"])
            stopped.wait(every)
        self.stdout.write("Stopped.")

    def _round(self, verbosity: int) -> None:
        close_old_connections()
        report = reconcile.tick()
        if verbosity > 1 or report.has_worked:
            self.stdout.write(str(report))
