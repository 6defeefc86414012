"""The price field: typed by people, stored in minor units, shown again as it was typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_calendly.payments import money
from wagtail_calendly.snippets.forms import SessionTypeForm
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db

CURRENCIES = ["EUR", "USD", "GBP", "JPY", "KRW", "BHD", "KWD", "ISK", "HUF", "UGX", "TWD"]


class PriceForm(SessionTypeForm):
    class Meta:
        model = SessionType
        fields = ["price", "currency"]


def form(price: str, currency: str, **columns: Any) -> PriceForm:
    return PriceForm({"price": price, "currency": currency}, instance=SessionType(**columns))


@given(currency=st.sampled_from(CURRENCIES), steps=st.integers(1, 10**7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_amount_comes_back_as_it_was_typed(currency: str, steps: int) -> None:
    minor = steps * money.STEPS.get(currency, 1)
    typed = str(money.to_decimal(minor, currency))
    bound = form(typed, currency.lower())
    assert bound.is_valid(), bound.errors
    assert (bound.instance.price, bound.instance.currency) == (minor, currency)
    assert PriceForm(instance=bound.instance).initial["price"] == Decimal(typed)


@pytest.mark.parametrize(
    ("price", "currency", "step"),
    [
        ("60.005", "EUR", "0.01"),
        ("100.5", "JPY", "1"),
        ("1.5", "ISK", "1"),
        ("1.001", "KWD", "0.01"),
    ],
)
def test_an_amount_that_is_too_fine_is_refused_with_the_step(
    price: str, currency: str, step: str
) -> None:
    bound = form(price, currency)
    assert not bound.is_valid()
    assert f"steps of {step}." in bound.errors["price"][0]


@pytest.mark.parametrize("currency", ["EURO", "E", "€", "ZZZ", "12 ", "EU\u0415"])
def test_an_unknown_currency_is_refused_once(currency: str) -> None:
    bound = form("60", currency)
    assert not bound.is_valid()
    assert list(bound.errors) == ["currency"]
    assert len(bound.errors["currency"]) == 1


def test_a_price_without_currency_asks_for_one() -> None:
    assert "needs a currency" in form("60", "").errors["currency"][0]


@pytest.mark.parametrize("price", ["", "0", "0.00"])
def test_no_price_is_free_with_or_without_currency(price: str) -> None:
    for currency in ("", "EUR"):
        bound = form(price, currency)
        assert bound.is_valid(), bound.errors
        assert bound.instance.price == 0


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "1e999", "sixty", "9" * 40])
def test_what_is_no_amount_is_refused(price: str) -> None:
    assert "price" in form(price, "EUR").errors


def test_a_german_types_a_comma() -> None:
    with translation.override("de"):
        bound = form("60,50", "EUR")
        assert bound.is_valid(), bound.errors
        assert bound.instance.price == 6050
        assert "60,50" in str(PriceForm(instance=bound.instance)["price"])
