"""Start of a Wagtail site with the package, beside the same site without it, each in a fresh interpreter."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import Result, Side, at_most, ratio

MARK = 1.05
ROOT = Path(__file__).resolve().parents[1]

#: What a server loads before its first request: apps, models, hooks, the admin's addresses, and the package's.
SITE = """
import gc
import sys
gc.disable()
sys.path[:0] = [{root!r}]
from tests import settings as host
from django.conf import settings
left_out = {{"tests.host"}} | ({{"wagtail_calendly"}} if {without} else set())
configured = {{name: getattr(host, name) for name in dir(host) if name.isupper()}}
configured["INSTALLED_APPS"] = [app for app in host.INSTALLED_APPS if app not in left_out]
settings.configure(**configured)
import django
django.setup()
from django.urls import include
include("wagtail.admin.urls"), include("wagtail.urls")
{without} or include("wagtail_calendly.urls")
"""


def run(*, quick: bool = False, others: tuple[str, ...] = ()) -> list[Result]:
    """One row for this interpreter, and one, without a mark, for each of the `others` (paths)."""
    what = "Start of a site with the package, to the same without it, on Wagtail"
    with tempfile.TemporaryDirectory() as bytecode:
        starts = partial(_cost, bytecode=bytecode, quick=quick)
        rows = [at_most(f"{what} {_wagtail(sys.executable)}", starts(sys.executable), MARK)]
        for python in others:
            cost = f"{starts(python):.2f} ×"
            rows.append(Result(f"{what} {_wagtail(python)}", cost, "–", None))
    return rows


def _cost(python: str, *, bytecode: str, quick: bool) -> float:
    return ratio(
        Side(lambda: _start(python, bytecode, without=False)),
        Side(lambda: _start(python, bytecode, without=True)),
        rounds=1 if quick else 21,
        times=1,
        clock=_children,
        warm=not quick,
    )


def _start(python: str, bytecode: str, *, without: bool) -> None:
    """As an installed site starts: everything is compiled already, by the round that warms up."""
    code = SITE.format(root=str(ROOT), without=without)
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
    subprocess.run([python, "-c", code], check=True, env=os.environ | compiled)


def loaded() -> set[str]:
    """The packages that a site with the package has loaded before its first request."""
    code = SITE.format(root=str(ROOT), without=False) + "print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return {name.partition(".")[0] for name in ran.stdout.split()}


def _children() -> float:
    """Seconds of processor time that ended child processes have used: all of their work, and nothing else's."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wagtail(python: str) -> str:
    """Such as "8.0"."""
    asked = [python, "-c", "import wagtail; print(*wagtail.VERSION[:2], sep='.')"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
