"""Starts the simulator of both vendors, for development; `python -m wagtail_calendly.simulator` does the same."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Starts the simulator of Calendly and Stripe on this machine, for development."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001, help="0 picks a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The simulator is for development: it starts only where DEBUG is on."
            )
        program = [sys.executable, "-m", "wagtail_calendly.simulator"]
        # In place of this process, so that Ctrl-C and the exit code are the simulator's own.
        os.execv(sys.executable, [*program, "--port", str(options["port"])])  # noqa: S606
