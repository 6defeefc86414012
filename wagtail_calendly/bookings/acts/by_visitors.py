"""What visitors may ask for. Each is written down first, then decided upon, then done, as far as it goes.

To be called outside transactions. What the vendors do never raises: it is tried for as long as a visitor waits,
and then again by the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly.bookings import effects, links
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts import doing
from wagtail_calendly.bookings.acts.doing import CLOSING, act, refuse_unless
from wagtail_calendly.bookings.models import (
    Booking,
    Effect,
    Payment,
    PaymentState,
    Request,
    Status,
)
from wagtail_calendly.bookings.requests import Standing, ask, standing
from wagtail_calendly.exceptions import InvalidReference, NotPayable, NotPossible, ShownChanged
from wagtail_calendly.snippets.models import PaymentOrder, Terms

#: So long after it was shown, an amount still counts.
SHOWN_FOR = timedelta(minutes=10)

Kind = Request.Kind


def refund_if_canceled(booking: Booking, now: datetime) -> int:
    """What would stand refunded in all, in minor units, if the visitor canceled then."""
    return standing(booking.pk, now).if_visitor_cancels(now)


def order(reference_text: str, *, site: Site | None) -> Booking:
    """A session that is paid before its time is chosen: its booking begins here, by its visitor's first post.

    What it is gets decided with the wish to `pay`, which is next. Raises `InvalidReference`, and `NotPossible`
    for a session of another kind.
    """
    reference = references.read(reference_text)
    terms = Terms.objects.filter(pk=reference.terms_id).first()
    if terms is None or site is None or site.pk != reference.site_id:
        raise InvalidReference("This reference is not for this site.")
    if not terms.charge or terms.payment_order != PaymentOrder.BEFORE_SCHEDULING:
        raise NotPossible("This session is not paid before its time is chosen.")
    return links.booking_of(reference)


def pay(booking: Booking) -> Payment:
    """The attempt to pay that the visitor is sent to; its `url` is empty while the provider has not answered.

    One that is under way is resumed. Raises `NotPayable`.
    """
    _follow_up(booking)
    ask(booking, Kind.PAY, _payable)
    act(booking, Kind.PAY, Effect.Kind.OPEN_CHECKOUT)
    undecided = booking.payments.filter(state__in=Payment.UNDECIDED).first()
    payment = undecided or booking.payments.order_by("-asked_at", "-pk").first()
    if payment is None:
        raise NotPayable("There is nothing to pay for this booking now.")
    return payment


def look(booking: Booking) -> Booking:
    """The visitor is back from the payment page: what became of it, and a link to choose a time where that is next."""
    with effects.in_a_hurry(doing.SECONDS):
        booking = effects.perform_now(booking, Effect.Kind.LOOK_UP_PAYMENT, doing.SECONDS)
        if booking.status == Status.AWAITING_SCHEDULE:
            booking = effects.perform_now(booking, Effect.Kind.CREATE_LINK, doing.SECONDS)
    return booking


def cancel(booking: Booking, *, total: int) -> Booking:
    """The visitor cancels, with so much to stand refunded in all afterwards, as they were shown.

    In a group session nothing is canceled: they do that by Calendly's own link. Raises `ShownChanged` where less
    is owed by now, and `NotPossible` where there is nothing to cancel.
    """

    def check(held: Standing) -> dict[str, Any] | None:
        if is_asked_already(held):
            return None
        return {"total": _agreed(held, total)} if held.keeper else {}

    ask(booking, Kind.CANCEL, check)
    return act(booking, Kind.CANCEL, *CLOSING)


def give_back(booking: Booking) -> Booking:
    """No time suits the visitor: all that was paid, back, before a time is chosen. Raises `NotPossible`."""

    def check(held: Standing) -> dict[str, Any] | None:
        if held.facts.asked("give_back"):
            return None
        is_waiting = held.decision.status == Status.AWAITING_SCHEDULE and held.keeper
        refuse_unless(is_waiting, "A time was chosen, or nothing is paid.")
        return {"total": held.keeper.captured if held.keeper else 0}

    ask(booking, Kind.GIVE_BACK, check)
    return act(booking, Kind.GIVE_BACK, Effect.Kind.REFUND)


def is_asked_already(held: Standing) -> bool:
    """Whether to cancel was asked for before; in a group that may come to nothing. Raises `NotPossible`."""
    refuse_unless(held.is_cancelable, "There is nothing to cancel any more.")
    return bool(held.facts.asked("cancel")) and not held.facts.terms.is_group


def _follow_up(booking: Booking) -> None:
    """An attempt whose time is over was paid or closed while nobody told us."""
    if booking.payments.filter(state=PaymentState.OPEN, expires_at__lte=timezone.now()).exists():
        effects.perform_now(booking, Effect.Kind.LOOK_UP_PAYMENT, doing.SECONDS)


def _payable(held: Standing) -> dict[str, Any] | None:
    """Makes the attempt's row with the request: it is ours before it is the provider's."""
    if not held.if_asked("pay").is_payable:
        raise NotPayable("There is nothing to pay for this booking now.")
    terms = held.booking.terms
    undecided = held.booking.payments.filter(state__in=Payment.UNDECIDED)
    if undecided.exists():
        return None
    fresh = Payment(
        booking=held.booking, amount=terms.charge, currency=terms.currency, asked_at=held.now
    )
    Payment.objects.bulk_create([fresh], ignore_conflicts=True)
    return {}


def _agreed(held: Standing, total: int) -> int:
    """What the visitor gets: what they were shown a moment ago, or what is owed now if that is more."""
    owed = held.if_visitor_cancels(held.now)
    if total > max(owed, held.if_visitor_cancels(held.now - SHOWN_FOR)):
        raise ShownChanged(owed)
    return max(owed, total)
