"""Look before acting: what both vendors know of a booking is read again and recorded."""

from __future__ import annotations

from wagtail_calendly.bookings import lookup, record
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Payment, PaymentState
from wagtail_calendly.calendly import ScheduledEvent

#: No visitor moves a session more often than that while we look.
MOST_MOVES = 10


def look(booking: Booking, vendors: Vendors) -> ScheduledEvent | None:
    """Read and record; webhooks may be late, and what cannot be undone must not trust that they are not.

    Returns the event that the booking stands at now, if any. Raises what the vendors' clients raise.
    """
    event = look_at_calendly(booking, vendors)
    look_at_payments(booking, vendors)
    return event


def look_at_calendly(booking: Booking, vendors: Vendors) -> ScheduledEvent | None:
    """The invitee and whoever followed them; where no time is known, whoever used our reference."""
    uri, event = booking.calendly_invitee_uri, None
    if not uri:
        return find(booking, vendors)
    for _ in range(MOST_MOVES):
        invitee, event = lookup.read(uri, client=vendors.calendly)
        record.appointment(invitee, event, account=booking.account)
        if not invitee.new_invitee:
            break
        uri = invitee.new_invitee
    return event


def find(booking: Booking, vendors: Vendors) -> ScheduledEvent | None:
    """Whoever booked with this booking's reference, or whom its holder names."""
    found = lookup.of_booking(booking, client=vendors.calendly)
    if found is None:
        return None
    record.appointment(
        found.invitee, found.event, account=booking.account, given=found.given_reference
    )
    return found.event


def look_at_payments(booking: Booking, vendors: Vendors) -> None:
    """Every attempt that the provider may know of, but those that were closed for good."""
    sent = booking.payments.exclude(sent_at=None)
    for payment in sent.exclude(state__in=[PaymentState.EXPIRED, PaymentState.FAILED]):
        look_at_payment(payment, vendors)


def look_at_payment(payment: Payment, vendors: Vendors) -> None:
    """One attempt, by its checkout's name or by the key it carries."""
    provider = vendors.payments_of(payment)
    if payment.checkout_id:
        record.payment(provider.checkout(payment.checkout_id))
        return
    said = provider.find_checkout(payment.attempt, since=payment.sent_at or payment.asked_at)
    if said:
        record.payment(said)
