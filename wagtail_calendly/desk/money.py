"""The money of a booking, in words: what was agreed, every attempt to pay, every refund, what was asked for, mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_calendly import accounts
from wagtail_calendly.bookings import when
from wagtail_calendly.bookings.facts import facts_of_terms
from wagtail_calendly.bookings.models import Attention, Booking, Effect, Payment, Refund, Request
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.snippets import policy_words, price_words
from wagtail_calendly.snippets.mail_texts import Mail
from wagtail_calendly.snippets.models import PaymentOrder, Terms
from wagtail_calendly.snippets.price_words import amount


@dataclass(frozen=True)
class Attempt:
    """One attempt to pay. `url` leads to the provider's own page; `notes` say what changed the amount."""

    payment: Payment
    amount: str
    notes: list[str]
    url: str

    @property
    def is_test(self) -> bool:
        return self.payment.mode == "test"


@dataclass(frozen=True)
class Returned:
    """One refund."""

    refund: Refund
    amount: str
    is_made_elsewhere: bool


def panel(booking: Booking, held: Standing) -> dict[str, Any]:
    """What the page of a booking tells of its money; nothing where it is free."""
    payments = list(booking.payments.all())
    if not (booking.terms.charge or payments):
        return {}
    return {
        "agreed": list(_agreed(booking, held)),
        "policy": _policy(booking),
        "attempts": [_attempt(payment) for payment in payments],
        "refunds": [_returned(one) for payment in payments for one in payment.refunds.all()],
    }


def _agreed(booking: Booking, held: Standing) -> Iterator[tuple[str, str]]:
    terms = booking.terms
    yield _("Price"), price_words.in_words(terms)
    is_waived = held.facts.asked("waive") and not held.keeper
    yield _("To be paid"), _("Nothing: the payment was waived") if is_waived else _order(terms)
    if held.decision.hold_until and held.decision.status == "awaiting_payment":
        yield _("Held until"), _moment(held.decision.hold_until)
    keeper = held.keeper
    if keeper:
        yield _("Paid"), amount(keeper.captured, keeper.currency)
    if keeper and keeper.refunded:
        yield _("Given back"), amount(keeper.refunded, keeper.currency)
        yield _("Kept"), amount(keeper.captured - keeper.refunded, keeper.currency)


def _order(terms: Terms) -> str:
    """When it is paid, and how long that may take."""
    order = str(PaymentOrder(terms.payment_order).label)
    if terms.payment_order == PaymentOrder.BEFORE_SCHEDULING:
        limit = _("to be used within %(days)s days") % {"days": terms.link_days}
    else:
        minutes = ceil(facts_of_terms(terms).hold.total_seconds() / 60)
        limit = _("held for %(minutes)s minutes") % {"minutes": minutes}
    return f"{capfirst(order)}, {limit}"


def _policy(booking: Booking) -> list[str]:
    """As agreed, with the dates of this session."""
    start = booking.starts_at and timezone.localtime(booking.starts_at)
    return policy_words.sentences(booking.terms.tiers, start=start)


def _attempt(payment: Payment) -> Attempt:
    currency = payment.said_currency or payment.currency
    shown = payment.captured or payment.total or payment.amount
    notes = []
    if payment.discount:
        notes.append(_("%(amount)s off by a code") % {"amount": amount(payment.discount, currency)})
    if payment.tax:
        notes.append(_("of it %(amount)s tax") % {"amount": amount(payment.tax, currency)})
    if payment.dispute:
        notes.append(dispute_words(payment.dispute))
    return Attempt(payment, amount(shown, currency), notes, _dashboard_url(payment))


def dispute_words(dispute: str) -> str:
    words = {
        "open": _("disputed by the payer"),
        "won": _("the dispute was won"),
        "lost": _("the dispute was lost"),
    }
    return words.get(dispute, dispute)


def _returned(refund: Refund) -> Returned:
    currency = refund.payment.said_currency or refund.payment.currency
    return Returned(refund, amount(refund.amount, currency), not refund.effect)


def _dashboard_url(payment: Payment) -> str:
    """At the provider; empty where it knows nothing yet, or another key would be needed to see it."""
    if not payment.payment_intent:
        return ""
    try:
        provider = accounts.payments()
    except NotConfigured:
        return ""
    return provider.dashboard_url(payment.payment_intent) if provider.mode == payment.mode else ""


def requested(booking: Booking, request: Request) -> str:
    """What somebody asked for, in words."""
    words = str(capfirst(request.get_kind_display()))
    if request.total is not None:
        shown = amount(request.total, booking.terms.currency)
        return _("%(what)s: %(amount)s given back in all") % {"what": words, "amount": shown}
    if request.until:
        return _("%(what)s: until %(until)s") % {"what": words, "until": _moment(request.until)}
    if which := _which(request.code):
        return _("%(what)s: %(which)s") % {"what": words, "which": which}
    return words


def _which(code: str) -> str:
    """Which reason for attention was seen to, or which mail sent again."""
    if code in Attention.values:
        return str(Attention(code).label)
    return str(Mail(code).label) if code in Mail.values else ""


def who(request: Request) -> str:
    return name_of(request.user) if request.is_staff else _("The visitor")


def name_of(user: Any) -> str:
    """A member of staff, as they call themselves here."""
    return str(user.get_full_name() or user.get_username()) if user else _("A user who is gone")


def mail_of(effect: Effect) -> str:
    """Which mail an effect sends."""
    name = effect.params.get("subject", "")
    return str(Mail(name).label) if name in Mail.values else name


def _moment(at: datetime) -> str:
    return when.moment(at, timezone.get_current_timezone_name())
