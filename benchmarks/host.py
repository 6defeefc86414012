"""The host site that is measured: its database, and requests to it as a WSGI server makes them."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django

MIGRATED = "migrated.sqlite3"


def set_up(scratch: Path, name: str, database_url: str = "") -> None:
    """Make this process the host: with its own SQLite database, or on an empty PostgreSQL."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BENCHMARK_SCRATCH": str(scratch),
        "BENCHMARK_DATABASE": f"{name}.sqlite3",
    }
    os.environ.pop("DATABASE_URL", None)
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    elif (scratch / MIGRATED).exists():
        shutil.copy(scratch / MIGRATED, scratch / f"{name}.sqlite3")
    django.setup()
    _migrate()
    if not database_url and not (scratch / MIGRATED).exists():
        shutil.copy(scratch / f"{name}.sqlite3", scratch / MIGRATED)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()


class Host:
    """The site's WSGI handler. Built once, so that loading middleware is not measured."""

    def __init__(self) -> None:
        from django.core.handlers.wsgi import WSGIHandler

        self._handler: Callable[..., Any] = WSGIHandler()

    def ask(self, path: str, *, body: bytes | None = None, **headers: str) -> bytes:
        """A GET, or with a body a POST; headers as WSGI spells them. Anything but success is an error."""
        environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": "testserver", **headers}
        if body is not None:
            environ |= {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        setup_testing_defaults(environ)
        answered: list[str] = []
        response = self._handler(environ, lambda status, headers: answered.append(status))
        content = b"".join(response)
        response.close()  # work that waits for the answer to be sent begins here
        assert answered[0].startswith("200"), f"{path}: {answered[0]}"
        return content
