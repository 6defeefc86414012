"""Our migrations fit the models and go both ways, in every kind of host that we promise to support."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.hosts.running import ON_SQLITE, ROOT, run

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def empty_database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The environment of a host with a database that nothing is in: in memory, or beside the tests' own."""
    if connection.vendor == "sqlite":
        yield {}
        return
    url, name = urlsplit(os.environ["DATABASE_URL"]), f"round_trip_{uuid.uuid4().hex}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": url._replace(path=f"/{name}").geturl()}
        cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.survives("unknown-version")
def test_rows_go_forwards_and_backwards(empty_database: dict[str, str]) -> None:
    run("plain", "round_trip", "--and-back", **empty_database)


@ON_SQLITE
def test_migrations_fit_a_host_with_models_of_its_own() -> None:
    run("custom_models", "round_trip")


def test_no_migration_needs_a_wagtail_newer_than_the_oldest_we_support() -> None:
    """Wagtail 7.4's last migration is 0097: what is written on 8 would break 7."""
    for file in (ROOT / "wagtail_calendly" / "migrations").glob("[0-9]*.py"):
        text = file.read_text()
        assert "WAGTAIL_PAGE_MODEL" not in text, file.name
        assert "wagtailcore.page" not in text, file.name
        assert "'wagtailcore', '0098" not in text, file.name
        assert "wagtailimages.image'" not in text, f"{file.name}: use get_image_model_string()"
