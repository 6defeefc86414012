"""What a price needs: an amount that can be charged, and a way to pay it that fits the event type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wagtail_calendly.payments import money
from wagtail_calendly.snippets import price_words
from wagtail_calendly.snippets.terms import PaymentOrder

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType


def problems(session_type: SessionType) -> dict[str, str]:
    """For editors, by field: what is wrong with the price of a session type, and how to mend it."""
    if not session_type.is_priced:
        return {}
    found = dict(_amounts(session_type))
    if is_group_paid_after(session_type):
        found["payment_order"] = _(
            "A group can only be paid before choosing a time: Calendly cannot take back the place "
            "of one invitee without canceling for everybody. Choose “before choosing a time”."
        )
    return found


def is_group_paid_after(session_type: SessionType) -> bool:
    """Whether an unpaid place could not be given back: Calendly cancels group events for everyone."""
    event_type = session_type.event_type
    return bool(
        event_type
        and event_type.is_group
        and session_type.is_priced
        and session_type.payment_order == PaymentOrder.AFTER_SCHEDULING
    )


def _amounts(session_type: SessionType) -> Iterator[tuple[str, str]]:
    currency = session_type.currency
    if currency not in money.CURRENCIES:
        yield "currency", _("Stripe takes no payments in this currency. Choose another one.")
        return
    if problem := _charge_problem(session_type.price, currency):
        yield "price", problem
    if session_type.deposit:
        if problem := _charge_problem(session_type.deposit, currency):
            yield "deposit", problem
        elif session_type.deposit >= session_type.price:
            yield (
                "deposit",
                _("The deposit is a part of the price. Ask for less, or leave it empty."),
            )


def _charge_problem(minor: int, currency: str) -> str:
    """Why Stripe would refuse to charge this amount; empty when it would not."""
    try:
        money.check_charge(minor, currency)
    except money.AmountTooSmall as error:
        least = price_words.amount(error.limit, currency)
        return _("Stripe takes no payment below %(amount)s. Ask for more.") % {"amount": least}
    except money.AmountTooLarge as error:
        most = price_words.amount(error.limit, currency)
        return _("Stripe takes no payment above %(amount)s. Ask for less.") % {"amount": most}
    except money.InvalidAmount:
        return too_fine(currency)
    return ""


def too_fine(currency: str) -> str:
    """What to say of an amount with digits that the currency lacks."""
    step = money.to_decimal(money.STEPS.get(currency, 1), currency)
    return _("Prices in %(currency)s go in steps of %(step)s. Round this one.") % {
        "currency": currency,
        "step": step.normalize() if step < 1 else int(step),
    }
