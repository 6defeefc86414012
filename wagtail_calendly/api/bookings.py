"""Booking: a link to the calendar, the visitor's word that a time was chosen, how the booking stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator
from wagtail.models import Site

from wagtail_calendly import limits
from wagtail_calendly.api import links
from wagtail_calendly.api.errors import ApiError, failures
from wagtail_calendly.api.guards import visitor_post
from wagtail_calendly.api.session_types import Id, bookable
from wagtail_calendly.bookings import asking
from wagtail_calendly.bookings import confirm as confirming
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.calendly import uris
from wagtail_calendly.snippets.models import Terms
from wagtail_calendly.visitor import memory
from wagtail_calendly.visitor.agreed import Agreed
from wagtail_calendly.visitor.paying import Paying

router = Router(tags=["Bookings"])

_PAY_FIRST = _("This session is paid before its time is chosen. Order it, and pay it first.")

Reference = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Token = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def _invitee_uri(uri: str) -> str:
    return uris.invitee_uri(*uris.invitee_ids(uri))


def _event_uri(uri: str) -> str:
    return uris.event_uri(uris.event_id(uri))


_EVENT = r"https://api\.calendly\.com/scheduled_events/[A-Za-z0-9_-]{1,64}"
InviteeURI = Annotated[
    str,
    Field(max_length=255),
    AfterValidator(_invitee_uri),
    WithJsonSchema({"type": "string", "pattern": rf"^{_EVENT}/invitees/[A-Za-z0-9_-]{{1,64}}$"}),
]
EventURI = Annotated[
    str,
    Field(max_length=255),
    AfterValidator(_event_uri),
    WithJsonSchema({"type": "string", "pattern": f"^{_EVENT}$"}),
]


class LinkIn(Schema):
    """The session type to book, and the page of this site that it is booked from."""

    model_config = ConfigDict(extra="forbid")

    session_type: Id
    page: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None


class LinkOut(Schema):
    """Open `url` in a tab or a frame. `reference` names the booking that will come of it."""

    reference: str
    url: str


class ClaimIn(Schema):
    """What the calendar's frame told the page: `calendly.event_scheduled`. Calendly is asked whether it is so."""

    model_config = ConfigDict(extra="forbid")

    reference: Reference
    invitee_uri: InviteeURI
    event_uri: EventURI | None = None

    @model_validator(mode="after")
    def _belongs_together(self) -> ClaimIn:
        if self.event_uri and not self.invitee_uri.startswith(f"{self.event_uri}/invitees/"):
            raise ValueError("The invitee is not of this event.")
        return self


class NextStep(Schema):
    """What follows: `confirmed`, or `pending` while Calendly cannot be asked, or where the booking stands else.

    `status_url` is the visitor's own page, told only to the browser that the reference was given to.
    """

    status: str
    status_url: str | None


class SessionTypeRef(Schema):
    """Which session was booked."""

    id: int
    title: str


class PaymentOut(Schema):
    """The money of a booking; amounts count the currency's smallest unit. `amount` is what is paid through this site.

    `hold_until`: the slot is given back then unless it is paid. `refunded` was given back, `refund_pending`
    is still to come. `refund_if_canceled` would stand refunded in all if the visitor canceled now.
    """

    amount: int
    currency: str
    display: str
    is_payable: bool
    hold_until: datetime | None
    refunded: int
    refund_pending: int
    refund_if_canceled: int


class BookingOut(Schema):
    """How a booking stands. Nothing in it says who booked; `payment` is null when it is free."""

    status: str
    payment_status: str
    session_type: SessionTypeRef
    starts_at: datetime | None
    ends_at: datetime | None
    payment: PaymentOut | None


class TokenOut(Schema):
    """Send it back in the header `X-CSRFToken`, with the cookie that came along."""

    csrf_token: str


@router.get(
    "csrf", response=TokenOut, summary="Get a token for posting", url_name="csrf", tags=["Visit"]
)
def csrf(request: HttpRequest) -> TokenOut:
    """Asked for just before the first post, so that no cacheable page needs a token or a cookie."""
    return TokenOut(csrf_token=get_token(request))


@router.post(
    "scheduling-links",
    auth=visitor_post,
    response={200: LinkOut, **failures(400, 403, 404, 409, 415, 429, 503)},
    summary="Get a link to the calendar",
    url_name="scheduling_links",
)
def create_scheduling_link(request: HttpRequest, said: LinkIn) -> LinkOut:
    """The address of Calendly's calendar, with the reference that its booking will carry.

    Campaign values in this operation's own query (`utm_source` and others that the site allows) are
    carried on. A visitor who has not used their link yet gets the same one again. A session that is paid
    before its time is chosen has one once it is paid, and 409 until then: order it first.
    """
    try:
        reference, url = links.link(
            request, bookable(said.session_type), page=said.page, site=site_of(request)
        )
    except links.NotPaid:
        raise ApiError(409, "pay_first", _PAY_FIRST) from None
    except Terms.DoesNotExist:
        raise Http404 from None
    return LinkOut(reference=reference, url=url)


@router.post(
    "bookings/confirm",
    auth=visitor_post,
    response={200: NextStep, **failures(400, 403, 404, 409, 415, 429, 503)},
    summary="Confirm a booking",
    url_name="confirm",
)
def confirm(request: HttpRequest, said: ClaimIn) -> NextStep:
    """Verifies with Calendly that this invitee carries this reference. May be repeated."""
    limits.lookup(said.reference)
    choice = memory.held(request, said.reference)
    booking = confirming.confirm(
        said.reference,
        said.invitee_uri,
        site=site_of(request),
        tracking=choice.tracking if choice else None,
        is_held=choice is not None,
    )
    return NextStep(status=booking.status, status_url=status_url(booking) if choice else None)


@router.get(
    "bookings/{token}",
    response={200: BookingOut, **failures(400, 404)},
    summary="Read how a booking stands",
    url_name="booking",
)
def get_booking(request: HttpRequest, token: Token) -> BookingOut:
    """By the token of its status page, on the site where it was booked."""
    return booking_out(booking_of(request, token))


def booking_of(request: HttpRequest, token: str) -> Booking:
    """The booking of this token on this site. Raises `Http404`."""
    rows = Booking.objects.select_related("terms__session_type", "terms__event_type")
    return get_object_or_404(rows, token=token, site=site_of(request))


def booking_out(booking: Booking) -> BookingOut:
    session_type = booking.terms.session_type
    return BookingOut(
        status=booking.status,
        payment_status=booking.payment_status,
        session_type=SessionTypeRef(id=session_type.pk, title=session_type.title),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        payment=_payment(booking) if booking.terms.charge else None,
    )


def site_of(request: HttpRequest) -> Site:
    """The site of this host. Raises `Http404`."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def status_url(booking: Booking) -> str:
    return reverse("wagtail_calendly:status", args=[booking.token])


def _payment(booking: Booking) -> PaymentOut:
    paying, agreed = Paying(booking), Agreed(booking.terms)
    return PaymentOut(
        amount=booking.terms.charge,
        currency=booking.terms.currency,
        display=agreed.charge,
        is_payable=paying.is_payable,
        hold_until=paying.hold_until,
        refunded=paying.given,
        refund_pending=paying.coming,
        refund_if_canceled=asking.refund_if_canceled(booking, paying.now),
    )
