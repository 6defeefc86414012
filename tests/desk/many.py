"""Many bookings at once, written past settle: for lists, which only read."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils.timezone import now

from tests.desk.conftest import PRICE, priced_terms
from tests.factories import API, default_site
from wagtail_calendly.bookings.models import Appointment, Booking, Payment


def many_bookings(count: int, name: str = "Vi Sitor") -> list[Booking]:
    """So many paid bookings of the next hours, a minute apart, all of which need attention."""
    terms, site, at = priced_terms(), default_site(), now()
    uris = [f"{API}/scheduled_events/{uuid4()}" for _ in range(count)]
    made = Booking.objects.bulk_create(
        Booking(
            reference=uuid4().hex,
            terms=terms,
            site=site,
            status="confirmed",
            payment_status="paid",
            attention="disputed",
            calendly_event_uri=uri,
            calendly_invitee_uri=f"{uri}/invitees/I",
            starts_at=at + timedelta(minutes=number + 1),
            ends_at=at + timedelta(minutes=number + 31),
            created_at=at + timedelta(seconds=number),
        )
        for number, uri in enumerate(uris)
    )
    Appointment.objects.bulk_create(
        Appointment(
            booking=one,
            event_type=terms.event_type,
            invitee_uri=one.calendly_invitee_uri,
            event_uri=one.calendly_event_uri,
            name=name,
            email="vi@example.org",
            start_time=one.starts_at,
            end_time=one.ends_at,
        )
        for one in made
    )
    Payment.objects.bulk_create(
        Payment(
            booking=one,
            amount=PRICE,
            currency="EUR",
            state="paid",
            captured=PRICE,
            said_currency="EUR",
        )
        for one in made
    )
    return made
