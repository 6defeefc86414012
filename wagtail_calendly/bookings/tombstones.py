"""Whose personal data were erased: known by the hash of their booking's name at Calendly, and honoured by `record`.

A reschedule makes another invitee of the same person, so a tombstone stands for a whole chain, known or yet to come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from wagtail_calendly.bookings import personal
from wagtail_calendly.bookings.models import Appointment, Tombstone
from wagtail_calendly.bookings.retries import in_transaction


def lay(uris: Iterable[str]) -> None:
    """From now on nothing of a person is kept for these invitees."""
    named = sorted(set(uris))
    fresh = [Tombstone(invitee=_digest(uri)) for uri in named]
    Tombstone.objects.bulk_create(fresh, ignore_conflicts=True)
    personal.blank(Appointment.objects.filter(invitee_uri__in=named))


def honour(uri: str, columns: Mapping[str, Any]) -> None:
    """Take from an appointment what was just recorded of a person who is erased, and remember its chain.

    `columns` are what was said of the invitee. In the transaction that records, nobody sees what is taken.
    """
    uris = {uri, columns["old_invitee_uri"], columns["new_invitee_uri"]} - {""}
    if Tombstone.objects.filter(invitee__in=list(map(_digest, uris))).exists():
        in_transaction(lambda: lay(uris))


def _digest(uri: str) -> str:
    return hashlib.sha256(uri.encode()).hexdigest()
