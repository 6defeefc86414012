"""Finds bookings by how names or a mail address begin, by its domain, or by reference: what an index answers among a
million."""

from __future__ import annotations

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from wagtail_calendly.bookings.models import Appointment, Booking, Payment

#: Up to so many are found one by one; of more, the newest are looked for among all bookings.
MOST = 500
NAMES = ("name_key", "second_name_key", "third_name_key")
#: Of a longer text, so many words may stand in any order.
WORDS = 4
REFERENCE_END = 6
LAST_CHARACTER = "\U0010ffff"


def found_by(words: str) -> Q:
    """The bookings that staff mean by these words. Asks the database at once."""
    ids = _by_reference(words.strip())
    conditions = _meant(words.lower().replace(",", " ").split())
    for condition in conditions:
        found = Appointment.objects.filter(condition, booking__isnull=False).order_by()
        ids += found.values_list("booking", flat=True)[:MOST]
    if len(ids) < MOST:
        return Q(pk__in=ids)
    anyone = Q()
    for condition in conditions:
        anyone |= condition
    return Q(Exists(Appointment.objects.filter(anyone, booking=OuterRef("pk"))))


def _meant(words: list[str]) -> list[Q]:
    """Whom they may mean: a beginning of the address or of a name, names in another order, a domain."""
    beginning = " ".join(words)
    conditions = [_begins(key, beginning) for key in ("email_key", *NAMES)]
    if 1 < len(words) <= WORDS:
        conditions.append(_in_any_order(words))
    if len(words) == 1 and "." in beginning:
        conditions.append(Q(domain_key=beginning.removeprefix("@")))
    return conditions


def _in_any_order(words: list[str]) -> Q:
    """Each of them begins one of the names."""
    everyone = Q()
    for word in words:
        someone = Q()
        for key in NAMES:
            someone |= _begins(key, word)
        everyone &= someone
    return everyone


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
