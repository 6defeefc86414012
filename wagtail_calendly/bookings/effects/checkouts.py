"""What is asked of the payment provider about checkouts: to open, to look up, to close one."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.utils import timezone

from wagtail_calendly.bookings import orders, record
from wagtail_calendly.bookings.effects.freezing import freeze
from wagtail_calendly.bookings.effects.looking import look_at_payment
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Effect, Payment, PaymentState
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.rules import EffectSpec
from wagtail_calendly.bookings.settle import decide
from wagtail_calendly.payments import (
    CheckoutSaid,
    PaymentIdempotencyConflict,
    PaymentProvider,
    PaymentRefused,
)

#: Stripe forgets a key after a day; then the same key would open a second checkout.
#: https://docs.stripe.com/api/idempotent_requests
KEY_LASTS = timedelta(hours=23)
#: How often an attempt of one booking is made anew before a person must look.
MOST_REFUSALS = 3


class Attempt(NamedTuple):
    """A payment whose parameters are frozen. `is_repeat`: they may have been sent before."""

    payment: Payment
    is_repeat: bool


def open_checkout(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Open the attempt's checkout, or find the one that an interrupted try has opened."""
    provider = vendors.payments_of(_payment(effect))
    attempt = freeze(effect, partial(_freeze_attempt, booking, provider))
    try:
        said = _opened(attempt, provider)
    except PaymentRefused:
        _close(attempt.payment, PaymentState.REFUSED)
        return
    if said:
        record.payment(said)
    else:
        _close(attempt.payment, PaymentState.REFUSED, is_asked_again=True)


def look_up_payment(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Ask what became of an attempt, in case nobody tells us."""
    look_at_payment(_payment(effect), vendors)


def expire_checkout(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Close a checkout that may not be paid any more; one that was paid meanwhile is recorded as paid."""
    payment = freeze(effect, lambda spec, now: _payment(effect))
    provider = vendors.payments_of(payment)
    if payment.checkout_id:
        record.payment(provider.expire_checkout(payment.checkout_id))
        return
    # It may be on its way still: asked for by its own key, it is there, or never will be.
    said = _opened(Attempt(payment, is_repeat=True), provider)
    if said is None:
        _close(payment, PaymentState.EXPIRED)
        return
    record.payment(said)
    if said.status == "open":
        record.payment(provider.expire_checkout(said.id))


def give_up(effect: Effect) -> None:
    """An attempt that is not wanted any more, and that nobody outside has heard of, is over."""

    def close() -> None:
        Booking.objects.filter(pk=effect.booking_id).mark_due()
        unsent = Payment.objects.filter(attempt=effect.params["subject"], sent_at=None)
        unsent.filter(state=PaymentState.OPENING).update(state=PaymentState.EXPIRED)

    in_transaction(close)


def _payment(effect: Effect) -> Payment:
    return Payment.objects.get(attempt=effect.params["subject"])


def _freeze_attempt(
    booking: Booking, provider: PaymentProvider, spec: EffectSpec, now: datetime
) -> Attempt:
    payment = Payment.objects.get(attempt=spec.subject)
    if payment.sent_at:
        return Attempt(payment, is_repeat=True)
    payment.params = provider.checkout_params(orders.order(booking, payment, now))
    payment.sent_at, payment.mode, payment.provider = now, provider.mode, provider.name
    payment.save(update_fields=["params", "sent_at", "mode", "provider"])
    # PostgreSQL keeps an order of its own: sent is what was stored, so that a repeat is the same to the letter.
    payment.refresh_from_db(fields=["params"])
    return Attempt(payment, is_repeat=False)


def _opened(attempt: Attempt, provider: PaymentProvider) -> CheckoutSaid | None:
    """The attempt's checkout; None where it is certain that there is none. Raises `PaymentRefused`."""
    payment = attempt.payment
    sent_at = payment.sent_at or payment.asked_at
    if timezone.now() - sent_at < KEY_LASTS:
        try:
            return provider.open_checkout(
                payment.params, idempotency_key=f"checkout:{payment.attempt}"
            )
        except PaymentIdempotencyConflict:
            pass
        except PaymentRefused:
            # A repeat may be refused because time has passed: its end is too near by now.
            if not attempt.is_repeat:
                raise
    return provider.find_checkout(payment.attempt, since=sent_at)


def _close(payment: Payment, state: PaymentState, *, is_asked_again: bool = False) -> None:
    """There is no checkout, and there will be none under this key; a new attempt has a new one."""

    def close() -> None:
        Booking.objects.filter(pk=payment.booking_id).mark_due()
        undecided = Payment.objects.filter(pk=payment.pk, state=PaymentState.OPENING)
        if not undecided.update(state=state) or not is_asked_again:
            return
        refused = Payment.objects.filter(
            booking=payment.booking_id, state=PaymentState.REFUSED
        ).count()
        booking = Booking.objects.select_related("terms__event_type").get(pk=payment.booking_id)
        if refused < MOST_REFUSALS and decide(booking, timezone.now()).is_payable:
            again = Payment(booking=booking, amount=payment.amount, currency=payment.currency)
            Payment.objects.bulk_create([again], ignore_conflicts=True)

    in_transaction(close)
