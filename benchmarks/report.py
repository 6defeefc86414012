"""Writes the measured part of docs/performance.md; what people wrote around it stays."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from benchmarks.measure import Result

#: In the order of the page.
NAMES = (
    *("page", "browser", "sync", "webhook", "clock", "admin", "imports", "stories"),
    "database",
)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN = "% Written by `make bench` from here on.\n"
END = "% Written by hand again.\n"

HEAD = "| What | Measured | To reach | Reached | Command |\n| --- | --- | --- | --- | --- |\n"
REACHED = {True: "yes", False: "**no**", None: "–"}


def write(results: dict[str, list[Result]], page: Path = PAGE) -> None:
    """Put these results, keyed by benchmark, in the place of their older ones. Raises `ValueError` without marks."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page.name} does not say where its table begins and ends.")
    rows = {name: _rows(name, results) or _kept(name, old) for name in NAMES}
    table = HEAD + "".join(chain.from_iterable(rows.values()))
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")


def line(result: Result) -> str:
    """A result for the terminal."""
    mark = f" (to reach: {result.mark}{'' if result.reached else ', missed'})"
    return f"{result.what}: {result.measured}{'' if result.reached is None else mark}"


def _rows(name: str, results: dict[str, list[Result]]) -> list[str]:
    return [
        f"| {result.what} | {result.measured} | {result.mark} | {REACHED[result.reached]} | {_command(name)} |\n"
        for result in results.get(name, [])
    ]


def _kept(name: str, table: str) -> list[str]:
    return [
        row for row in table.splitlines(keepends=True) if row.endswith(f"| {_command(name)} |\n")
    ]


def _command(name: str) -> str:
    return f"`python -m benchmarks {name}`"
