"""Our migrations fit the models and go both ways, in every kind of host that we promise to support."""

from __future__ import annotations

import pytest
import wagtail

from tests.hosts.running import ROOT, run

HOSTS = [
    "plain",
    "custom_models",
    pytest.param(
        "custom_page",
        marks=pytest.mark.skipif(
            wagtail.VERSION < (8,), reason="Wagtail 8 brought base page models of a host's own"
        ),
    ),
]


@pytest.mark.survives("unknown-version")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("host", HOSTS)
def test_migrations_fit_and_go_forwards_and_backwards(host: str) -> None:
    run(host, "round_trip", seconds=280)


def test_no_migration_needs_a_wagtail_newer_than_the_oldest_we_support() -> None:
    """Wagtail 7.4's last migration is 0097: what is written on 8 would break 7."""
    for file in (ROOT / "wagtail_calendly" / "migrations").glob("[0-9]*.py"):
        text = file.read_text()
        assert "WAGTAIL_PAGE_MODEL" not in text, file.name
        assert "wagtailcore.page" not in text, file.name
        assert "'wagtailcore', '0098" not in text, file.name
        assert "wagtailimages.image'" not in text, f"{file.name}: use get_image_model_string()"
