"""Holds the documentation to the code: every key, dependency, signal, token and check has its row, and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.dispatch import Signal
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tests.tour import visitor
from tests.tour.screens import FIRST_STEPS, SCREENS
from wagtail_calendly import conf, signals

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def section(page: str, heading: str) -> str:
    """The text of a page under one heading of the second level."""
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def rows(text: str) -> dict[str, list[str]]:
    """Rows of tables whose first cell holds code, by that code; a cell may hold several."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        for name in re.findall(r"`([^`]+)`", cells[0]) if line.startswith("| `") else []:
            found[name] = cells[1:]
    return found


def as_written(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True)
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    if isinstance(default, BaseModel):
        return "{}"
    return repr(default).replace("'", '"')


@pytest.mark.parametrize(
    ("model", "heading"),
    [
        (conf.Configuration, "For the whole site"),
        (conf.Account, "For each account"),
        (conf.Payments, "For payments"),
    ],
)
def test_each_setting_has_one_row_with_its_default(model: type[BaseModel], heading: str) -> None:
    written = {
        key: cells[0].strip("`") for key, cells in rows(section("settings.md", heading)).items()
    }
    assert written == {
        name.upper(): as_written(field) for name, field in model.model_fields.items()
    }


def test_each_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {"Of the package": project["dependencies"]} | {
        f"Extra `{extra}`": names for extra, names in project["optional-dependencies"].items()
    }
    for heading, requirements in needed.items():
        names = {re.match(r"[\w-]+", requirement).group() for requirement in requirements}
        assert set(rows(section("dependencies.md", heading))) == names - {"wagtail-calendly"}


def test_each_signal_is_described() -> None:
    public = {name for name, value in vars(signals).items() if isinstance(value, Signal)}
    assert set(rows(section("customising.md", "Signals"))) == public - {"effects_due"}


def test_each_token_of_the_stylesheet_is_described() -> None:
    styles = (ROOT / "wagtail_calendly/static/wagtail_calendly/css/wagtail-calendly.css").read_text(
        "utf-8"
    )
    tokens = set(re.findall(r"^\s+(--wc-[a-z-]+):", styles, flags=re.MULTILINE))
    assert set(rows(section("customising.md", "Colours and shapes"))) >= tokens
    assert tokens


def test_each_system_check_is_described() -> None:
    checks = (ROOT / "wagtail_calendly/checks").glob("*.py")
    codes = {
        code for file in checks for code in re.findall(r"\b[EW]\d{3}\b", file.read_text("utf-8"))
    }
    described = set(
        re.findall(r"`wagtail_calendly\.([EW]\d{3})`", (DOCS / "settings.md").read_text("utf-8"))
    )
    assert described == codes


def test_each_picture_is_in_the_guide_with_its_words() -> None:
    shown = re.findall(
        r'srcset="pictures/([a-z-]+)-dark\.webp"><img alt="([^"]+)" src="pictures/([a-z-]+)-light\.webp"',
        (DOCS / "editor-guide.md").read_text("utf-8"),
    )
    assert all(dark == light for dark, _alt, light in shown)
    taken = [FIRST_STEPS.picture, *visitor.PICTURES, *(screen.picture for screen in SCREENS)]
    assert sorted(name for name, _alt, _light in shown) == sorted(taken)
    files = {f"{name}-{scheme}.webp" for name in taken for scheme in ("light", "dark")}
    assert {path.name for path in (DOCS / "pictures").iterdir()} == files
