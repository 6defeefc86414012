"""What a session costs, in words: of a session type as it is offered, or of the terms of a booking."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_calendly.payments import money


class Priced(Protocol):
    """A session type or terms; money in minor units of the currency."""

    price: int
    currency: str
    deposit: int
    adds_tax: bool


def in_words(offered: Priced) -> str:
    """Such as "Free", "60 €", "60 € plus tax" or "20 € now, the rest of 60 € later"."""
    if not offered.price:
        return _("Free")
    price = amount(offered.price, offered.currency)
    paid_here = amount(offered.deposit or offered.price, offered.currency)
    if offered.adds_tax:
        paid_here = _("%(price)s plus tax") % {"price": paid_here}
    if not offered.deposit:
        return paid_here
    return _("%(deposit)s now, the rest of %(price)s later") % {
        "deposit": paid_here,
        "price": price,
    }


def amount(minor: int, currency: str) -> str:
    """An amount as readers of the active language write it."""
    return money.display(minor, currency, get_language() or "en")
