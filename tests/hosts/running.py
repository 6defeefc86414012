"""Runs a story with the settings of another host, in a process of its own: Django is set up once in each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: What a host has of its own is the same to every database.
ON_SQLITE = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="tried on SQLite")
ROOT = Path(__file__).resolve().parent.parent.parent


def run(host: str, story: str, *arguments: str, **environment: str) -> None:
    """Fails with all that it said unless it ended well."""
    settings = {
        "DJANGO_SETTINGS_MODULE": f"tests.hosts.{host}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
    }
    done = subprocess.run(
        [sys.executable, "-m", f"tests.hosts.{story}", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings, **environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
