"""Everything that is kept of a person, as plain data for whoever asks what we know of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import registry

from wagtail_calendly.bookings import log
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Payment, WebhookDelivery
from wagtail_calendly.bookings.personal import INVENTORY
from wagtail_calendly.bookings.privacy import kept
from wagtail_calendly.bookings.privacy.erasing import fingerprint
from wagtail_calendly.bookings.privacy.kept import Kept

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def person(address: str, *, user: AbstractBaseUser | None = None) -> dict[str, Any]:
    """All that is kept of whoever booked or paid with this mail address; noted in the audit trail.

    `bookings` with their appointments, payments, requests, mails and history; `appointments` booked directly at
    Calendly; `payments` for bookings of others; `deliveries` of Calendly and Stripe that wait. Times are ISO 8601
    in UTC, money is in minor units of the currency.
    """
    found = kept.of_address(address)
    for row in found.all_bookings:
        log.person(log.EXPORTED, row, user, person=fingerprint(address))
    for unlinked in _unlinked(found):
        log.person(log.EXPORTED, unlinked, user, person=fingerprint(address))
    return {"exported_at": timezone.now(), "address": address.strip(), **export(found)}


def export(found: Kept) -> dict[str, list[dict[str, Any]]]:
    """What `person` says of what was found. Reads only."""
    bookings = Booking.objects.filter(pk__in=found.bookings).select_related("terms__session_type")
    related = ("appointments", "payments__refunds", "requests", "notes", "effects")
    return {
        "bookings": [_booking(row) for row in bookings.prefetch_related(*related)],
        "appointments": _rows(_unlinked(found)),
        "payments": _rows(Payment.objects.filter(pk__in=found.payments)),
        "deliveries": _rows(WebhookDelivery.objects.filter(pk__in=found.deliveries)),
    }


def as_json(said: dict[str, Any]) -> str:
    """For people to read and for machines to take over."""
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _booking(row: Booking) -> dict[str, Any]:
    mails = [effect for effect in row.effects.all() if effect.kind == Effect.Kind.NOTIFY]
    return {
        "session": row.terms.session_type.title,
        **_columns(row),
        "appointments": _rows(row.appointments.all()),
        "payments": [
            {**_columns(payment), "refunds": _rows(payment.refunds.all())}
            for payment in row.payments.all()
        ],
        "requests": _rows(row.requests.all()),
        "notes": _rows(row.notes.all()),
        "mails": _rows(mails),
        "history": [
            {"at": entry.timestamp, "what": str(entry.message)}
            for entry in registry.get_logs_for_instance(row)
        ],
    }


def _rows(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [_columns(row) for row in rows]


def _columns(row: Model) -> dict[str, Any]:
    return {name: getattr(row, name) for name in INVENTORY[type(row)].exported}


def _unlinked(found: Kept) -> Iterable[Appointment]:
    return Appointment.objects.filter(pk__in=found.appointments, booking=None)
