"""Mails: sent once for each reason, when what they say is still so."""

from __future__ import annotations

from wagtail_calendly.bookings import mails
from wagtail_calendly.bookings.effects.freezing import NotWanted
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Effect


def notify(booking: Booking, effect: Effect, vendors: Vendors) -> None:
    """Raises whatever the mail backend raises, and `NotWanted` where there is nobody to write to."""
    if not mails.send(booking, effect.params["subject"], key=effect.key):
        raise NotWanted
