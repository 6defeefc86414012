"""Keeps each appointment with the booking it belongs to, as `linking` says, whatever came first."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly import conf
from wagtail_calendly.bookings import chains, linking
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Appointment, Attention, Booking
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.calendly import Invitee, ScheduledEvent
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.exceptions import InvalidReference
from wagtail_calendly.snippets.models import SessionType, Terms


def booking_of(reference: Reference) -> Booking:
    """The booking of this reference; its row is made by its first fact, whoever brings it.

    Raises `InvalidReference` when its terms are gone.
    """
    known = Booking.objects.filter(reference=reference.text).first()
    if known:
        return known
    terms = Terms.objects.select_related("event_type").filter(pk=reference.terms_id).first()
    if terms is None:
        raise InvalidReference("What this reference was made for is gone.")
    fresh = Booking(
        reference=reference.text,
        terms=terms,
        account=terms.event_type.account,
        site=Site.objects.filter(pk=reference.site_id).first(),
        page_id=reference.page_id,
        next_check_at=timezone.now(),
    )
    Booking.objects.bulk_create([fresh], ignore_conflicts=True)
    return Booking.objects.get(reference=reference.text)


def may_be_given(booking: Booking, invitee: Invitee, event: ScheduledEvent) -> bool:
    """Whether an invitee without a reference can have come of this booking's single-use link.

    Whether Calendly keeps our reference on such links is not documented. So the holder of the booking names
    the invitee from their own browser, and everything else must fit; an address of mail proves nothing.
    """
    if booking.link_made_at is None or invitee.created_at is None:
        return False
    free = Q(booking=None, given_reference="") | Q(given_reference=booking.reference)
    rows = Appointment.objects.filter(invitee_uri=invitee.uri)
    return (
        event.event_type == booking.terms.event_type.uri
        and invitee.created_at >= booking.link_made_at - chains.CLOCK_TOLERANCE
        and not (invitee.old_invitee or chains.minted(invitee.tracking.utm_content or ""))
        and not rows.exclude(free | Q(booking=booking)).exists()
    )


def top_of(appointment: Appointment) -> Appointment:
    """The first of the chain of reschedules that this appointment belongs to."""
    rows = chains.cluster(appointment.invitee_uri)
    places = linking.assign(chains.nodes(rows).values())
    return rows[places[appointment.invitee_uri].top]


def renew(invitee_uri: str) -> None:
    """Give every appointment that has to do with this one to its booking, or to none.

    To be called once the facts are committed: it reads again under the bookings' locks, so that of two at
    work on one cluster the later sees all.
    """
    changes = _changes(invitee_uri)
    while changes:
        bookings = {text for change in changes for text in change.bookings}
        changes = in_transaction(partial(_apply, invitee_uri, bookings))
    if conf.load().unlinked_appointments == "ignore":
        _forget_strangers(invitee_uri)


class _Change(NamedTuple):
    """An appointment that is not where it belongs."""

    row: Appointment
    reference: str
    attention: str

    @property
    def is_due(self) -> bool:
        return (_held_by(self.row), self.row.attention) != (self.reference, self.attention)

    @property
    def bookings(self) -> set[str]:
        return {_held_by(self.row), self.reference} - {""}


def _apply(invitee_uri: str, locked: set[str]) -> list[_Change]:
    """Make the changes that concern these bookings only; return those that concern others too."""
    bookings = {text: _lock(text) for text in sorted(locked)}
    left = []
    for change in _changes(invitee_uri):
        if change.bookings <= locked:
            unmoved = Appointment.objects.filter(pk=change.row.pk, booking=change.row.booking_id)
            unmoved.update(booking=bookings.get(change.reference), attention=change.attention)
        else:
            left.append(change)
    return left


def _lock(text: str) -> int:
    """Hold the booking of a reference, made if need be, until the transaction ends. It writes first:
    on SQLite a transaction that reads first may not write later."""
    booking = Booking.objects.filter(reference=text)
    if not booking.mark_due():
        booking_of(references.read(text))
        booking.mark_due()
    return booking.values_list("pk", flat=True).get()


def _changes(invitee_uri: str) -> list[_Change]:
    rows = chains.cluster(invitee_uri)
    nodes = chains.nodes(rows)
    wanted = []
    for uri, place in linking.assign(nodes.values()).items():
        attention = (
            "" if place.reference else _attention(rows[uri], rows[place.top], nodes[place.top])
        )
        wanted.append(_Change(rows[uri], place.reference, attention))
    return [change for change in wanted if change.is_due]


def _attention(row: Appointment, top: Appointment, node: linking.Node) -> str:
    """Why staff must look at an appointment without a booking."""
    if CANCELED in (row.invitee_status, row.event_status):
        return ""
    if node.reference:
        return Attention.REFERENCE_USED_TWICE
    if chains.reference_of(top):
        return Attention.REFERENCE_MISMATCH
    offered = SessionType.objects.filter(event_type__uri=row.event_type_uri, live=True)
    return Attention.NOT_THROUGH_SITE if offered.filter(price__gt=0).exists() else ""


def _forget_strangers(invitee_uri: str) -> None:
    """The site wants no appointments that were booked past it; one that may yet turn out its own is kept."""
    rows = chains.cluster(invitee_uri)
    for row in rows.values():
        if chains.reference_of(row) or row.booking_id or row.attention:
            return
        if row.old_invitee_uri and row.old_invitee_uri not in rows:
            return
    Appointment.objects.filter(invitee_uri__in=rows, booking=None).delete()


def _held_by(row: Appointment) -> str:
    return row.booking.reference if row.booking else ""
