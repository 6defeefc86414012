"""How a booking stands, as the API tells it, and how the API finds it."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Schema
from wagtail.models import Site

from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.visitor.agreed import Agreed
from wagtail_calendly.visitor.paying import Paying


class SessionTypeRef(Schema):
    """Which session was booked."""

    id: int
    title: str


class PaymentOut(Schema):
    """The money of a booking; amounts count the currency's smallest unit. `amount` is what is paid through this site.

    `hold_until`: the slot is given back then unless it is paid. `refunded` was given back, `refund_pending`
    is still to come. `refund_if_canceled` would stand refunded in all if the visitor canceled now.
    """

    amount: int
    currency: str
    display: str
    is_payable: bool
    hold_until: datetime | None
    refunded: int
    refund_pending: int
    refund_if_canceled: int


class BookingOut(Schema):
    """How a booking stands. Nothing in it says who booked; `payment` is null when it is free."""

    status: str
    payment_status: str
    session_type: SessionTypeRef
    starts_at: datetime | None
    ends_at: datetime | None
    payment: PaymentOut | None


def booking_of(request: HttpRequest, token: str) -> Booking:
    """The booking of this token on this site. Raises `Http404`."""
    rows = Booking.objects.select_related("terms__session_type", "terms__event_type")
    return get_object_or_404(rows, token=token, site=site_of(request))


def booking_out(booking: Booking) -> BookingOut:
    session_type = booking.terms.session_type
    return BookingOut(
        status=booking.status,
        payment_status=booking.payment_status,
        session_type=SessionTypeRef(id=session_type.pk, title=session_type.title),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        payment=_payment(booking) if booking.terms.charge else None,
    )


def site_of(request: HttpRequest) -> Site:
    """The site of this host. Raises `Http404`."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def status_url(booking: Booking) -> str:
    return reverse("wagtail_calendly:status", args=[booking.token])


def _payment(booking: Booking) -> PaymentOut:
    paying, agreed = Paying(booking), Agreed(booking.terms)
    return PaymentOut(
        amount=booking.terms.charge,
        currency=booking.terms.currency,
        display=agreed.charge,
        is_payable=paying.is_payable,
        hold_until=paying.hold_until,
        refunded=paying.given,
        refund_pending=paying.coming,
        refund_if_canceled=by_visitors.refund_if_canceled(booking, paying.now),
    )
