"""The campaign that brought a booking, read by the database: as the site noted it, else as Calendly carried it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject, Left
from django.db.models.lookups import Contains

from wagtail_calendly.bookings.models import Appointment
from wagtail_calendly.bookings.models.numbers import LONGEST_CAMPAIGN

#: What the report tells bookings apart by. It names a link that many follow, and nobody who followed it.
NAMES = ("utm_source", "utm_medium", "utm_campaign")


def named(name: str, booking: str = "") -> Any:
    """One of the names, empty where nobody noted it; `booking` leads to the booking."""
    carried = Appointment.objects.filter(booking=OuterRef(f"{booking}pk")).order_by("pk")
    told = Subquery(carried.values(told=KeyTextTransform(name, "tracking"))[:1])
    noted = KeyTextTransform(name, f"{booking}tracking")
    return Left(Coalesce(noted, told, Value("")), LONGEST_CAMPAIGN)


def alone() -> JSONObject:
    """What is left of a booking's tracking once it may say nothing of a person: no mail addresses either."""
    return JSONObject(**{name: _of_nobody(named(name)) for name in NAMES})


def _of_nobody(name: Any) -> Case:
    return Case(When(Contains(name, "@"), then=Value("")), default=name)
