"""The last look at the facts before a call: under the booking's lock, where nobody can change them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from wagtail_calendly.bookings.models import Booking, Effect
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.rules import EffectSpec
from wagtail_calendly.bookings.settle import wanted

Frozen = TypeVar("Frozen")


class NotWanted(Exception):
    """The facts do not call for the effect any more."""


def freeze(effect: Effect, store: Callable[[EffectSpec, datetime], Frozen]) -> Frozen:
    """Decide again, and store what will be sent. What was not stored has never been sent.

    Whoever decides that the opposite shall happen, decides before or after this, never meanwhile. Raises
    `NotWanted`; then nothing has changed.
    """

    def decide_and_store() -> Frozen:
        Booking.objects.filter(pk=effect.booking_id).mark_due()
        booking = Booking.objects.select_related("terms__session_type", "terms__event_type").get(
            pk=effect.booking_id
        )
        now = timezone.now()
        spec = wanted(booking, effect, now)
        if spec is None:
            raise NotWanted
        return store(spec, now)

    return in_transaction(decide_and_store)
