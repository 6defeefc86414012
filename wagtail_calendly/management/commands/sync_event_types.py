"""`manage.py sync_event_types`: reads all event types from Calendly and says what is different."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.snippets.sync import SyncReport, sync


class Command(BaseCommand):
    help = "Reads all event types from Calendly. What editors wrote is never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", help="Alias of one account; all of them if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        aliases = [options["account"]] if options["account"] else list(conf.load().accounts)
        if not aliases:
            raise CommandError(_("No account is set up in WAGTAIL_CALENDLY['ACCOUNTS']."))
        for alias in aliases:
            try:
                report = sync(alias, progress=self._say_page)
            except (CalendlyError, NotConfigured) as error:
                raise CommandError(f"{alias}: {error}") from error
            self._say_result(alias, report)

    def _say_page(self, report: SyncReport) -> None:
        self.stdout.write(f"  … {report.seen}", self.style.HTTP_INFO)

    def _say_result(self, alias: str, report: SyncReport) -> None:
        self.stdout.write(
            self.style.SUCCESS(f"{alias}: ")
            + f"{len(report.created)} created, {len(report.changed)} changed, "
            f"{report.unchanged} unchanged, {len(report.missing)} missing, "
            f"{len(report.returned)} returned"
        )
        for uri, names in report.changed.items():
            self.stdout.write(f"  {uri}: {', '.join(names)}")
