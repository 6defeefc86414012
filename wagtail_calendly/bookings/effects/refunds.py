"""What is asked of the payment provider about money to give back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils import timezone

from wagtail_calendly.bookings import record
from wagtail_calendly.bookings.effects.checkouts import KEY_LASTS
from wagtail_calendly.bookings.effects.freezing import freeze
from wagtail_calendly.bookings.effects.looking import look
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Effect, Payment, Refund, RefundState
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.rules import EffectSpec
from wagtail_calendly.payments import (
    PaymentIdempotencyConflict,
    PaymentProvider,
    PaymentRefused,
    RefundSaid,
)


def refund(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Give money back, as much as is still owed after both vendors were asked again."""
    payment = Payment.objects.get(attempt=effect.params["subject"])
    provider = vendors.payments_of(payment)
    look(booking, vendors)
    row = freeze(effect, partial(_freeze_refund, booking, provider))
    try:
        record.refund(row.payment, _made(row, provider))
    except PaymentRefused:
        _refused(row, provider)


def _freeze_refund(
    booking: Booking, provider: PaymentProvider, spec: EffectSpec, now: datetime
) -> Refund:
    """The row of this refund; its amount is what is owed now, not when it was first thought of."""
    asked = Refund.objects.select_related("payment").filter(effect=spec.key).first()
    if asked:
        return asked
    payment = Payment.objects.get(attempt=spec.subject)
    params = provider.refund_params(
        payment_intent=payment.payment_intent,
        amount=spec.amount,
        currency=payment.said_currency,
        effect=spec.key,
        reference=booking.reference,
    )
    stored = {"sent": params, "key": f"refund:{spec.key}"}
    row = Refund.objects.create(
        payment=payment, effect=spec.key, amount=spec.amount, params=stored, created_at=now
    )
    row.refresh_from_db(fields=["params"])  # as it will be read for a repeat
    return row


def _made(row: Refund, provider: PaymentProvider) -> RefundSaid:
    """The refund at the provider, made now unless it is there already."""
    is_uncertain = row.params.get("is_uncertain") or timezone.now() - row.created_at >= KEY_LASTS
    known = _known(row, provider) if is_uncertain else None
    if known:
        return known
    try:
        return provider.refund(row.params["sent"], idempotency_key=row.params["key"])
    except PaymentIdempotencyConflict:
        _take_another_key(row)
        raise


def _known(row: Refund, provider: PaymentProvider) -> RefundSaid | None:
    made = provider.refunds(row.payment.payment_intent)
    return next((one for one in made if one.effect == row.effect), None)


def _take_another_key(row: Refund) -> None:
    """This key will answer the same failure for a day. The next try looks first, and asks by another one."""
    tries = row.params.get("keys", 1) + 1
    params = {**row.params, "key": f"refund:{row.effect}:{tries}", "keys": tries}
    Refund.objects.filter(pk=row.pk).update(params={**params, "is_uncertain": True})


def _refused(row: Refund, provider: PaymentProvider) -> None:
    """More than is left, or not now: what was given back elsewhere is read, and a person decides."""
    for said in provider.refunds(row.payment.payment_intent):
        record.refund(row.payment, said)

    def close() -> None:
        Booking.objects.filter(pk=row.payment.booking_id).mark_due()
        Refund.objects.filter(pk=row.pk, state=RefundState.ASKED).update(state=RefundState.REFUSED)

    in_transaction(close)
