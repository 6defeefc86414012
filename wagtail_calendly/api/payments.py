"""Paying over the API: ordering what is paid first, the checkout's address, canceling for what was shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from wagtail_calendly import limits
from wagtail_calendly.api.bookings import Token
from wagtail_calendly.api.errors import ApiError, failures
from wagtail_calendly.api.guards import visitor_post
from wagtail_calendly.api.session_types import Id, bookable
from wagtail_calendly.api.standing import (
    BookingOut,
    booking_of,
    booking_out,
    site_of,
    status_url,
)
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.snippets.models import Terms
from wagtail_calendly.visitor import choosing
from wagtail_calendly.visitor.asked import Asked
from wagtail_calendly.visitor.paying import checkout_url
from wagtail_calendly.visitor.standing import Standing

router = Router(tags=["Payments"])

#: What every post here may be refused with.
_REFUSALS = failures(400, 403, 404, 409, 415, 429)

_CHOOSE_FIRST = _("This session is paid after its time is chosen. Ask for its calendar.")
_NOT_CANCELABLE = _("This booking cannot be canceled here, or not any more. Nothing was changed.")


class OrderIn(Schema):
    """The session type to order, and the page of this site that it is ordered from. Its price is ours to know."""

    model_config = ConfigDict(extra="forbid")

    session_type: Id
    page: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None


class CheckoutOut(Schema):
    """Send the payer to `url`. It is null while the page is being opened: ask again in a moment.

    `status`: opening, open, or processing when a debit was given and its money is awaited.
    """

    status: str
    url: str | None
    expires_at: datetime | None


class OrderOut(Schema):
    """The booking that was made, and where to pay it. `token` opens this booking and nothing else."""

    reference: str
    token: str
    status: str
    status_url: str
    checkout: CheckoutOut


class CancelIn(Schema):
    """`total`: `payment.refund_if_canceled` of the booking, as the visitor was shown it."""

    model_config = ConfigDict(extra="forbid")

    total: Annotated[int, Field(ge=0, lt=10**15)] = 0


@router.post(
    "orders",
    auth=visitor_post,
    response={200: OrderOut, **_REFUSALS},
    summary="Order a session that is paid first",
    url_name="orders",
)
def order(request: HttpRequest, said: OrderIn) -> OrderOut:
    """Makes the booking and starts its checkout. An order that this visitor has not paid yet is given again."""
    site, session_type = site_of(request), bookable(said.session_type)
    wish = Asked(page=said.page) if said.page else Asked()
    try:
        chosen = choosing.choose(request, session_type, wish, site)
        if not (chosen.agreed and chosen.agreed.is_paid_before):
            raise ApiError(409, "choose_first", _CHOOSE_FIRST)
        if chosen.booking and chosen.booking.status != Status.AWAITING_PAYMENT:
            again = wish.model_copy(update={"again": choosing.tail(chosen.booking)})
            chosen = choosing.choose(request, session_type, again, site)
    except Terms.DoesNotExist:
        raise Http404 from None
    limits.checkout()
    booking = by_visitors.order(chosen.choice.reference, site=site)
    paying = _checkout(booking)
    booking.refresh_from_db()
    return OrderOut(
        reference=booking.reference,
        token=booking.token,
        status=booking.status,
        status_url=status_url(booking),
        checkout=paying,
    )


@router.post(
    "bookings/{token}/checkout",
    auth=visitor_post,
    response={200: CheckoutOut, **_REFUSALS},
    summary="Start or resume paying",
    url_name="checkout",
)
def checkout(request: HttpRequest, token: Token) -> CheckoutOut:
    """The page where the booking is paid. Asked for twice, it is the same one."""
    booking = booking_of(request, token)
    limits.checkout()
    return _checkout(booking)


@router.post(
    "bookings/{token}/cancel",
    auth=visitor_post,
    response={200: BookingOut, **_REFUSALS},
    summary="Cancel a session that costs something",
    url_name="cancel",
)
def cancel(request: HttpRequest, token: Token, said: CancelIn) -> BookingOut:
    """Gives back `total`. 409 where that would be less by now: read the booking and show it anew."""
    booking = booking_of(request, token)
    standing = Standing(booking)
    if not standing.is_cancelable:
        raise ApiError(409, "not_cancelable", _NOT_CANCELABLE)
    if standing.is_choosing:
        by_visitors.give_back(booking)
    else:
        by_visitors.cancel(booking, total=said.total)
    return booking_out(booking_of(request, token))


def _checkout(booking: Booking) -> CheckoutOut:
    payment = by_visitors.pay(booking)
    return CheckoutOut(
        status=payment.state, url=checkout_url(payment) or None, expires_at=payment.expires_at
    )
