"""Languages and amounts: what is told to Stripe is what was meant, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision, is_currency
from hypothesis import given
from hypothesis import strategies as st
from stripe.params.checkout import SessionCreateParams

from tests.contracts.stripe_types import schema_of
from wagtail_calendly.payments import money
from wagtail_calendly.payments.locales import STRIPE_LOCALES, stripe_locale

CURRENCIES = sorted(money.CURRENCIES)


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("de", "de"), ("de-at", "de"), ("en", "en"), ("en-gb", "en-GB"), ("en-us", "en"),
        ("pt-br", "pt-BR"), ("pt", "pt"), ("zh-hant", "zh-TW"), ("zh-hans", "zh"), ("zh-hk", "zh-HK"),
        ("es-mx", "es-419"), ("es-es", "es"), ("hi", "hi-IN"), ("nn", "nb"), ("no", "nb"), ("fr_CA", "fr-CA"),
        ("", "auto"), ("tlh", "auto"), ("ar", "auto"), ("e", "auto"),
    ],
)  # fmt: skip
def test_the_page_speaks_the_payers_language(language: str, locale: str) -> None:
    assert stripe_locale(language) == locale


def test_the_languages_are_those_of_the_sdk() -> None:
    [listed] = schema_of(SessionCreateParams)["properties"]["locale"]["anyOf"]
    assert STRIPE_LOCALES | {"auto"} == set(listed["enum"])


@pytest.mark.survives("odd-currencies")
@given(st.sampled_from(CURRENCIES), st.integers(0, money.MAXIMUM))
def test_every_amount_of_every_currency_goes_there_and_back(currency: str, minor: int) -> None:
    minor -= minor % money.STEPS.get(currency, 1)
    amount = money.to_decimal(minor, currency)
    assert money.to_minor(amount, currency) == minor
    assert money.to_decimal(money.to_minor(amount, currency), currency) == amount


@given(st.sampled_from(CURRENCIES), st.decimals(0, 10**6, allow_nan=False, places=4))
def test_an_amount_is_never_rounded(currency: str, amount: Decimal) -> None:
    try:
        minor = money.to_minor(amount, currency)
    except money.InvalidAmount:
        return
    assert money.to_decimal(minor, currency) == amount


@pytest.mark.survives("odd-currencies")
@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("EUR", "50", 5000), ("JPY", "500", 500), ("ISK", "5", 500), ("UGX", "5000", 500_000),
     ("KWD", "5.12", 5120), ("HUF", "175", 17500), ("TWD", "1.5", 150), ("MGA", "700", 700)],
)  # fmt: skip
def test_how_amounts_are_told_to_stripe(currency: str, amount: str, minor: int) -> None:
    assert money.to_minor(Decimal(amount), currency) == minor


def test_digits_differ_from_the_tables_of_others_only_where_stripe_says_so() -> None:
    ours = {currency: money.exponent(currency) for currency in CURRENCIES}
    theirs = {currency: get_currency_precision(currency) for currency in CURRENCIES}
    told = {"ISK", "UGX"}
    unlike = {currency for currency in CURRENCIES if ours[currency] != theirs[currency]}
    assert told <= unlike
    # These have coins that nobody uses, which is all that the others' table says by zero.
    assert all(ours[currency] == 2 and theirs[currency] == 0 for currency in unlike)
    assert all(is_currency(currency) for currency in CURRENCIES)


@pytest.mark.survives("odd-currencies")
@pytest.mark.parametrize(
    ("minor", "currency", "kind"),
    [
        (49, "EUR", money.AmountTooSmall),
        (29, "GBP", money.AmountTooSmall),
        (49, "JPY", money.AmountTooSmall),
        (0, "ALL", money.AmountTooSmall),
        (0, "ISK", money.AmountTooSmall),
        (100_000_000, "EUR", money.AmountTooLarge),
        (150, "ISK", money.InvalidAmount),
        (5125, "KWD", money.InvalidAmount),
        (100, "XAU", money.CurrencyNotCharged),
        (100, "eur", money.CurrencyNotCharged),
        (100, "", money.CurrencyNotCharged),
    ],
)
def test_what_cannot_be_charged_is_refused_with_a_reason(
    minor: int, currency: str, kind: type[money.InvalidAmount]
) -> None:
    with pytest.raises(money.InvalidAmount) as caught:
        money.check_charge(minor, currency)
    assert type(caught.value) is kind
    assert len(str(caught.value)) > 15


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_least_and_the_most_can_be_charged(currency: str) -> None:
    step = money.STEPS.get(currency, 1)
    money.check_charge(money.minimum(currency), currency)
    money.check_charge(money.MAXIMUM - money.MAXIMUM % step, currency)


@pytest.mark.parametrize(
    ("currency", "language", "shown"),
    [("CHF", "en", "CHF 60"), ("EUR", "en", "€60"), ("AUD", "en", "A$60"), ("CHF", "de", "60 CHF")],
)
def test_a_code_of_letters_stands_apart_from_its_number(
    currency: str, language: str, shown: str
) -> None:
    assert money.display(6000, currency, language) == shown.replace(" ", "\N{NO-BREAK SPACE}")
