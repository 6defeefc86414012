"""Which payment is kept, what of it was given back, and why."""

from __future__ import annotations

from wagtail_calendly.bookings.models import (
    Booking,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Status,
)

#: States in which the money is on its way back, or is there.
GIVEN_BACK = (RefundState.PENDING, RefundState.REQUIRES_ACTION, RefundState.SUCCEEDED)


def kept(booking: Booking) -> Payment | None:
    """The first payment that arrived; later ones are given back."""
    paid = booking.payments.filter(state=PaymentState.PAID)
    return paid.order_by("settled_at", "pk").first()


def last(booking: Booking) -> Refund | None:
    """The newest refund that is not undone."""
    refunds = Refund.objects.filter(payment__booking=booking, state__in=GIVEN_BACK)
    return refunds.select_related("payment").order_by("created_at", "pk").last()


def given_back(payment: Payment) -> int:
    """In all, in minor units."""
    return sum(refund.amount for refund in payment.refunds.filter(state__in=GIVEN_BACK))


def because(booking: Booking, refund: Refund) -> str:
    """Why, as far as the facts say: "twice", "late", "host", "canceled"; else empty."""
    if refund.payment != kept(booking):
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
