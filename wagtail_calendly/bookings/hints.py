"""What the payment provider's webhooks and its list of events name is read again; nothing else of them is believed."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from wagtail_calendly import accounts
from wagtail_calendly.bookings import health, record
from wagtail_calendly.bookings.models import Connection, Payment
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.payments import (
    CheckoutSaid,
    Hint,
    PaymentNotFound,
    PaymentProvider,
    PaymentUnavailable,
)

logger = logging.getLogger(__name__)

#: How far back a poll reads beyond the last one: events are listed a moment after they happen, and clocks differ.
OVERLAP = timedelta(minutes=10)
#: Stripe forgets events after so long. https://docs.stripe.com/api/events
REMEMBERED = timedelta(days=30)
#: So many that cannot be read are one by one at fault; more, and it is the provider.
MOST_FAILURES = 3
KEEPS_TRYING = timedelta(hours=6)


def take(hint: Hint, *, because: str) -> Payment | None:
    """Read what a hint names, record it, settle its booking. None where it is not of this site.

    Raises a `PaymentError` or `PaymentsNotConfigured`.
    """
    provider = accounts.payments()
    said = _read(hint, provider) if hint.mode == provider.mode else None
    payment = record.payment(said) if said else None
    if payment:
        settle(payment.booking_id, because=because)
    return payment


def poll(*, now: datetime | None = None) -> int:
    """Take every hint since the last poll, so that no lost webhook is lost for long; returns how many payments.

    Of several about one payment one is enough: what is read is how it stands now. Raises as `take` does.
    """
    now = now or timezone.now()
    since = _since(now)
    read: dict[tuple[str, str, str], int | None] = {}
    failed: list[datetime] = []
    for hint in accounts.payments().hints(since=since) if since else ():
        named = (hint.checkout, hint.payment_intent, hint.refund)
        known = _known(hint)
        if named in read or (known and known.pk in read.values()):
            continue
        try:
            payment = take(hint, because="poll")
        except PaymentUnavailable as error:
            if len(failed) == MOST_FAILURES:
                raise
            logger.warning("A payment could not be read: %s", error)
            failed.append(hint.created_at)
            payment = None
        read[named] = payment.pk if payment else None
    health.well(health.PAYMENTS)
    # What failed is read again, for a while: one that can never be read must not stop the others.
    until = max(min(failed), now - KEEPS_TRYING) if failed else now
    Connection.objects.filter(account=health.PAYMENTS).update(last_poll_at=until)
    return len(set(read.values()) - {None})


def _since(now: datetime) -> datetime | None:
    """Where the last poll ended; the first begins with the oldest attempt. None: nothing to ask."""
    last = health.connection(health.PAYMENTS).last_poll_at
    if last is None:
        last = Payment.objects.aggregate(oldest=Min("asked_at"))["oldest"]
    return last and max(last - OVERLAP, now - REMEMBERED)


def _known(hint: Hint) -> Payment | None:
    """The attempt that a hint is about, where we know it by the provider's names."""
    if hint.checkout:
        return Payment.objects.filter(checkout_id=hint.checkout).first()
    named = Payment.objects.filter(payment_intent=hint.payment_intent)
    return named.first() if hint.payment_intent else None


def _read(hint: Hint, provider: PaymentProvider) -> CheckoutSaid | None:
    """The checkout that a hint leads to; None where there is none, or none in this account any more."""
    try:
        if hint.checkout:
            return provider.checkout(hint.checkout)
        intent = hint.payment_intent
        if not intent and hint.refund:
            intent = provider.refund_said(hint.refund).payment_intent
        if not intent:
            return None
        known = _known(replace(hint, payment_intent=intent))
        if known and known.checkout_id:
            return provider.checkout(known.checkout_id)
        return provider.checkout_of(intent)
    except PaymentNotFound:
        return None
