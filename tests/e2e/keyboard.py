"""Going through a page with the Tab key, as some visitors do."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

MOST_STOPS = 12


def tab_to(page: Page, role: Any, name: str) -> None:
    """Press Tab until this has the focus; what takes too many fails."""
    target = page.get_by_role(role, name=name)
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{name} cannot be reached with Tab.")
