"""`manage.py calendly_doctor`: says what is well, what is not, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_calendly.bookings import diagnosis, examine
from wagtail_calendly.bookings.diagnosis import Finding, Section, State

MARKS = {State.OK: "+", State.WARNING: "!", State.BROKEN: "x", State.UNKNOWN: "?"}


class Command(BaseCommand):
    """Fails when something is broken, so that deployments and monitoring can rely on it."""

    help = (
        "Asks Calendly and Stripe how everything stands, and prints it with the steps that mend it. "
        "Exits with 1 when something is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cached", action="store_true", help="Ask nobody; print what was found last."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["cached"]:
            examine.everything()
        sections = diagnosis.report()
        for section in sections:
            self._print(section)
        if diagnosis.worst(section.state for section in sections) == State.BROKEN:
            raise CommandError(_("Something is broken. What mends it is said above."))
        self.stdout.write(self.style.SUCCESS(_("Nothing is broken.")))

    def _print(self, section: Section) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(section.title))
        for finding in section.findings:
            self.stdout.write(self._line(finding))
            if finding.step:
                self.stdout.write(f"      → {finding.step}")

    def _line(self, finding: Finding) -> str:
        styles: dict[State, Callable[[str], str]] = {
            State.OK: self.style.SUCCESS,
            State.WARNING: self.style.WARNING,
            State.BROKEN: self.style.ERROR,
        }
        line = f"  {MARKS[finding.state]} {finding.title}: {finding.words}"
        if finding.when:
            line += f" ({timezone.localtime(finding.when):%Y-%m-%d %H:%M})"
        return styles.get(finding.state, str)(line)
