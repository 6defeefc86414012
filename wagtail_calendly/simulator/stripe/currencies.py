"""Which amounts Stripe charges: currencies, smallest charges, and units that must not be split.

https://docs.stripe.com/currencies
"""

from __future__ import annotations

from decimal import Decimal

from wagtail_calendly.simulator.stripe.errors import InvalidError

ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
TWO_DECIMAL = frozenset(
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd "
    "cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd "
    "hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt "
    "mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub "
    "sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx uyu uzs wst "
    "xcd yer zar zmw".split()
)
CURRENCIES = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL
# Whole units only, though they are counted in hundredths; and no last digit of three.
STEPS = {"isk": 100, "ugx": 100} | dict.fromkeys(THREE_DECIMAL, 10)
MINIMUM = {
    "gbp": 30, "czk": 1500, "dkk": 250, "nok": 300, "sek": 300, "pln": 200, "huf": 17500,
    "ron": 200, "bgn": 100, "aed": 200, "hkd": 400, "jpy": 50, "mxn": 1000, "myr": 200,
    "thb": 1000,
} | dict.fromkeys("usd eur aud cad chf nzd sgd brl inr".split(), 50)  # fmt: skip
MAXIMUM = 99_999_999
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}


def step(currency: str) -> int:
    return STEPS.get(currency, 1)


def minimum(currency: str) -> int:
    return MINIMUM.get(currency, step(currency))


def rounded(amount: Decimal, currency: str) -> int:
    """To the nearest amount that can be charged."""
    unit = step(currency)
    return int((amount / unit).quantize(Decimal(1), "ROUND_HALF_UP")) * unit


def shown(amount: int, currency: str) -> str:
    """€50.00, ¥500, 5.000 BHD; whole units where the currency has no smaller ones."""
    digits = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    number = Decimal(amount).scaleb(-digits)
    text = f"{number:,.0f}" if currency in ("isk", "ugx") else f"{number:,.{digits}f}"
    sign = SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency.upper()}"


def check_currency(currency: str, path: str) -> None:
    if currency not in CURRENCIES:
        listed = ", ".join(sorted(CURRENCIES))
        message = f"Invalid currency: {currency}. Stripe currently supports these: {listed}"
        raise InvalidError(message, path)


def check_unit(amount: int, currency: str, path: str) -> None:
    if amount % step(currency):
        message = f"Invalid amount: in {currency} it must be divisible by {step(currency)}"
        raise InvalidError(message, path, "parameter_invalid_integer")


def check_total(total: int, currency: str) -> None:
    """Nothing at all may be charged, but not too little or too much."""
    if 0 < total < minimum(currency):
        least = shown(minimum(currency), currency)
        message = f"The Checkout Session's total amount due must add up to at least {least}"
        raise InvalidError(message, "line_items", "amount_too_small")
    if total > MAXIMUM:
        message = f"The Checkout Session's total amount must be at most {shown(MAXIMUM, currency)}"
        raise InvalidError(message, "line_items", "amount_too_large")
