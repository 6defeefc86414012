"""Holds `docs/reliability.md` and the tests together: every row has tests that carry its name, every name a row."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(
    r"^\| `(?P<slug>[a-z-]+)` \| (?P<wrong>[^|]+) \| (?P<then>[^|]+) \| (?P<tests>[^|]+) \|$"
)
NODE = re.compile(r"`(tests/[a-z0-9_/]+\.py::test_\w+)`")


def rows() -> dict[str, list[str]]:
    """By slug, the tests that the document names."""
    lines = (ROOT / "docs" / "reliability.md").read_text().splitlines()
    found = [match for line in lines if (match := ROW.match(line))]
    named = {match["slug"]: NODE.findall(match["tests"]) for match in found}
    # No row is overlooked because it is written otherwise, and none is there twice.
    assert len(named) == len(found) == len([line for line in lines if line.startswith("| `")])
    return named


@functools.cache
def marks() -> dict[str, set[str]]:
    """By slug, the tests that carry it."""
    found = defaultdict(set)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                for slug in _slugs(node):
                    found[slug].add(f"{file.relative_to(ROOT).as_posix()}::{node.name}")
    return found


def _slugs(test: ast.FunctionDef) -> list[str]:
    marks = [item for item in test.decorator_list if isinstance(item, ast.Call)]
    return [
        ast.literal_eval(mark.args[0])
        for mark in marks
        if ast.unparse(mark.func) == "pytest.mark.survives"
    ]


ROWS = rows()


@pytest.mark.parametrize("slug", ROWS)
def test_each_fault_of_the_document_has_tests_that_carry_its_name(slug: str) -> None:
    assert ROWS[slug], "no test is named"
    assert set(ROWS[slug]) <= marks()[slug]


def test_each_name_that_a_test_carries_is_in_the_document() -> None:
    assert set(marks()) == set(ROWS)


def test_each_test_that_carries_a_name_is_in_the_document() -> None:
    named = {slug: set(tests) for slug, tests in ROWS.items()}
    assert {
        slug: tests - named[slug] for slug, tests in marks().items() if tests - named[slug]
    } == {}
