"""Finds what is kept of a person: by their mail address, by one of their bookings, or by age."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Lower

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    BookingQuerySet,
    Payment,
    Request,
    WebhookDelivery,
    Work,
)
from wagtail_calendly.bookings.privacy.spelling import plain, spellings

Row = TypeVar("Row", bound=Model)


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
    """Everything of whoever booked or paid with this mail address, or is being booked for, however it is spelled."""
    address = plain(address)
    if not address:
        return Kept()
    said = _spelled(Appointment.objects.alias(key=F("email_key")), address)
    payments = _spelled(Payment.objects.alias(key=Lower("email")), address)
    paid_for = dict(payments.values_list("pk", "booking_id"))
    # Whoever paid or is booked for, and nobody has chosen a time yet, is whose booking it is.
    maybe = {*paid_for.values(), *_clients(address)}
    unbooked = Booking.objects.filter(pk__in=maybe, appointments=None)
    found = _of(said, set(unbooked.values_list("pk", flat=True)), named=address)
    others = {pk for pk, booking in paid_for.items() if booking not in found.bookings}
    return replace(found, payments=frozenset(others))


def _spelled(rows: QuerySet[Row], address: str) -> QuerySet[Row]:
    """Those of this mail address; `key` is its spelling in small letters, by an index."""
    like = rows.filter(key__in=spellings(address)).order_by().values_list("pk", "email")
    return rows.filter(pk__in=[pk for pk, email in like if plain(email) == address])


def _clients(address: str) -> set[int]:
    """Bookings that staff make for this client: until Calendly has taken it, only the request says for whom."""
    asked = Request.objects.filter(kind=Request.Kind.BOOK, met_at=None).exclude(details={})
    told = asked.order_by().values_list("booking", "details")
    return {pk for pk, details in told if plain(str(details.get("email", ""))) == address}


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
    wanted = set(map(plain, texts))
    if not wanted:
        return
    held = WebhookDelivery.objects.filter(state__in=(Work.State.OPEN, Work.State.DEAD))
    for pk, body in held.exclude(body="").values_list("pk", "body").iterator():
        if any(plain(text) in wanted for text in _texts(_read(body))):
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
