"""What the state of the money says to the visitor, where it says more than the status of the booking."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from wagtail_calendly.bookings.models import Status
from wagtail_calendly.visitor.paying import Paying
from wagtail_calendly.visitor.words import SENTENCES, Sentence

CONFIRMING = Sentence(
    _("We are confirming your payment."),
    _(
        "This takes a moment and changes by itself. You may also close this page: "
        "what you paid is not lost, and you never pay twice."
    ),
    "waiting",
)
PAY_FIRST = Sentence(
    _("Pay first, then choose your time."),
    _("Nothing is charged yet. As soon as it is paid, the calendar opens here."),
    "waiting",
)
OPENING = Sentence(
    _("One moment: the payment page is being opened."),
    _("This page changes by itself as soon as you can pay."),
    "waiting",
)
UNREACHABLE = Sentence(
    _("The payment page cannot be opened at the moment."),
    _("Nothing was charged, and your booking is kept. Please try again in a moment."),
    "warning",
)
FAILED = Sentence(
    _("Your payment did not go through."),
    _("Nothing was charged. Try again, perhaps in another way."),
    "warning",
)
PROCESSING = Sentence(
    _("Your payment is on its way."),
    _(
        "Your bank confirms it within a few days. Your time is kept until then; there is nothing to do."
    ),
    "waiting",
)
PROCESSING_BEFORE = Sentence(
    _("Your payment is on its way."),
    _(
        "Your bank confirms it within a few days. As soon as it does, you can choose your time here."
    ),
    "waiting",
)
CHECKING = Sentence(
    _("We are checking your payment."),
    _("Your money has arrived, and something about it is unusual. We look at it and get in touch."),
    "waiting",
)
OVER = Sentence(
    _("The time to pay is over."),
    _(
        "The session is being given back. If you have just paid all the same, "
        "this page shows it in a moment; whatever is not used comes back to you in full."
    ),
    "waiting",
)
CANCELING = Sentence(
    _("Your cancellation is on its way."),
    _("Calendly is being told. This page shows it in a moment; there is nothing left to do."),
    "waiting",
)
LEAVING_GROUP = Sentence(
    _("One step is left to cancel."),
    _(
        "Others come to this session, too, so that only you can take yourself out of it: "
        "cancel on Calendly’s page. What is due to you comes back by itself afterwards."
    ),
    "warning",
)
PREPARING = Sentence(
    _("Your session is paid. The calendar is being prepared."),
    _("It opens here in a moment."),
    "waiting",
)
EXPIRED_PAID = Sentence(
    _("Your time was given back."),
    _("Your payment arrived after the time to pay. You get everything back, and can choose again."),
    "muted",
)
CANCELED_UNSCHEDULED = Sentence(
    _("Your order is canceled."),
    _("No time was chosen. You can book again whenever you like."),
    "muted",
)
LEFT_UNPAID = Sentence(
    _("This session was not paid."),
    _("Nothing was charged, and no time was taken. You can begin again whenever you like."),
    "muted",
)


def of(paying: Paying) -> Sentence | None:
    """What to say first; None where the sentence of the status says it all."""
    if paying.is_canceling:
        return LEAVING_GROUP if paying.is_leaving_group else CANCELING
    said = _BY_STATUS.get(paying.booking.status)
    return said(paying) if said else None


def _awaiting_payment(paying: Paying) -> Sentence | None:
    has_time = bool(paying.facts.appointments)
    if paying.is_processing:
        return PROCESSING if has_time else PROCESSING_BEFORE
    if paying.is_over:
        return OVER
    if not paying.is_payable:
        return CHECKING
    if paying.is_stuck:
        return UNREACHABLE
    if paying.is_opening:
        return OPENING
    if paying.has_failed:
        return FAILED
    return None if has_time else PAY_FIRST


def _awaiting_schedule(paying: Paying) -> Sentence | None:
    if paying.booking.claimed_at:
        return SENTENCES[Status.PENDING]
    return None if paying.booking.scheduling_link else PREPARING


def _canceled(paying: Paying) -> Sentence | None:
    return None if paying.facts.appointments else CANCELED_UNSCHEDULED


def _expired(paying: Paying) -> Sentence | None:
    return EXPIRED_PAID if paying.ledger.paid else None


def _abandoned(paying: Paying) -> Sentence | None:
    return LEFT_UNPAID if paying.facts.terms.is_paid_before else None


_BY_STATUS: dict[str, Callable[[Paying], Sentence | None]] = {
    Status.AWAITING_PAYMENT: _awaiting_payment,
    Status.AWAITING_SCHEDULE: _awaiting_schedule,
    Status.CANCELED: _canceled,
    Status.EXPIRED: _expired,
    Status.ABANDONED: _abandoned,
}
