"""Staff write something down about a booking. That it was done is in the audit trail; what was written is not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wagtail_calendly.bookings import log
from wagtail_calendly.bookings.models import Booking, Note
from wagtail_calendly.bookings.retries import in_transaction

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def add(booking: Booking, *, text: str, user: AbstractBaseUser) -> Note:
    """Keep a note. Who sends the same words twice in a row has sent one."""
    return in_transaction(partial(_add, booking, text, user))


def _add(booking: Booking, text: str, user: AbstractBaseUser) -> Note:
    last = booking.notes.last()
    if last and (last.text, last.user_id) == (text, user.pk):
        return last
    log.noted(booking, user)
    return Note.objects.create(booking=booking, text=text, user_id=user.pk)
