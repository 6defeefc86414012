"""Finds what is kept of a person: by their mail address, by one of their bookings, or by age."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    BookingQuerySet,
    Payment,
    WebhookDelivery,
    Work,
)


@dataclass(frozen=True)
class Kept:
    """Primary keys of what is kept, and the URIs of the invitees.

    `payments` are those that the person made for bookings of somebody else. `deliveries` wait to be worked on, or
    were given up: all others hold nothing of a person.
    """

    bookings: frozenset[int] = frozenset()
    appointments: frozenset[int] = frozenset()
    payments: frozenset[int] = frozenset()
    deliveries: frozenset[int] = frozenset()
    invitees: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.bookings or self.appointments or self.payments or self.deliveries)

    @property
    def all_payments(self) -> QuerySet[Payment]:
        return Payment.objects.filter(Q(pk__in=self.payments) | Q(booking__in=self.bookings))

    @property
    def all_bookings(self) -> BookingQuerySet:
        """Those of others that the person paid for among them."""
        paid_for = Payment.objects.filter(pk__in=self.payments).values("booking")
        return Booking.objects.filter(Q(pk__in=self.bookings) | Q(pk__in=paid_for))


def of_address(address: str) -> Kept:
    """Everything of whoever booked or paid with this mail address, in capitals or not."""
    address = address.strip()
    if not address:
        return Kept()
    said = Appointment.objects.filter(email__iexact=address)
    payments = dict(Payment.objects.filter(email__iexact=address).values_list("pk", "booking_id"))
    # Whoever paid, and nobody has chosen a time yet, is whose booking it is.
    unbooked = Booking.objects.filter(pk__in=set(payments.values()), appointments=None)
    found = _of(said, set(unbooked.values_list("pk", flat=True)), named=address)
    others = {pk for pk, booking in payments.items() if booking not in found.bookings}
    return Kept(
        found.bookings, found.appointments, frozenset(others), found.deliveries, found.invitees
    )


def of_bookings(ids: Iterable[int]) -> Kept:
    """Everything of these bookings, with all appointments of their chains of reschedules."""
    ids = set(ids)
    return _of(Appointment.objects.filter(booking__in=ids), ids)


def of_appointments(ids: Iterable[int]) -> Kept:
    """Everything of these appointments, with their chains, and their bookings where they have one."""
    return _of(Appointment.objects.filter(pk__in=set(ids)), set())


def _of(said: QuerySet[Appointment], bookings: set[int], named: str = "") -> Kept:
    rows, uris = _chains(said)
    bookings = bookings | {row.booking_id for row in rows if row.booking_id}
    claimed = Booking.objects.filter(pk__in=bookings).exclude(claimed_invitee_uri="")
    uris |= set(claimed.values_list("claimed_invitee_uri", flat=True))
    return Kept(
        bookings=frozenset(bookings),
        appointments=frozenset(row.pk for row in rows),
        deliveries=frozenset(_deliveries(uris | {named} - {""})),
        invitees=frozenset(uris),
    )


def _chains(said: QuerySet[Appointment]) -> tuple[list[Appointment], set[str]]:
    """These appointments and all that reschedules connect with them; the URIs of those not known yet, too."""
    columns = ("pk", "booking_id", "invitee_uri", "old_invitee_uri", "new_invitee_uri")
    rows, uris = list(said.only(*columns)), set[str]()
    while True:
        wider = {
            uri
            for row in rows
            for uri in (row.invitee_uri, row.old_invitee_uri, row.new_invitee_uri)
            if uri
        }
        if wider <= uris:
            return rows, uris
        uris |= wider
        joined = Q(invitee_uri__in=uris) | Q(old_invitee_uri__in=uris) | Q(new_invitee_uri__in=uris)
        rows = list(Appointment.objects.filter(joined).only(*columns))


def _deliveries(texts: set[str]) -> Iterator[int]:
    """Those that still hold a body in which one of these texts stands for itself."""
    wanted = {text.casefold() for text in texts}
    if not wanted:
        return
    held = WebhookDelivery.objects.filter(state__in=(Work.State.OPEN, Work.State.DEAD))
    for pk, body in held.exclude(body="").values_list("pk", "body").iterator():
        if any(text.casefold() in wanted for text in _texts(_read(body))):
            yield pk


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
