"""Migrates a host; `--and-back`: with rows back and forth, then to nothing and anew. Run with the host's settings."""

import sys

import django
from django.core.management import call_command
from django.db import connection

from tests.hosts import with_rows

OURS = "wagtail_calendly"


def our_tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name.startswith(OURS)]


def main(*, and_back: bool) -> None:
    django.setup()
    call_command("makemigrations", OURS, check=True, dry_run=True)
    if and_back:
        with_rows.go()
    call_command("migrate", verbosity=0)
    assert our_tables(), "nothing was made"
    if and_back:
        _to_nothing_and_anew()
    call_command("check")
    from wagtail_calendly.snippets.pages import page_model
    from wagtail_calendly.snippets.settings import BookingSettings

    assert BookingSettings(privacy_page_id=page_model().objects.get(depth=2).pk).privacy_page


def _to_nothing_and_anew() -> None:
    there = our_tables()
    call_command("migrate", OURS, "zero", verbosity=0)
    assert our_tables() == [], "something was left"
    call_command("migrate", OURS, verbosity=0)
    assert our_tables() == there, "the second time differs"


if __name__ == "__main__":
    main(and_back="--and-back" in sys.argv)
