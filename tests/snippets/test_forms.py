"""Amounts in the form: typed by people, stored in minor units, shown again as they were typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.snippets.conftest import make_event_type
from wagtail_calendly.payments import money
from wagtail_calendly.snippets.forms import SessionTypeForm
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db


class PriceForm(SessionTypeForm):
    class Meta:
        model = SessionType
        fields = ["price", "currency", "payment_order", "deposit", "hold_minutes", "link_days"]


def form(
    price: str, currency: str, columns: dict[str, Any] | None = None, **more: str
) -> PriceForm:
    posted = {"price": price, "currency": currency, "payment_order": "after"}
    posted |= {"hold_minutes": "30", "link_days": "30", **more}
    return PriceForm(posted, instance=SessionType(**columns or {}))


def complaints(bound: PriceForm) -> dict[str, str]:
    """The first of each field."""
    return {name: str(errors[0]) for name, errors in bound.errors.items()}


@given(currency=st.sampled_from(sorted(money.CURRENCIES)), steps=st.integers(0, 10**4))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_amount_comes_back_as_it_was_typed(currency: str, steps: int) -> None:
    step = money.STEPS.get(currency, 1)
    deposit = money.minimum(currency) + steps * step
    price = deposit + step
    typed, part = str(money.to_decimal(price, currency)), str(money.to_decimal(deposit, currency))
    bound = form(typed, currency.lower(), deposit=part)
    assert bound.is_valid(), bound.errors
    saved = bound.instance
    assert (saved.price, saved.deposit, saved.currency) == (price, deposit, currency)
    shown = PriceForm(instance=saved).initial
    assert (shown["price"], shown["deposit"]) == (Decimal(typed), Decimal(part))


@pytest.mark.parametrize(
    ("price", "currency", "step"),
    [
        ("60.005", "EUR", "0.01"),
        ("100.5", "JPY", "1"),
        ("1.5", "ISK", "1"),
        ("100.55", "UGX", "1"),
        ("1.001", "KWD", "0.01"),
    ],
)
def test_an_amount_that_is_too_fine_is_refused_with_the_step(
    price: str, currency: str, step: str
) -> None:
    assert f"steps of {step}." in complaints(form(price, currency))["price"]


def test_a_german_thousand_is_not_taken_for_one() -> None:
    with translation.override("de"):
        assert list(form("1.000", "EUR").errors) == ["price"]


@pytest.mark.parametrize("currency", ["EURO", "E", "€", "ZZZ", "12 ", "EU\u0415", "XAU"])
def test_a_currency_that_is_not_charged_is_refused_once(currency: str) -> None:
    bound = form("60", currency)
    assert not bound.is_valid()
    assert list(bound.errors) == ["currency"]
    assert len(bound.errors["currency"]) == 1


def test_a_price_without_currency_asks_for_one() -> None:
    assert complaints(form("60", "")) == {"currency": "A price needs a currency. Choose one."}


@pytest.mark.parametrize(
    ("price", "currency", "says"),
    [
        ("0.49", "EUR", "below €0.50"),
        ("0.29", "GBP", "below £0.30"),
        ("49", "JPY", "below ¥50"),
        ("174", "HUF", "below HUF"),
        ("1000000", "USD", "above $999,999.99"),
        ("100000000", "JPY", "above ¥99,999,999"),
        ("1000000", "UGX", "above UGX"),
    ],
)
def test_what_stripe_would_refuse_is_refused_with_the_limit(
    price: str, currency: str, says: str
) -> None:
    assert says in complaints(form(price, currency))["price"]


@pytest.mark.parametrize(
    ("deposit", "says"),
    [
        ("60", "part of the price"),
        ("61", "part of the price"),
        ("0.20", "below €0.50"),
        ("10.005", "steps of 0.01"),
        ("-1", "greater than or equal"),
    ],
)
def test_a_deposit_is_a_part_that_can_be_charged(deposit: str, says: str) -> None:
    bound = form("60", "EUR", deposit=deposit)
    assert list(bound.errors) == ["deposit"]
    assert says in complaints(bound)["deposit"]


@pytest.mark.parametrize("price", ["", "0", "0.00"])
def test_no_price_is_free_whatever_else_is_typed(price: str) -> None:
    for currency in ("", "EUR"):
        bound = form(price, currency, deposit="x", hold_minutes="1", link_days="-3")
        assert bound.is_valid(), bound.errors
        saved = bound.instance
        assert (saved.price, saved.deposit) == (0, 0)
        assert (saved.hold_minutes, saved.link_days) == (30, 30)


def test_what_the_payment_order_makes_needless_is_not_asked() -> None:
    assert list(form("60", "EUR", hold_minutes="5", link_days="0").errors) == ["hold_minutes"]
    before = form("60", "EUR", hold_minutes="5", link_days="7", payment_order="before")
    assert before.is_valid(), before.errors
    assert (before.instance.hold_minutes, before.instance.link_days) == (30, 7)


@pytest.mark.parametrize("minutes", ["9", "121", "-1", "x"])
def test_a_hold_is_from_10_to_120_minutes(minutes: str) -> None:
    assert list(form("60", "EUR", hold_minutes=minutes).errors) == ["hold_minutes"]


def test_what_was_set_is_kept_while_it_is_not_asked() -> None:
    before = {"hold_minutes": 45, "link_days": 7}
    for price, order in (("60", "before"), ("", "after")):
        bound = form(price, "EUR", before, hold_minutes="", link_days="7", payment_order=order)
        assert bound.is_valid(), bound.errors
        assert (bound.instance.hold_minutes, bound.instance.link_days) == (45, 7)


def test_a_group_can_only_be_paid_before() -> None:
    group = {"event_type": make_event_type(kind="group")}
    assert "can only be paid before" in complaints(form("60", "EUR", group))["payment_order"]
    assert form("60", "EUR", group, payment_order="before").is_valid()
    assert form("", "EUR", group).is_valid()


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "1e999", "sixty", "9" * 40])
def test_what_is_no_amount_is_refused(price: str) -> None:
    assert "price" in form(price, "EUR").errors


def test_a_german_types_a_comma() -> None:
    with translation.override("de"):
        bound = form("60,50", "EUR", deposit="10,5")
        assert bound.is_valid(), bound.errors
        assert (bound.instance.price, bound.instance.deposit) == (6050, 1050)
        assert "60,50" in str(PriceForm(instance=bound.instance)["price"])


def test_currencies_have_names_and_those_in_use_come_first(make_session_type: Any) -> None:
    assert "<optgroup" not in str(form("", "")["currency"])
    make_session_type(price=6000, currency="SEK")
    with translation.override("de"):
        select = str(form("", "")["currency"])
    assert select.index("Schwedische Krone (SEK)") < select.index("US-Dollar (USD)")
    assert select.count("(SEK)") == 1


def test_a_currency_that_is_charged_no_more_is_still_shown() -> None:
    shown = PriceForm(instance=SessionType(price=100, currency="XAU"))
    assert '<option value="XAU" selected>' in str(shown["currency"])
