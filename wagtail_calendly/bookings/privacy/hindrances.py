"""What stands in the way of erasing somebody, with the step to take first; asked of the database, for one or many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Payment,
    Refund,
    RefundState,
    Status,
    WebhookDelivery,
    Work,
)
from wagtail_calendly.bookings.privacy.kept import Kept
from wagtail_calendly.calendly.schemas import CANCELED


class Hindrance(models.TextChoices):
    """Why somebody cannot be erased yet, and what to do."""

    UPCOMING = "upcoming", _("A session is still to come. Cancel it, or wait until it is over.")
    WAITING = (
        "waiting",
        _("A booking waits for its time or its payment. Cancel it, or wait until it is given up."),
    )
    PAYING = "paying", _("A payment is under way. Wait until it is decided.")
    REFUNDING = "refunding", _("Money is on its way back. Wait until it has arrived.")
    DISPUTED = "disputed", _("A payment is disputed. Wait until the bank has decided.")
    ATTENTION = "attention", _("A booking needs attention. See to it first.")
    UNLINKED = (
        "unlinked",
        _("A session booked directly at Calendly is still to come. Cancel it there first."),
    )
    DELIVERY = (
        "delivery",
        _("News from Calendly or Stripe has not been worked on yet. Try again in a few minutes."),
    )


_UNDECIDED = (Status.PENDING, Status.AWAITING_PAYMENT, Status.AWAITING_SCHEDULE)
_ON_ITS_WAY = (RefundState.ASKED, RefundState.PENDING, RefundState.REQUIRES_ACTION)


def of_bookings(now: datetime) -> Mapping[Hindrance, Q]:
    """By hindrance, the condition under which a booking has it."""
    payments = Payment.objects.filter(booking=OuterRef("pk"))
    refunds = Refund.objects.filter(payment__booking=OuterRef("pk"), state__in=_ON_ITS_WAY)
    to_refund = Effect.objects.filter(
        booking=OuterRef("pk"), kind=Effect.Kind.REFUND, state=Work.State.OPEN
    )
    return {
        Hindrance.UPCOMING: Q(status=Status.CONFIRMED, ends_at__gt=now),
        Hindrance.WAITING: Q(status__in=_UNDECIDED),
        Hindrance.PAYING: Q(Exists(payments.filter(state__in=Payment.UNDECIDED))),
        Hindrance.REFUNDING: Q(Exists(refunds)) | Q(Exists(to_refund)),
        Hindrance.DISPUTED: Q(Exists(payments.filter(dispute="open"))),
        Hindrance.ATTENTION: ~Q(attention=""),
    }


def any_of_a_booking(now: datetime) -> Q:
    """The condition under which a booking has a hindrance."""
    found = Q()
    for condition in of_bookings(now).values():
        found |= condition
    return found


def by_booking(ids: Iterable[int], now: datetime) -> dict[int, list[Hindrance]]:
    """Of these bookings, those that are still needed, and why."""
    found: dict[int, list[Hindrance]] = {}
    asked = Booking.objects.filter(pk__in=list(ids))
    for hindrance, condition in of_bookings(now).items():
        for pk in asked.filter(condition).order_by().values_list("pk", flat=True):
            found.setdefault(pk, []).append(hindrance)
    return found


def of(kept: Kept, now: datetime) -> list[Hindrance]:
    """What stands in the way of erasing all of this."""
    found = [
        hindrance
        for hindrance, condition in of_bookings(now).items()
        if kept.all_bookings.filter(condition).exists()
    ]
    if unlinked_to_come(now).filter(pk__in=kept.appointments).exists():
        found.append(Hindrance.UNLINKED)
    waiting = WebhookDelivery.objects.filter(pk__in=kept.deliveries, state=Work.State.OPEN)
    return [*found, Hindrance.DELIVERY] if waiting.exists() else found


def unlinked_to_come(now: datetime) -> models.QuerySet[Appointment]:
    """Appointments without a booking that are still to come."""
    standing = Appointment.objects.filter(booking=None, end_time__gt=now)
    return standing.exclude(invitee_status=CANCELED).exclude(event_status=CANCELED)
