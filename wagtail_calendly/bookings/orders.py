"""What an attempt to pay sells: the session, its price, how long it can be paid, and the way back here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from wagtail.models import Site

from wagtail_calendly.bookings.models import Appointment, Booking, Payment
from wagtail_calendly.payments import Order

#: Stripe keeps a checkout open for 30 minutes to 24 hours, by its own clock, which may differ from ours.
#: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
SHORTEST = timedelta(minutes=36)
LONGEST = timedelta(hours=24) - timedelta(minutes=6)
#: Stripe puts the checkout's id in its place. https://docs.stripe.com/payments/checkout/custom-success-page
CHECKOUT_ID = "{CHECKOUT_SESSION_ID}"


def order(booking: Booking, payment: Payment, now: datetime) -> Order:
    """The order of an attempt that is opened now.

    A slot that is held for less than a checkout must last is given back in time all the same: the checkout
    is closed first.
    """
    terms, session_type = booking.terms, booking.terms.session_type
    return Order(
        reference=booking.reference,
        attempt=payment.attempt,
        title=session_type.title,
        amount=payment.amount,
        currency=payment.currency,
        expires_at=_expires_at(booking, now),
        success_url=f"{_url(booking, 'paid')}?checkout={CHECKOUT_ID}",
        cancel_url=_url(booking, "status"),
        language=session_type.locale.language_code,
        email=_email(booking),
        allows_promotion_codes=terms.allows_promotion_codes,
        adds_tax=terms.adds_tax,
    )


def _expires_at(booking: Booking, now: datetime) -> datetime:
    if booking.hold_until is None:
        return now + LONGEST
    return min(max(booking.hold_until, now + SHORTEST), now + LONGEST)


def _url(booking: Booking, name: str) -> str:
    """One of the visitor's pages. Of the booking's own site, never of whatever host a request came to."""
    site = booking.site or Site.objects.get(is_default_site=True)
    return f"{site.root_url}{reverse(f'wagtail_calendly:{name}', args=[booking.token])}"


def _email(booking: Booking) -> str:
    """What the visitor told Calendly, so that they need not type it again."""
    uri = booking.calendly_invitee_uri
    invitee = Appointment.objects.filter(invitee_uri=uri).first() if uri else None
    return invitee.email if invitee else ""
