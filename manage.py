#!/usr/bin/env python
"""Runs Django commands for the demo site; its package `demo` lives in the plain folder site/."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # `import site` is Python's own module, so the folder goes on the path instead.
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
