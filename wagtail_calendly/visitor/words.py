"""Every status as a sentence to the visitor: what happened, and what it means for them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from wagtail_calendly.bookings.models import Status


class Sentence(NamedTuple):
    """`tone` names the colour: success, waiting or muted. The words stand without it."""

    says: StrOrPromise
    means: StrOrPromise
    tone: str


SENTENCES: dict[str, Sentence] = {
    Status.PENDING: Sentence(
        _("We are checking your booking."),
        _(
            "Calendly has not told us of it yet. This page changes by itself as soon as it does; "
            "you may also close it and come back later."
        ),
        "waiting",
    ),
    Status.AWAITING_PAYMENT: Sentence(
        _("Your time is chosen. It is not paid yet."),
        _("The session is booked for good once it is paid."),
        "waiting",
    ),
    Status.AWAITING_SCHEDULE: Sentence(
        _("Your session is paid. Its time is not chosen yet."),
        _("Choose the time that suits you."),
        "waiting",
    ),
    Status.CONFIRMED: Sentence(
        _("Your session is booked."),
        _("Calendly sends you an e-mail with the details."),
        "success",
    ),
    Status.COMPLETED: Sentence(
        _("Your session is over."),
        _("Thank you for coming. You can book another one whenever you like."),
        "muted",
    ),
    Status.NO_SHOW: Sentence(
        _("We missed you."),
        _("The session was marked as not attended. If that is a mistake, please tell us."),
        "muted",
    ),
    Status.CANCELED: Sentence(
        _("Your session is canceled."),
        _("The time is free again. You can choose another one."),
        "muted",
    ),
    Status.EXPIRED: Sentence(
        _("Your time was given back."),
        _("It was not paid in time, and nothing was charged. You can choose another time."),
        "muted",
    ),
    Status.ABANDONED: Sentence(
        _("We found no booking."),
        _(
            "Calendly knows of none that belongs to this page. If you had an e-mail from Calendly, "
            "what it says holds. Otherwise choose a time again."
        ),
        "muted",
    ),
}

CANCELED_BY_HOST = Sentence(
    _("Your session was canceled by us."),
    _("We are sorry. The time does not take place; please choose another one."),
    "muted",
)
