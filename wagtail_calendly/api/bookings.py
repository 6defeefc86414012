"""Booking: a link to the calendar, the visitor's word that a time was chosen, how the booking stands."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from wagtail_calendly import limits
from wagtail_calendly.api import links
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
from wagtail_calendly.bookings import confirm as confirming
from wagtail_calendly.calendly import uris
from wagtail_calendly.snippets.models import Terms
from wagtail_calendly.visitor import memory

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
