"""Records facts: merges them so that order and repetition cannot matter, and marks the booking as due.

Locks are always taken in the order booking, then appointment, payment, refund.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly import signals
from wagtail_calendly.bookings import links, paid, personal, said, tombstones
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Payment,
    Refund,
    RefundState,
    Status,
)
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.calendly import Invitee, ScheduledEvent
from wagtail_calendly.exceptions import InvalidReference
from wagtail_calendly.payments import CheckoutSaid, RefundSaid
from wagtail_calendly.snippets.models import EventType

#: States of a refund whose money is given back, or on its way.
_GIVEN = (RefundState.PENDING, RefundState.REQUIRES_ACTION, RefundState.SUCCEEDED)


def claim(
    reference: Reference, *, invitee_uri: str = "", tracking: dict[str, str] | None = None
) -> Booking:
    """The visitor says that it is booked. Raises `InvalidReference` when its terms are gone."""
    booking = links.booking_of(reference)
    said_now: dict[str, Any] = {}
    if booking.claimed_at is None or booking.status == Status.ABANDONED:
        said_now["claimed_at"] = timezone.now()
    of_a_person = {"claimed_invitee_uri": invitee_uri, "tracking": tracking}
    for name, value in of_a_person.items():
        if value and booking.erased_at is None and getattr(booking, name) != value:
            said_now[name] = value
    if said_now:
        Booking.objects.filter(pk=booking.pk).mark_due(**said_now)
        booking.refresh_from_db()
    return booking


def appointment(
    invitee: Invitee, event: ScheduledEvent, *, account: str = "default", given: str = ""
) -> Appointment | None:
    """Calendly says this of an invitee and their event.

    `given` is the reference that it belongs to where Calendly has dropped it; see `links.may_be_given`.
    None when it belongs to no booking and the site ignores such appointments. What it changes of a booking
    is for `settle` to say: every booking touched is marked as due.
    """
    registers = said.of_invitee(invitee), said.of_event(event)
    row = Appointment.objects.filter(invitee_uri=invitee.uri).first()
    if row is None or given or any(register.is_news_to(row) for register in registers):
        in_transaction(lambda: _merge(invitee.uri, event.uri, registers, account, given))
        # Once more, for who was erased meanwhile.
        tombstones.honour(invitee.uri, registers[0].columns)
    links.renew(invitee.uri)
    return Appointment.objects.filter(invitee_uri=invitee.uri).first()


def payment(checkout: CheckoutSaid) -> Payment | None:
    """The payment provider says this of a checkout, its payment and its refunds.

    None when it is no attempt of this site's, or of another mode. The booking is marked as due where this
    is news; what it means is for `settle` to say.
    """
    row = _attempt_of(checkout)
    if row is None or row.mode not in ("", checkout.mode):
        return None
    if paid.of_checkout(checkout).is_news_to(row) or any(map(_is_news, checkout.refunds)):
        in_transaction(partial(_merge_payment, row, checkout))
    return Payment.objects.get(pk=row.pk)


def refund(payment: Payment, told: RefundSaid) -> Refund:
    """The payment provider says this of a refund of this payment, made by us or elsewhere."""
    if _is_news(told):
        in_transaction(partial(_merge_refund, payment, told))
    return Refund.objects.get(refund_id=told.id)


def _merge(
    uri: str, event_uri: str, registers: tuple[said.Register, ...], account: str, given: str
) -> None:
    """Write each register that counts more than the one stored. Right whoever else writes meanwhile."""
    Booking.objects.filter(appointments__invitee_uri=uri).mark_due()
    fresh = Appointment(
        invitee_uri=uri, event_uri=event_uri, account=account, given_reference=given
    )
    Appointment.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Appointment.objects.filter(invitee_uri=uri)
    row.filter(booking=None, given_reference="").update(given_reference=given)
    for register in registers:
        row.filter(register.outranks()).update(**register.assignments())
    mirrored = EventType.objects.filter(uri=OuterRef("event_type_uri"))
    row.update(event_type=Subquery(mirrored.values("pk")[:1]))
    tombstones.honour(uri, registers[0].columns)


def _attempt_of(checkout: CheckoutSaid) -> Payment | None:
    """The row of this attempt: by the key that it carries, else by the names the provider gave it."""
    names = {
        "attempt": checkout.attempt,
        "checkout_id": checkout.id,
        "payment_intent": checkout.payment_intent,
    }
    for name, value in names.items():
        row = Payment.objects.filter(**{name: value}).first() if value else None
        if row:
            return row
    return _remade(checkout)


def _remade(checkout: CheckoutSaid) -> Payment | None:
    """An attempt that carries a reference of this site's, though its row is gone: a backup was restored."""
    try:
        reference = references.read(checkout.reference)
        if not Site.objects.filter(pk=reference.site_id).exists():
            return None
        booking = links.booking_of(reference)
    except InvalidReference:
        return None
    fresh = Payment(
        booking=booking,
        attempt=checkout.attempt[:32] or checkout.id[-32:],
        amount=booking.terms.charge,
        currency=booking.terms.currency,
        asked_at=checkout.created_at,
        sent_at=checkout.created_at,
        mode=checkout.mode,
        state=paid.state_of(checkout),
    )
    Payment.objects.bulk_create([fresh], ignore_conflicts=True)
    return Payment.objects.filter(attempt=fresh.attempt).first()


def _is_news(told: RefundSaid) -> bool:
    known = Refund.objects.filter(refund_id=told.id)
    return not known.exclude(paid.refund_outranks(told)).exists()


def _merge_payment(row: Payment, checkout: CheckoutSaid) -> None:
    Booking.objects.filter(pk=row.booking_id).mark_due()
    register = paid.of_checkout(checkout)
    Payment.objects.filter(register.outranks(), pk=row.pk).update(**register.assignments())
    erased = Q(erased_at__isnull=False) | Q(booking__erased_at__isnull=False)
    personal.blank(Payment.objects.filter(erased, pk=row.pk))
    for told in filter(_is_news, checkout.refunds):
        _merge_refund(row, told)


def _merge_refund(row: Payment, told: RefundSaid) -> None:
    Booking.objects.filter(pk=row.booking_id).mark_due()
    _insert_refund(row, told)
    named = Refund.objects.filter(paid.refund_outranks(told), refund_id=told.id)
    was_given = Refund.objects.filter(refund_id=told.id, state__in=_GIVEN).exists()
    written = named.update(state=told.status, amount=told.amount)
    if written and told.status in _GIVEN and not was_given:
        tell = partial(_tell_refunded, row.booking_id, told.amount)
        transaction.on_commit(tell, robust=True)


def _insert_refund(row: Payment, told: RefundSaid) -> None:
    """Give our row its refund's id, or make a row for one of which we have none."""
    if Refund.objects.filter(refund_id=told.id).exists():
        return
    ours = Refund.objects.filter(payment=row, effect=told.effect).exclude(effect="")
    if ours.filter(refund_id="").update(refund_id=told.id):
        return
    fresh = Refund(
        payment=row,
        effect="" if ours.exists() else told.effect[:150],
        refund_id=told.id,
        amount=told.amount,
        created_at=told.created_at,
    )
    Refund.objects.bulk_create([fresh], ignore_conflicts=True)


def _tell_refunded(booking_id: int, amount: int) -> None:
    booking = Booking.objects.get(pk=booking_id)
    signals.booking_refunded.send_robust(sender=Booking, booking=booking, amount=amount)
