"""What a session costs, in words that are the same on cards, in lists and for a booking's own terms."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.price_words import in_words

EUROS: dict[str, Any] = {"price": 6000, "currency": "EUR"}


@pytest.mark.parametrize("model", [SessionType, Terms])
@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "Free"),
        ({"deposit": 100, "adds_tax": True, "currency": "EUR"}, "Free"),
        (EUROS, "€60"),
        ({**EUROS, "price": 4950}, "€49.50"),
        ({**EUROS, "adds_tax": True}, "€60 plus tax"),
        ({**EUROS, "deposit": 2000}, "€20 now, the rest of €60 later"),
        (
            {**EUROS, "deposit": 2000, "adds_tax": True},
            "€20 plus tax now, the rest of €60 later",
        ),
        ({"price": 5000, "currency": "JPY"}, "¥5,000"),
    ],
)
def test_a_price_in_words(
    columns: dict[str, Any], words: str, model: type[SessionType | Terms]
) -> None:
    assert in_words(model(**columns)) == words


def test_in_german() -> None:
    with translation.override("de"):
        assert in_words(SessionType(**EUROS, deposit=2000)) == (
            "20\xa0€ jetzt, der Rest von 60\xa0€ später"
        )
