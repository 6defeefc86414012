"""Staff have tried again what was given up, with the parameters and the key that it had: nothing happens twice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from wagtail_calendly.bookings import effects, inbox, log, settle
from wagtail_calendly.bookings.models import Booking, Effect, Request, WebhookDelivery
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.work import revive

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: How long somebody waits for it, in seconds; then the clock goes on.
SECONDS = 3.0


def given_up() -> QuerySet[Effect]:
    """All work that was given up, but for what staff have seen to since."""
    seen_to = Request.objects.filter(
        booking=OuterRef("booking"),
        kind=Request.Kind.ACKNOWLEDGE,
        code="effect_failed",
        at__gte=OuterRef("finished_at"),
    )
    return Effect.objects.filter(~Exists(seen_to), state=Effect.State.DEAD)


def effects_of(booking: Booking, *, user: AbstractBaseUser) -> Booking:
    """Try everything again that was given up for this booking. What the vendors do never raises."""
    dead = booking.effects.filter(state=Effect.State.DEAD)
    ids = list(dead.values_list("pk", flat=True))
    if ids:
        in_transaction(partial(_revive, booking, ids, user))
    with effects.in_a_hurry(SECONDS):
        settle.settle(booking.pk, because="tried_again")
        effects.perform_due(ids=ids)
    return Booking.objects.get(pk=booking.pk)


def delivery(row: WebhookDelivery, *, user: AbstractBaseUser) -> WebhookDelivery:
    """Work again on a delivery that was given up."""
    if revive(WebhookDelivery.objects.filter(pk=row.pk)):
        log.tried_again(row, user)
    return inbox.work_on(row.pk)


def _revive(booking: Booking, ids: list[int], user: AbstractBaseUser) -> None:
    Booking.objects.filter(pk=booking.pk).mark_due()
    if revive(Effect.objects.filter(pk__in=ids)):
        log.tried_again(booking, user)
