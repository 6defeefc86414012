"""Which payment is kept, what was given back, and why."""

from __future__ import annotations

from wagtail_calendly.bookings.facts import facts_of
from wagtail_calendly.bookings.models import Booking, Payment, Refund, RefundState, Status
from wagtail_calendly.bookings.rules.ledger import Ledger

#: States in which the money is on its way back, or is there.
GIVEN_BACK = (RefundState.PENDING, RefundState.REQUIRES_ACTION, RefundState.SUCCEEDED)


def kept(booking: Booking) -> Payment | None:
    """The one payment whose money may stay."""
    keeper = Ledger(facts_of(booking)).keeper
    return booking.payments.get(attempt=keeper.attempt) if keeper else None


def all_of(booking: Booking) -> list[Refund]:
    """The refunds that are not undone, the newest last."""
    refunds = Refund.objects.filter(payment__booking=booking, state__in=GIVEN_BACK)
    return list(refunds.select_related("payment").order_by("created_at", "pk"))


def because(booking: Booking, refund: Refund) -> str:
    """Why, as far as the facts say: "twice", "late", "host", "canceled"; else empty."""
    keeper = kept(booking)
    if keeper and refund.payment != keeper:
        return "twice"
    if booking.status == Status.EXPIRED or _came_after_cancellation(booking, refund.payment):
        return "late"
    if booking.status != Status.CANCELED:
        return ""
    appointment = booking.current_appointment
    return "host" if appointment and appointment.canceler_type == "host" else "canceled"


def _came_after_cancellation(booking: Booking, payment: Payment) -> bool:
    appointment = booking.current_appointment
    canceled_at = appointment.canceled_at if appointment else None
    return bool(canceled_at and payment.settled_at and payment.settled_at > canceled_at)
