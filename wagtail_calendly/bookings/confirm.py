"""A visitor says that they have booked: verified with Calendly, or kept as pending until Calendly can say."""

from __future__ import annotations

import logging

from wagtail.models import Site

from wagtail_calendly import accounts
from wagtail_calendly.bookings import chains, health, links, lookup, record
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.effects import in_a_hurry, perform_now
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.calendly import CalendlyError, CalendlyNotFound, InvalidCalendlyURI, uris
from wagtail_calendly.exceptions import InvalidReference, NotConfigured, NotOurBooking
from wagtail_calendly.snippets.models import PaymentOrder, Terms

logger = logging.getLogger(__name__)

#: How long a visitor waits for Calendly, in seconds.
SECONDS = 3.0


def confirm(
    reference_text: str,
    invitee_uri: str,
    *,
    site: Site | None,
    tracking: dict[str, str] | None = None,
    is_held: bool = False,
) -> Booking:
    """The browser says that this invitee came of this reference; Calendly is asked whether that is so.

    `is_held`: the reference is in the visitor's own session at this site, so that they may name an invitee
    of a session paid before whom Calendly sent without it. Returns the booking: confirmed, or pending where
    Calendly could not answer in time. Raises `InvalidReference` for a reference that is not ours or of
    another site, and `NotOurBooking` when the invitee is someone else's; then nothing has changed.
    """
    reference, terms = _read(reference_text, site)
    try:
        uris.invitee_ids(invitee_uri)
    except InvalidCalendlyURI:
        raise NotOurBooking("This is not the name of an invitee.") from None
    if not _is_recorded(reference, invitee_uri):
        try:
            _verify(reference, terms, invitee_uri, is_held)
        except (CalendlyError, NotConfigured) as error:
            _note(terms.event_type.account, error)
    is_theirs = is_held or terms.payment_order != PaymentOrder.BEFORE_SCHEDULING
    named = invitee_uri if is_theirs else ""
    booking = record.claim(reference, invitee_uri=named, tracking=tracking)
    with in_a_hurry(SECONDS):
        return settle(booking.pk, because="visitor")


def booked(
    reference_text: str, *, site: Site | None, tracking: dict[str, str] | None = None
) -> Booking:
    """The visitor says “I have booked my time”: looked up now, and later again if it is not there yet.

    Returns the booking, pending while Calendly knows nothing of it. Raises `InvalidReference`.
    """
    reference, _ = _read(reference_text, site)
    booking = record.claim(reference, tracking=tracking)
    booking = settle(booking.pk, because="visitor")
    if booking.status in (Status.PENDING, Status.AWAITING_SCHEDULE):
        booking = perform_now(booking, Effect.Kind.LOOK_UP, SECONDS)
    return booking


def _read(text: str, site: Site | None) -> tuple[Reference, Terms]:
    """A reference of this site and its terms."""
    reference = references.read(text)
    terms = Terms.objects.select_related("event_type").filter(pk=reference.terms_id).first()
    if terms is None or site is None or site.pk != reference.site_id:
        raise InvalidReference("This reference is not for this site.")
    return reference, terms


def _is_recorded(reference: Reference, invitee_uri: str) -> bool:
    """Whether Calendly has told us already, by webhook, that this invitee is this reference's."""
    ours = Appointment.objects.filter(booking__reference=reference.text)
    return ours.filter(invitee_uri=invitee_uri).exists()


def _verify(reference: Reference, terms: Terms, invitee_uri: str, is_held: bool) -> None:
    """Record the invitee if they are the reference's. Raises `NotOurBooking`, or why Calendly cannot say."""
    account = terms.event_type.account
    client = accounts.calendly(account).within(SECONDS)
    try:
        invitee, event = lookup.read(invitee_uri, client=client)
    except CalendlyNotFound:
        raise NotOurBooking("Calendly knows no such invitee.") from None
    health.well(account)
    came = invitee.tracking.utm_content == reference.text and chains.fits(
        reference,
        terms,
        account=account,
        event_type_uri=event.event_type,
        created_at=invitee.created_at,
    )
    booking = Booking.objects.filter(reference=reference.text).first() if is_held else None
    is_given = booking is not None and links.may_be_given(booking, invitee, event)
    if not came and not is_given:
        raise NotOurBooking("This invitee did not come of this reference.")
    given = "" if came else reference.text
    record.appointment(invitee, event, account=account, given=given)
    if not _is_recorded(reference, invitee.uri):
        raise NotOurBooking("This reference was used for another booking.")


def _note(account: str, error: Exception) -> None:
    """Calendly cannot say now; the claim is kept and looked up later."""
    if isinstance(error, health.TROUBLE):
        health.problem(account, error)
    else:
        logger.warning("A booking could not be verified yet: %s", error)
