"""Money in integer minor units: how many digits a currency has with Stripe, reading amounts, showing them."""

from __future__ import annotations

from decimal import Decimal, Inexact, InvalidOperation, localcontext

#: Where Stripe's minor unit is not the one that ISO 4217 and CLDR give.
#: https://docs.stripe.com/currencies#special-cases
STRIPE_EXPONENTS = {"ISK": 2, "UGX": 2, "HUF": 2, "TWD": 2, "MGA": 0}
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
#: Charged in hundreds, or in tens, of the minor unit only.
STEPS = {"ISK": 100, "UGX": 100} | dict.fromkeys(THREE_DECIMAL, 10)


class InvalidAmount(ValueError):
    """An amount that the currency cannot express."""


def exponent(currency: str) -> int:
    """Digits after the point in Stripe's minor unit of this ISO 4217 currency."""
    if currency in STRIPE_EXPONENTS:
        return STRIPE_EXPONENTS[currency]
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """A decimal amount in minor units. Raises `InvalidAmount` where it would have to be rounded."""
    with localcontext() as context:
        context.traps[Inexact] = True
        try:
            minor = int(amount.scaleb(exponent(currency)).quantize(Decimal(1)))
        except (Inexact, InvalidOperation):
            raise InvalidAmount(f"{amount} has more digits than {currency} knows.") from None
    if minor % STEPS.get(currency, 1):
        raise InvalidAmount(f"{amount} is finer than {currency} can be charged.")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal amount."""
    return Decimal(minor).scaleb(-exponent(currency))


def is_known(currency: str) -> bool:
    """Whether this is an ISO 4217 code."""
    from babel.numbers import is_currency  # slow to load, and not needed where all is free

    return currency.isascii() and currency.isupper() and is_currency(currency)


def display(minor: int, currency: str, language: str) -> str:
    """The amount as readers of this language write it; whole amounts without decimals.

    `language` is a Django language code such as "de" or "pt-br".
    """
    from babel import Locale, UnknownLocaleError
    from babel.numbers import format_currency, get_currency_precision, parse_pattern

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    amount = to_decimal(minor, currency)
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    digits = 0 if amount == amount.to_integral_value() else get_currency_precision(currency)
    pattern.frac_prec = (digits, digits)
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)
