"""Money in integer minor units: how many digits a currency has with Stripe, what can be charged, showing amounts."""

from __future__ import annotations

import re
from decimal import Decimal, Inexact, InvalidOperation, localcontext

#: Where Stripe's minor unit is not the one that ISO 4217 and CLDR give.
#: https://docs.stripe.com/currencies#special-cases
STRIPE_EXPONENTS = {"ISK": 2, "UGX": 2, "HUF": 2, "TWD": 2, "MGA": 0}
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
#: Charged in hundreds, or in tens, of the minor unit only.
STEPS = {"ISK": 100, "UGX": 100} | dict.fromkeys(THREE_DECIMAL, 10)

#: What can be charged. https://docs.stripe.com/currencies#presentment-currencies
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
    MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
    RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
    """.split()
)
#: In minor units. Others have none of their own, and Stripe decides by what they are worth on the account.
#: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUMS = dict.fromkeys("USD EUR AUD CAD CHF NZD SGD BRL INR".split(), 50) | {
    "AED": 200,
    "CZK": 1500,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "JPY": 50,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "THB": 1000,
}
#: CLDR sets a code such as CHF apart from the number where its pattern does not; babel leaves that out.
#: https://unicode.org/reports/tr35/tr35-numbers.html#Currencies
LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
#: In minor units: eight digits.
MAXIMUM = 99_999_999


class InvalidAmount(ValueError):
    """An amount that the currency cannot express, or that cannot be charged."""


class CurrencyNotCharged(InvalidAmount):
    """A currency that Stripe does not charge."""


class AmountTooSmall(InvalidAmount):
    """Less than Stripe charges; `limit` in minor units is the least."""

    def __init__(self, limit: int, currency: str) -> None:
        super().__init__(f"Less than {to_decimal(limit, currency)} {currency} cannot be charged.")
        self.limit = limit


class AmountTooLarge(InvalidAmount):
    """More than Stripe charges at once; `limit` in minor units is the most."""

    def __init__(self, limit: int, currency: str) -> None:
        super().__init__(f"More than {to_decimal(limit, currency)} {currency} cannot be charged.")
        self.limit = limit


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


def minimum(currency: str) -> int:
    """The least that can be charged, in minor units."""
    return MINIMUMS.get(currency, STEPS.get(currency, 1))


def check_charge(minor: int, currency: str) -> None:
    """Raises `InvalidAmount`, or the one of its kinds that says why, for what Stripe would refuse."""
    if currency not in CURRENCIES:
        raise CurrencyNotCharged(f"{currency} cannot be charged.")
    if minor % STEPS.get(currency, 1):
        raise InvalidAmount(
            f"{to_decimal(minor, currency)} is finer than {currency} can be charged."
        )
    if minor < minimum(currency):
        raise AmountTooSmall(minimum(currency), currency)
    if minor > MAXIMUM:
        raise AmountTooLarge(MAXIMUM - MAXIMUM % STEPS.get(currency, 1), currency)


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
    text = format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)
    return LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", text)
