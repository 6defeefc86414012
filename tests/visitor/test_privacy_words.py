"""The words for a site's own privacy page say what its settings say."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

TEMPLATE = "wagtail_calendly/privacy.html"


def test_without_payments_and_retention_neither_is_promised(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}
    words = render_to_string(TEMPLATE)
    assert "Calendly LLC" in words
    assert "Stripe" not in words
    assert "days after" not in words


@pytest.mark.priced
def test_what_the_settings_say_is_told(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {"RETENTION_DAYS": 30, "PAYMENTS": {"SECRET_KEY": "sk_test_1"}}
    words = render_to_string(TEMPLATE)
    assert "30 days after your session" in words
    assert "never see your card number" in words
