"""Holds the repository and the wheel to their shape: what is in them, and what is not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "wagtail_calendly"

# Written apart, so that this file does not name them itself.
HOSTS = re.compile(
    "|".join(
        (
            r"pypi\.o" + "rg",
            r"pythonhosted\.o" + "rg",
            r"registry\.npmjs\.o" + "rg",
            r"deb\.debian\.o" + "rg",
        )
    )
)


def tracked(*paths: str) -> list[Path]:
    """The files that git knows; skipped where the tests run outside a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", *paths], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_demo_site_is_kept_although_many_ignore_a_folder_of_that_name() -> None:
    assert ROOT / "site/demo/settings.py" in tracked("site")


def test_site_is_a_plain_folder_since_python_has_a_module_of_that_name() -> None:
    assert not (ROOT / "site/__init__.py").exists()


def test_no_file_names_a_package_host() -> None:
    for path in tracked():
        assert not HOSTS.search(path.read_bytes().decode("utf-8", "replace")), path


def test_pins_are_versions_and_nothing_else() -> None:
    pin = re.compile(
        r"[a-z0-9-]+==[0-9][0-9a-z.]*(; python(_full)?_version [<>]=? \"3\.\d+(\.\d+)?\")?"
    )
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not pin.fullmatch(line)] == []


@pytest.mark.parametrize("folder", ["wagtail_calendly", "site", "tests", "benchmarks"])
def test_each_python_file_says_in_its_first_line_what_it_is_for(folder: str) -> None:
    silent = [
        path.relative_to(ROOT)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.stat().st_size
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_each_template_script_and_stylesheet_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT)
        for suffix, opening in ((".html", "{#"), (".js", "/"), (".css", "/*"))
        for path in sorted(PACKAGE.rglob(f"*{suffix}"))
        if not path.read_text("utf-8").startswith(opening)
    ]
    assert silent == []


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "wagtail_calendly"
    }
    packed = {name for name in names if name.startswith("wagtail_calendly/")}
    missing = {
        path.relative_to(ROOT).as_posix()
        for path in tracked("wagtail_calendly")
        if path.suffix in {".py", ".html", ".css", ".js", ".mo", ".typed"}
    } - packed
    assert missing == set()
