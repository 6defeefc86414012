"""Writes the measured part of docs/performance.md; what people wrote around it stays."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Result

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN = "% Written by `make bench` from here on.\n"
END = "% Written by hand again.\n"

HEAD = "| What | Measured | To reach | Reached | Command |\n| --- | --- | --- | --- | --- |\n"
REACHED = {True: "yes", False: "**no**", None: "–"}


def write(results: dict[str, list[Result]], page: Path = PAGE) -> None:
    """Replace the table by these results, which are keyed by benchmark. Raises `ValueError` without marks."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page.name} does not say where its table begins and ends.")
    page.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}", "utf-8")


def table(results: dict[str, list[Result]]) -> str:
    """The results as a Markdown table; no date, no machine."""
    rows = [_row(name, result) for name, found in results.items() for result in found]
    return HEAD + "".join(rows)


def line(result: Result) -> str:
    """A result for the terminal."""
    mark = f" (to reach: {result.mark}{'' if result.reached else ', missed'})"
    return f"{result.what}: {result.measured}{'' if result.reached is None else mark}"


def _row(name: str, result: Result) -> str:
    cells = [
        result.what,
        result.measured,
        result.mark,
        REACHED[result.reached],
        f"`python -m benchmarks {name}`",
    ]
    return f"| {' | '.join(cells)} |\n"
