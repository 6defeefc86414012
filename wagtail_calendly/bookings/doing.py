"""Does what staff have asked for: decided upon, then performed as long as somebody waits; the clock does the rest."""

from __future__ import annotations

from django.utils import timezone

from wagtail_calendly.bookings import effects, settle, work
from wagtail_calendly.bookings.models import Booking, Effect
from wagtail_calendly.exceptions import NotPossible

#: How long somebody waits for the vendors, in seconds.
SECONDS = 3.0


def do(booking: Booking, because: str, *kinds: str) -> Booking:
    """Settle, and perform the effects of these kinds that are due. What the vendors do never raises."""
    with effects.in_a_hurry(SECONDS):
        settled = settle.settle(booking.pk, because=because)
        due = work.due(Effect, timezone.now()).filter(booking=settled, kind__in=kinds)
        for pk in list(due.values_list("pk", flat=True)):
            effects.perform(pk, seconds=SECONDS)
    return Booking.objects.get(pk=booking.pk)


def refuse_unless(is_possible: object, why: str) -> None:
    """Raises `NotPossible`."""
    if not is_possible:
        raise NotPossible(why)
