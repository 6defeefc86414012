"""`manage.py erase_person EMAIL`: erases what is kept of a person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_calendly.bookings.privacy import elsewhere, erasing, kept
from wagtail_calendly.exceptions import NotErasable


class Command(BaseCommand):
    help = (
        "Erases what is kept of whoever booked or paid with a mail address. Amounts and dates stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--noinput", action="store_false", dest="interactive")

    def handle(self, *args: Any, email: str, interactive: bool, **options: Any) -> None:
        found = kept.of_address(email)
        if not found:
            self.stdout.write(_("Nothing is kept under this address."))
            return
        if interactive and not self._is_sure(len(found.bookings)):
            raise CommandError(_("Nothing was changed."))
        try:
            done = erasing.person(email)
        except NotErasable as error:
            raise CommandError("\n".join([_("Nothing was changed."), *error.steps])) from error
        said = _("The person is erased. Bookings: %(count)s.") % {"count": done.bookings}
        self.stdout.write(self.style.SUCCESS(said))
        for step in elsewhere.steps(done):
            self.stdout.write(f"{step.text} {step.url}".strip())

    def _is_sure(self, count: int) -> bool:
        question = _("Erase the person? Bookings: %(count)s. This cannot be undone. [yes/no] ")
        return input(question % {"count": count}).strip().lower() in ("yes", _("yes"))
