"""What staff may ask for. Written down, decided upon and done as what visitors ask for in `by_visitors` is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from wagtail.models import Site

from wagtail_calendly.bookings import links, log, settle
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.acts.by_visitors import is_asked_already
from wagtail_calendly.bookings.acts.doing import CLOSING, act, refuse_unless
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Request
from wagtail_calendly.bookings.requests import Standing, ask
from wagtail_calendly.exceptions import ShownChanged
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Kind = Request.Kind


def cancel(
    booking: Booking, *, total: int, captured: int, user: AbstractBaseUser, reason: str = ""
) -> Booking:
    """Staff cancel, with so much to stand refunded in all afterwards; `captured` is what they saw as paid.

    In a group session nothing is canceled: one's place is given up by Calendly's own link. Raises `ShownChanged`
    where something else is paid by now, and `NotPossible` where there is nothing to cancel.
    """

    def check(held: Standing) -> dict[str, Any] | None:
        if is_asked_already(held):
            return None
        keeper = held.keeper
        if captured != (keeper.captured if keeper else 0):
            raise ShownChanged(held.if_visitor_cancels(held.now))
        # Without a payment nothing was shown that could be owed.
        return {"reason": reason, **({"total": _within_bounds(held, total)} if keeper else {})}

    ask(booking, Kind.CANCEL, check, user=user)
    return act(booking, Kind.CANCEL, *CLOSING)


def refund(booking: Booking, *, total: int, user: AbstractBaseUser, reason: str = "") -> Booking:
    """Staff give money back, so that so much stands refunded in all. One that failed is tried again.

    Raises `ShownChanged` where more than that is refunded already, and `NotPossible` where so much was
    never paid, or the payment is disputed.
    """

    def check(held: Standing) -> dict[str, Any]:
        refuse_unless(held.is_refundable, "Nothing was paid, or the payer disputes it.")
        failures = max((one.failures for one in held.facts.payments), default=0)
        return {
            "total": _within_bounds(held, total),
            "failures_seen": failures,
            "reason": reason,
        }

    ask(booking, Kind.REFUND, check, user=user)
    return act(booking, Kind.REFUND, Effect.Kind.REFUND)


def extend(booking: Booking, *, until: datetime, user: AbstractBaseUser) -> Booking:
    """Staff hold an unpaid slot longer. Raises `NotPossible` where it is not held any more."""
    return _hold(booking, Kind.EXTEND, until, user)


def ask_to_pay(booking: Booking, *, until: datetime, user: AbstractBaseUser) -> Booking:
    """Staff ask for the money of what was booked unpaid; it is held until then. Raises `NotPossible`."""
    return _hold(booking, Kind.ASK_TO_PAY, until, user)


def waive(booking: Booking, *, user: AbstractBaseUser, reason: str = "") -> Booking:
    """Staff let the payment go. Raises `NotPossible` where it was paid, or canceled."""

    def check(held: Standing) -> dict[str, Any]:
        refuse_unless(held.is_waivable, "There is no payment to wait for.")
        return {"reason": reason}

    ask(booking, Kind.WAIVE, check, user=user)
    return act(booking, Kind.WAIVE, Effect.Kind.EXPIRE_CHECKOUT)


def acknowledge(
    booking: Booking, *, code: str, user: AbstractBaseUser, reason: str = ""
) -> Booking:
    """Staff have seen to a reason for attention. Raises `NotPossible` for one that there is not."""

    def check(held: Standing) -> dict[str, Any]:
        refuse_unless(code in held.decision.attention, "Nobody waits for that any more.")
        return {"code": code, "seen": held.decision.about(code), "reason": reason}

    ask(booking, Kind.ACKNOWLEDGE, check, user=user)
    return act(booking, Kind.ACKNOWLEDGE)


def adopt(
    appointment: Appointment, *, session_type: SessionType, site: Site, user: AbstractBaseUser
) -> Booking:
    """Staff give an appointment that belongs to no booking one of its own, on the terms offered now.

    Nothing is asked of its visitor by that: waiving the payment, asking for it or canceling is next. Raises
    `NotPossible` for an appointment of another event type, or that has a booking.
    """
    top = links.top_of(appointment)
    is_free = top.booking_id is None and session_type.event_type_id == top.event_type_id
    refuse_unless(is_free, "It belongs to a booking, or to another event type.")
    reference = references.mint(
        terms_id=terms_for(session_type).pk, site_id=site.pk, now=top.invitee_created_at
    )
    booking = links.booking_of(reference)
    log.adopted(booking, user)
    Appointment.objects.filter(pk=top.pk, booking=None).update(given_reference=reference.text)
    links.renew(top.invitee_uri)
    return settle.settle(booking.pk, because="adopted")


def _hold(booking: Booking, kind: str, until: datetime, user: AbstractBaseUser) -> Booking:
    def check(held: Standing) -> dict[str, Any]:
        current = held.decision.current
        refuse_unless(
            held.is_holdable and current and held.now < until <= current.starts_at,
            "It is not held any more, or would not be over before the session begins.",
        )
        return {"until": until}

    ask(booking, kind, check, user=user)
    return act(booking, kind)


def _within_bounds(held: Standing, total: int) -> int:
    """What staff say, between what is refunded already and what was paid."""
    captured = held.keeper.captured if held.keeper else 0
    refunded = held.keeper.refunded if held.keeper else 0
    if not refunded <= total <= captured:
        raise ShownChanged(min(max(total, refunded), captured))
    return total
