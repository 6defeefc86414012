"""`manage.py export_person EMAIL`: writes all that is kept of a person, as JSON."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wagtail_calendly.bookings.privacy import exporting


class Command(BaseCommand):
    help = "Writes all that is kept of whoever booked or paid with a mail address, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        self.stdout.write(exporting.as_json(exporting.person(email)))
