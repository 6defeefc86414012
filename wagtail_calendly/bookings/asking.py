"""What visitors and staff may ask for. Each is written down first, then decided upon, then done, as far as it goes.

To be called outside transactions. What the vendors do never raises: it is tried for as long as a visitor waits,
and then again by the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly.bookings import effects, links, log, rules, settle
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Payment,
    PaymentState,
    Request,
    Status,
)
from wagtail_calendly.bookings.requests import Standing, ask, standing
from wagtail_calendly.bookings.work import revive
from wagtail_calendly.exceptions import InvalidReference, NotPayable, NotPossible, ShownChanged
from wagtail_calendly.snippets.models import PaymentOrder, SessionType, Terms
from wagtail_calendly.snippets.terms import terms_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: How long a visitor waits for the vendors, in seconds.
SECONDS = 3.0
#: So long after it was shown, an amount still counts.
SHOWN_FOR = timedelta(minutes=10)

Kind = Request.Kind


def decision(booking: Booking, now: datetime) -> rules.Decision:
    """What a booking is at that time, for display."""
    return standing(booking.pk, now).decision


def refund_if_canceled(booking: Booking, now: datetime) -> int:
    """What would stand refunded in all, in minor units, if the visitor canceled then."""
    return _owed(standing(booking.pk, now), now)


def order(reference_text: str, *, site: Site | None) -> Booking:
    """A session that is paid before its time is chosen: its booking begins here, by its visitor's first post.

    Raises `InvalidReference`, and `NotPossible` for a session of another kind.
    """
    reference = references.read(reference_text)
    terms = Terms.objects.filter(pk=reference.terms_id).first()
    if terms is None or site is None or site.pk != reference.site_id:
        raise InvalidReference("This reference is not for this site.")
    if not terms.charge or terms.payment_order != PaymentOrder.BEFORE_SCHEDULING:
        raise NotPossible("This session is not paid before its time is chosen.")
    return settle.settle(links.booking_of(reference).pk, because="visitor")


def pay(booking: Booking) -> Payment:
    """The attempt to pay that the visitor is sent to; its `url` is empty while the provider has not answered.

    One that is under way is resumed. Raises `NotPayable`.
    """
    _follow_up(booking)
    ask(booking, Kind.PAY, _payable)
    _act(booking, Kind.PAY, Effect.Kind.OPEN_CHECKOUT)
    undecided = booking.payments.filter(state__in=Payment.UNDECIDED).first()
    payment = undecided or booking.payments.order_by("-asked_at", "-pk").first()
    if payment is None:
        raise NotPayable("There is nothing to pay for this booking now.")
    return payment


def look(booking: Booking) -> Booking:
    """The visitor is back from the payment page: what became of it, and a link to choose a time where that is next."""
    with effects.in_a_hurry(SECONDS):
        booking = effects.perform_now(booking, Effect.Kind.LOOK_UP_PAYMENT, SECONDS)
        if booking.status == Status.AWAITING_SCHEDULE:
            booking = effects.perform_now(booking, Effect.Kind.CREATE_LINK, SECONDS)
    return booking


def cancel(
    booking: Booking,
    *,
    total: int,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    captured: int | None = None,
) -> Booking:
    """Cancel, with so much to stand refunded in all afterwards, as it was shown; `user` for staff.

    `captured`: what staff saw as paid. In a group session nothing is canceled: the visitor does that by
    Calendly's own link. Raises `ShownChanged` where less is owed or something else is paid by now, and
    `NotPossible` where there is nothing to cancel.
    """

    def check(held: Standing) -> dict[str, Any] | None:
        _refuse_unless(held.is_cancelable, "There is nothing to cancel any more.")
        if held.facts.asked("cancel") and not held.facts.terms.is_group:
            return None
        if captured not in (None, held.keeper.captured if held.keeper else 0):
            raise ShownChanged(_owed(held, held.now))
        if held.keeper is None:  # nothing was shown that could be owed
            return {"reason": reason}
        agreed = _agreed(held, total) if user is None else _within_bounds(held, total)
        return {"total": agreed, "reason": reason}

    ask(booking, Kind.CANCEL, check, user=user)
    return _act(booking, Kind.CANCEL, *_CLOSING)


def give_back(booking: Booking) -> Booking:
    """No time suits the visitor: all that was paid, back, before a time is chosen. Raises `NotPossible`."""

    def check(held: Standing) -> dict[str, Any] | None:
        if held.facts.asked("give_back"):
            return None
        is_waiting = held.decision.status == Status.AWAITING_SCHEDULE and held.keeper
        _refuse_unless(is_waiting, "A time was chosen, or nothing is paid.")
        return {"total": held.keeper.captured if held.keeper else 0}

    ask(booking, Kind.GIVE_BACK, check)
    return _act(booking, Kind.GIVE_BACK, Effect.Kind.REFUND)


def refund(booking: Booking, *, total: int, user: AbstractBaseUser, reason: str = "") -> Booking:
    """Staff give money back, so that so much stands refunded in all. One that failed is tried again.

    Raises `ShownChanged` where more than that is refunded already, and `NotPossible` where so much was
    never paid, or the payment is disputed.
    """

    def check(held: Standing) -> dict[str, Any]:
        _refuse_unless(held.is_refundable, "Nothing was paid, or the payer disputes it.")
        failures = max((one.failures for one in held.facts.payments), default=0)
        return {
            "total": _within_bounds(held, total),
            "failures_seen": failures,
            "reason": reason,
        }

    ask(booking, Kind.REFUND, check, user=user)
    return _act(booking, Kind.REFUND, Effect.Kind.REFUND)


def extend(booking: Booking, *, until: datetime, user: AbstractBaseUser) -> Booking:
    """Staff hold an unpaid slot longer. Raises `NotPossible` where it is not held any more."""
    return _hold(booking, Kind.EXTEND, until, user)


def ask_to_pay(booking: Booking, *, until: datetime, user: AbstractBaseUser) -> Booking:
    """Staff ask for the money of what was booked unpaid; it is held until then. Raises `NotPossible`."""
    return _hold(booking, Kind.ASK_TO_PAY, until, user)


def waive(booking: Booking, *, user: AbstractBaseUser, reason: str = "") -> Booking:
    """Staff let the payment go. Raises `NotPossible` where it was paid, or canceled."""

    def check(held: Standing) -> dict[str, Any]:
        _refuse_unless(held.is_waivable, "There is no payment to wait for.")
        return {"reason": reason}

    ask(booking, Kind.WAIVE, check, user=user)
    return _act(booking, Kind.WAIVE, Effect.Kind.EXPIRE_CHECKOUT)


def acknowledge(
    booking: Booking, *, code: str, user: AbstractBaseUser, reason: str = ""
) -> Booking:
    """Staff have seen to a reason for attention. Raises `NotPossible` for one that there is not."""

    def check(held: Standing) -> dict[str, Any]:
        _refuse_unless(code in held.decision.attention, "Nobody waits for that any more.")
        return {"code": code, "reason": reason}

    ask(booking, Kind.ACKNOWLEDGE, check, user=user)
    return _act(booking, Kind.ACKNOWLEDGE)


def adopt(
    appointment: Appointment, *, session_type: SessionType, site: Site, user: AbstractBaseUser
) -> Booking:
    """Staff give an appointment that belongs to no booking one of its own, on the terms offered now.

    Nothing is asked of its visitor by that: waiving the payment, asking for it or canceling is next. Raises
    `NotPossible` for an appointment of another event type, or that has a booking.
    """
    top = links.top_of(appointment)
    is_free = top.booking_id is None and session_type.event_type_id == top.event_type_id
    _refuse_unless(is_free, "It belongs to a booking, or to another event type.")
    reference = references.mint(
        terms_id=terms_for(session_type).pk, site_id=site.pk, now=top.invitee_created_at
    )
    booking = links.booking_of(reference)
    log.adopted(booking, user)
    Appointment.objects.filter(pk=top.pk, booking=None).update(given_reference=reference.text)
    links.renew(top.invitee_uri)
    return settle.settle(booking.pk, because="adopted")


#: What a cancellation leads to, in this order.
_CLOSING = (Effect.Kind.EXPIRE_CHECKOUT, Effect.Kind.CANCEL_EVENT, Effect.Kind.REFUND)


def _act(booking: Booking, because: str, *kinds: str) -> Booking:
    """Settle, and perform the first effect of these kinds that waits, as long as a visitor does.

    What was given up is tried again: somebody asks for it.
    """
    revive(booking.effects.filter(kind__in=kinds))
    with effects.in_a_hurry(SECONDS):
        settled = settle.settle(booking.pk, because=because)
        waiting = settled.effects.filter(state=Effect.State.OPEN, kind__in=kinds)
        named = sorted(waiting.values_list("kind", flat=True), key=kinds.index)
        return effects.perform_now(settled, named[0], SECONDS) if named else settled


def _follow_up(booking: Booking) -> None:
    """An attempt whose time is over was paid or closed while nobody told us."""
    if booking.payments.filter(state=PaymentState.OPEN, expires_at__lte=timezone.now()).exists():
        effects.perform_now(booking, Effect.Kind.LOOK_UP_PAYMENT, SECONDS)


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


def _owed(held: Standing, at: datetime) -> int:
    return rules.if_invitee_cancels(held.facts, held.decision.current, at)


def _agreed(held: Standing, total: int) -> int:
    """What the visitor gets: what they were shown a moment ago, or what is owed now if that is more."""
    owed = _owed(held, held.now)
    if total > max(owed, _owed(held, held.now - SHOWN_FOR)):
        raise ShownChanged(owed)
    return max(owed, total)


def _within_bounds(held: Standing, total: int) -> int:
    """What staff say, between what is refunded already and what was paid."""
    captured = held.keeper.captured if held.keeper else 0
    refunded = held.keeper.refunded if held.keeper else 0
    if not refunded <= total <= captured:
        raise ShownChanged(min(max(total, refunded), captured))
    return total


def _hold(booking: Booking, kind: str, until: datetime, user: AbstractBaseUser) -> Booking:
    def check(held: Standing) -> dict[str, Any]:
        current = held.decision.current
        _refuse_unless(
            held.is_holdable and current and held.now < until <= current.starts_at,
            "It is not held any more, or would not be over before the session begins.",
        )
        return {"until": until}

    ask(booking, kind, check, user=user)
    return _act(booking, kind)


def _refuse_unless(is_possible: object, why: str) -> None:
    if not is_possible:
        raise NotPossible(why)
