"""To whom a mail goes: the invitee as Calendly knows them, else the payer; or staff."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from wagtail_calendly.bookings.mails.sender import Sender
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets.mail_texts import Mail


def of(booking: Booking, mail: Mail, sender: Sender) -> str:
    """The address; empty where none is known, or none that a mail could be sent to."""
    if mail == Mail.STAFF:
        return sender.staff_email
    appointment = booking.current_appointment
    payers = [payment.email for payment in reversed(booking.payments.all())]
    known = [appointment.email if appointment else "", *payers]
    return next((address for address in known if _is_address(address)), "")


def _is_address(text: str) -> bool:
    """What others report is checked before it becomes a header."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
