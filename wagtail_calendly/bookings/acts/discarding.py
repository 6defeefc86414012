"""Staff have given up what the machine gave up: it is tried no more, and the log says who decided and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from wagtail_calendly.bookings import log
from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.models import Booking, Effect, WebhookDelivery, Work
from wagtail_calendly.bookings.settle import decide, wanted

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

FAILED = "effect_failed"


def delivery(row: WebhookDelivery, *, user: AbstractBaseUser, reason: str) -> bool:
    """A delivery that was set aside is never worked on. False when it is not set aside any more."""
    dead = WebhookDelivery.objects.filter(pk=row.pk, state=Work.State.DEAD)
    # Nobody needs any more what it says of a person.
    if not dead.update(state=Work.State.IGNORED, finished_at=timezone.now(), body=""):
        return False
    log.discarded(row, user, reason=reason)
    return True


def effect(row: Effect, *, user: AbstractBaseUser, reason: str) -> bool:
    """Work that was given up is seen to. What its booking still calls for stays given up, and is shown no more.

    Neither money nor appointment changes. False when it is not given up any more.
    """
    if not Effect.objects.filter(pk=row.pk, state=Work.State.DEAD).exists():
        return False
    now, booking = timezone.now(), Booking.objects.get(pk=row.booking_id)
    if wanted(booking, row, now):
        if FAILED in decide(booking, now).attention:
            by_staff.acknowledge(booking, code=FAILED, user=user, reason=reason)
    else:
        dead = Effect.objects.filter(pk=row.pk, state=Work.State.DEAD)
        dead.update(state=Work.State.IGNORED, finished_at=now)
    log.discarded(booking, user, reason=reason)
    return True
