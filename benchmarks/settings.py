"""Settings of the host that is measured: the tests' own, in a folder that is thrown away."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

SCRATCH = Path(os.environ["BENCHMARK_SCRATCH"])
MEDIA_ROOT = SCRATCH / "media"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = SCRATCH / os.environ["BENCHMARK_DATABASE"]
    # Waiting for the disk costs both sides the same, and would hide what differs.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous = OFF"

# What is refused or stored is logged; a terminal's speed is not what is measured.
LOGGING = {"version": 1, "root": {"level": "ERROR"}}
