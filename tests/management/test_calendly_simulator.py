"""The simulator starts in development, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


def test_it_is_refused_in_production() -> None:
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("calendly_simulator")


def test_it_starts_in_development() -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "calendly_simulator", "--port", "0"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "demo.settings"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("Simulator ready at http://127.0.0.1:")
        finally:
            process.terminate()
