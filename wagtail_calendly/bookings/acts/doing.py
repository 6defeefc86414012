"""Does what somebody has asked for: decided upon, then performed as long as they wait; the clock does the rest."""

from __future__ import annotations

from django.utils import timezone

from wagtail_calendly.bookings import effects, settle, work
from wagtail_calendly.bookings.models import Booking, Effect
from wagtail_calendly.exceptions import NotPossible

#: How long somebody waits for the vendors, in seconds.
SECONDS = 3.0
#: What a cancellation leads to, in this order.
CLOSING = (Effect.Kind.EXPIRE_CHECKOUT, Effect.Kind.CANCEL_EVENT, Effect.Kind.REFUND)


def act(booking: Booking, because: str, *kinds: str) -> Booking:
    """Settle, and perform the first effect of these kinds that waits, even for another try. Later ones follow from it.

    What was given up is tried again: somebody asks for it.
    """
    work.revive(booking.effects.filter(kind__in=kinds))
    with effects.in_a_hurry(SECONDS):
        settled = settle.settle(booking.pk, because=because)
        waiting = settled.effects.filter(state=Effect.State.OPEN, kind__in=kinds)
        named = sorted(waiting.values_list("kind", flat=True), key=kinds.index)
        return effects.perform_now(settled, named[0], SECONDS) if named else settled


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
