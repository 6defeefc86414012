"""Migrates a host: our app with rows back and forth, then to nothing and anew; run with the host's settings."""

import sys

import django
from django.core.management import call_command
from django.db import connection

from tests.hosts import with_rows

OURS = "wagtail_calendly"


def our_tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name.startswith(OURS)]


def main(*, rows: bool) -> None:
    django.setup()
    call_command("makemigrations", OURS, check=True, dry_run=True)
    if rows:
        with_rows.go()
    call_command("migrate", verbosity=0)
    there = our_tables()
    assert there, "nothing was made"
    call_command("migrate", OURS, "zero", verbosity=0)
    assert our_tables() == [], "something was left"
    call_command("migrate", OURS, verbosity=0)
    assert our_tables() == there, "the second time differs"
    call_command("check")
    from wagtail_calendly.snippets.pages import page_model
    from wagtail_calendly.snippets.settings import BookingSettings

    assert BookingSettings(privacy_page_id=page_model().objects.get(depth=2).pk).privacy_page


if __name__ == "__main__":
    main(rows="--rows" in sys.argv)
