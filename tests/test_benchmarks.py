"""Keeps the benchmarks from rotting: the cheap ones run and fill the table. What they measure is not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from benchmarks import database, imports, page, report, stories, sync, webhook
from benchmarks.measure import Result, Side, at_least, at_most, ratio

MISSED = Result("A page", "1.20 ×", "≤ 1.15 ×", False)
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The end of a request closes the database's connection, and with it would end the test's transaction."""
    for ended in (request_started, request_finished):
        ended.disconnect(close_old_connections)
    yield
    for ended in (request_started, request_finished):
        ended.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize("benchmark", [page, webhook, sync], ids=lambda module: module.__name__)
def test_it_runs_and_what_is_counted_is_right(benchmark: Any) -> None:
    results = benchmark.run(quick=True)
    assert results
    counted = [result for result in results if "×" not in result.mark]
    assert all(result.reached for result in counted), counted


def test_stories_are_told_and_counted() -> None:
    [result] = stories.run(quick=True)
    assert int(result.measured) > 20


@pytest.mark.django_db
def test_orders_are_tried_through_the_database() -> None:
    [result] = database.run(quick=True)
    assert result.measured.startswith("11 in ")


def test_nothing_slow_is_loaded_before_it_is_needed() -> None:
    slow = {"babel", "httpx", "icalendar", "stamina", "stripe"}
    assert slow.isdisjoint(imports.loaded())


def test_both_sides_are_timed_equally_often_and_what_is_prepared_is_not_timed() -> None:
    now = 0.0
    runs = {"ours": 0, "theirs": 0}

    def side(name: str, seconds: float) -> Side:
        def work() -> None:
            runs[name] += 1
            spend(seconds)

        return Side(work, lambda times: spend(1000))

    def spend(seconds: float) -> None:
        nonlocal now
        now += seconds

    assert ratio(side("ours", 3), side("theirs", 2), rounds=3, times=2, clock=lambda: now) == 1.5
    assert runs == {"ours": 8, "theirs": 8}


def test_a_mark_is_reached_or_missed() -> None:
    assert at_most("", 1.15, 1.15).reached
    assert not at_most("", 1.16, 1.15).reached
    assert at_least("", 0.7, 0.7).reached
    assert not at_least("", 0.69, 0.7).reached


def test_new_rows_replace_their_own_and_what_else_is_written_stays(tmp_path: Path) -> None:
    written = tmp_path / "performance.md"
    written.write_text(f"Before.\n{report.BEGIN}\n{report.END}After.\n", "utf-8")
    report.write({"sync": [Result("Calls", "10", "10", True)], "page": [MISSED]}, written)
    report.write({"page": [Result("A page", "1.10 ×", "≤ 1.15 ×", True)]}, written)
    text = written.read_text("utf-8")
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert text.count(report.HEAD) == 1
    rows = [line for line in text.splitlines() if line.endswith("` |")]
    assert rows == [
        "| A page | 1.10 × | ≤ 1.15 × | yes | `python -m benchmarks page` |",
        "| Calls | 10 | 10 | yes | `python -m benchmarks sync` |",
    ]


def test_every_benchmark_has_its_rows_on_the_page() -> None:
    text = report.PAGE.read_text("utf-8")
    assert {name for name in report.NAMES if f"`python -m benchmarks {name}`" in text} == set(
        report.NAMES
    )
    assert {path.stem for path in (ROOT / "benchmarks").glob("*.py")} >= set(report.NAMES)
