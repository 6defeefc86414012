"""Counts that a visitor opened a session: one row for a day and a campaign, nothing about the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from wagtail_calendly.bookings.models import DailyTotal
from wagtail_calendly.bookings.models.numbers import LONGEST_CAMPAIGN
from wagtail_calendly.bookings.numbers.days import day_of
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets.models import Terms

#: Anybody can invent pages and campaigns: past so many rows in a day, openings are counted without them.
MOST_ROWS = 2000


def count_opening(
    reference: Reference, tracking: Mapping[str, str], *, now: datetime | None = None
) -> None:
    """Count one opening of the session that this reference was minted for. Right whoever else counts."""
    terms = Terms.objects.filter(pk=reference.terms_id).first()
    if terms is None:
        return
    plain: dict[str, Any] = {
        "day": day_of(now or timezone.now()),
        "session_type_id": terms.session_type_id,
        "currency": terms.currency if terms.charge else "",
    }
    campaign = {name: _clean(tracking.get(name, "")) for name in DailyTotal.KEY if "utm" in name}
    key = {**plain, **campaign, "page_id": reference.page_id or 0}
    if _added(key):
        return
    if DailyTotal.objects.filter(day=plain["day"]).count() >= MOST_ROWS:
        key = {**plain, **dict.fromkeys(campaign, ""), "page_id": 0}
    DailyTotal.objects.bulk_create([DailyTotal(**key)], ignore_conflicts=True)
    _added(key)


def _added(key: dict[str, Any]) -> int:
    return DailyTotal.objects.filter(**key).update(opened=F("opened") + 1)


def _clean(value: str) -> str:
    """What a database takes as text and as part of a key."""
    return value.replace("\x00", "")[:LONGEST_CAMPAIGN]
