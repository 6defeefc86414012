"""Keeps real money and Stripe's play money apart: with a live key, orders made in test mode count nowhere."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from wagtail_calendly import conf
from wagtail_calendly.bookings.models import Payment
from wagtail_calendly.payments import mode_of


def is_test() -> bool:
    """Whether nobody is charged: what counts as revenue is play money."""
    return _mode() == "test"


def is_live() -> bool:
    """Whether real money is taken, beside which play money must not count."""
    return _mode() == "live"


def of_bookings() -> Q:
    """The bookings that count: not those that were paid, or to be paid, in test mode only."""
    if not is_live():
        return Q()
    attempts = Payment.objects.filter(booking=OuterRef("pk"))
    return ~Exists(attempts.filter(mode="test")) | Q(Exists(attempts.filter(mode="live")))


def of_payments(payment: str = "") -> Q:
    """The payments that count; `payment` leads to them."""
    return ~Q(**{f"{payment}mode": "test"}) if is_live() else Q()


def depending() -> Q:
    """The bookings that may count in one mode and not in another."""
    return Q(Exists(Payment.objects.filter(booking=OuterRef("pk"), mode="test")))


def _mode() -> str | None:
    return mode_of(conf.load().payments.secret_key.get_secret_value())
