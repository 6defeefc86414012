"""One benchmark in a process of its own, so that nothing another one loaded or left is measured with it."""

from __future__ import annotations

import multiprocessing
import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import host
from benchmarks.measure import Result

NEEDS_POSTGRES = {"admin", "clock"}
NEEDS_NO_SITE = {"imports"}
POSTGRES = str(Path(__file__).resolve().parents[1] / ".ci" / "postgres")


def run(name: str, scratch: Path, **given: Any) -> list[Result]:
    """Run the benchmark of that name in a fresh interpreter; `given` goes to its `run`."""
    fresh = multiprocessing.get_context("spawn")
    with (
        _database(name, scratch) as url,
        ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool,
    ):
        return pool.submit(_run_here, name, scratch, url, given).result()


def _run_here(name: str, scratch: Path, url: str, given: dict[str, Any]) -> list[Result]:
    if name not in NEEDS_NO_SITE:
        host.set_up(scratch, name, url)
    results: list[Result] = import_module(f"benchmarks.{name}").run(**given)
    return results


@contextmanager
def _database(name: str, scratch: Path) -> Iterator[str]:
    """The address of a throw-away PostgreSQL, where it is needed; "" stands for SQLite."""
    if name not in NEEDS_POSTGRES:
        yield ""
        return
    folder = str(scratch / "postgres")
    start = [POSTGRES, "start", folder]
    try:
        yield subprocess.run(start, check=True, capture_output=True, text=True).stdout.strip()
    finally:
        subprocess.run([POSTGRES, "stop", folder], check=True)
