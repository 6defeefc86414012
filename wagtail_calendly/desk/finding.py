"""Finds bookings by how a name or a mail address begins, or by reference: what an index answers among a million."""

from __future__ import annotations

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from wagtail_calendly.bookings.models import Appointment, Booking, Payment

#: Up to so many are found one by one; of more, the newest are looked for among all bookings.
MOST = 500
KEYS = ("email_key", "name_key", "second_name_key", "third_name_key")
REFERENCE_END = 6
LAST_CHARACTER = "\U0010ffff"


def found_by(words: str) -> Q:
    """The bookings that staff mean by these words. Asks the database at once."""
    beginning = " ".join(words.lower().split())
    ids = _by_reference(words.strip())
    for key in KEYS:
        ids += (
            Appointment.objects.filter(_begins(key, beginning), booking__isnull=False)
            .order_by()
            .values_list("booking", flat=True)[:MOST]
        )
    if len(ids) < MOST:
        return Q(pk__in=ids)
    anyone = Q()
    for key in KEYS:
        anyone |= _begins(key, beginning)
    return Q(Exists(Appointment.objects.filter(anyone, booking=OuterRef("pk"))))


def _by_reference(words: str) -> list[int]:
    """By the whole reference or its end, or by what Stripe calls the payment."""
    if len(words) < REFERENCE_END or " " in words:
        return []
    named = Q(reference=words) | Q(reference_end=words)
    paid = Payment.objects.filter(payment_intent=words).order_by()
    return [
        *Booking.objects.filter(named).order_by().values_list("pk", flat=True)[:MOST],
        *paid.values_list("booking", flat=True)[:MOST],
    ]


def _begins(key: str, beginning: str) -> Q:
    """Whether a key begins like this. SQLite's LIKE knows no index here, and its LOWER() only A to Z."""
    if connection.vendor != "sqlite":
        return Q(**{f"{key}__startswith": beginning})
    either = Q()
    for text in {beginning, beginning[:1].upper() + beginning[1:]}:
        either |= Q(**{f"{key}__gte": text, f"{key}__lt": text + LAST_CHARACTER})
    return either
