"""The steps that a visitor goes through, in the order in which they apply."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from wagtail_calendly.bookings.models import Status
from wagtail_calendly.visitor.agreed import Agreed

CHOOSE, TIME, PAY, DONE = "choose", "time", "pay", "done"

LABELS = {
    CHOOSE: _("Choose"),
    TIME: _("Time"),
    PAY: pgettext_lazy("step", "Pay"),
    DONE: _("Done"),
}


class Step(NamedTuple):
    """One step; what is past is ticked off."""

    label: StrOrPromise
    is_past: bool
    is_current: bool


def steps(agreed: Agreed | None, current: str) -> list[Step]:
    """The steps of what is agreed; free sessions have none to pay."""
    order = [CHOOSE, TIME, DONE]
    if agreed and agreed.is_priced:
        order.insert(1 if agreed.is_paid_before else 2, PAY)
    reached = order.index(current)
    return [Step(LABELS[name], at < reached, at == reached) for at, name in enumerate(order)]


def of_status(status: str, agreed: Agreed) -> list[Step]:
    """Where a booking of this status is."""
    at = {Status.AWAITING_PAYMENT: PAY, Status.AWAITING_SCHEDULE: TIME}.get(Status(status), DONE)
    return steps(agreed, at if agreed.is_priced else DONE)
