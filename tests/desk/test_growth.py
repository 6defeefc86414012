"""Every screen of the desk costs the same queries among ten rows of everything and among ten thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from tests.desk.many import many_bookings
from tests.desk.multiplying import multiply
from tests.factories import AppointmentFactory, EventTypeFactory, SessionTypeFactory, default_site
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    DailyTotal,
    Effect,
    Payment,
    Refund,
    Request,
    WebhookDelivery,
)
from wagtail_calendly.desk.booking_export import CHUNK
from wagtail_calendly.snippets.models import Drift, EventType, SessionType

pytestmark = pytest.mark.django_db

FEW, TIMES, OFFERED = 10, 1000, 1000
#: So many of the few were booked on one page, by which an export is filtered: a chunk of them later.
ON_PAGE = 1
LIST, RESULTS = "/admin/calendly/bookings/", "/admin/calendly/bookings/results/"
REPORT = "/admin/reports/bookings/results/"
SESSIONS = "wagtailsnippets_wagtail_calendly_sessiontype"
WAITING = ("unlinked_appointments", "given_up", "stalled_deliveries")
EVENTS = "wagtail_calendly_event_types"
#: Of an export: rows with their appointments, payments, refunds and pages.
PER_CHUNK = 5
Ask = Callable[[Client], Any]


@pytest.fixture
def staff() -> Client:
    """May do everything, and is asked for each permission: a superuser is not."""
    user = User.objects.create_user("staff")
    # Wagtail's button to translate a snippet asks for each row of a page.
    user.user_permissions.set(Permission.objects.exclude(codename="submit_translation"))
    client = Client()
    client.force_login(user)
    return client


def _few() -> None:
    """Ten of everything, and a booking to which much happened."""
    made = many_bookings(FEW, name="Ada Lovelace")
    home = default_site().root_page.pk
    Booking.objects.update(page_id=home + 1, created_at=F("created_at") - timedelta(days=1))
    Booking.objects.filter(pk__in=[one.pk for one in made[:ON_PAGE]]).update(page_id=home)
    for number, booking in enumerate(made):
        for state in ("open", "dead"):
            key = f"{number}/{state}"
            dead = {"finished_at": now()} if state == "dead" else {}
            Effect.objects.create(booking=booking, kind="notify", key=key, state=state, **dead)
            WebhookDelivery.objects.create(digest=key, state=state, sender="stripe", body="{}")
        AppointmentFactory(
            booking=None, event_type=booking.terms.event_type, attention="not_through_site"
        )
        Request.objects.create(booking=booking, kind="pay")
        Refund.objects.create(payment=booking.payments.get(), amount=1, state="succeeded")
    _offer(FEW)


def _offer(count: int) -> None:
    """So many event types, each with a session type, something that changed, and a line in the report."""
    event_types = EventType.objects.bulk_create(EventTypeFactory.build_batch(count))
    session_types = SessionType.objects.bulk_create(
        SessionTypeFactory.build(event_type=one, sort_order=0) for one in event_types
    )
    Drift.objects.bulk_create(
        Drift(session_type=one, event_type=one.event_type, fact="name", accepted="Before")
        for one in session_types
    )
    DailyTotal.objects.bulk_create(
        DailyTotal(day=localdate(), session_type=one, utm_source=one.slug, booked=1)
        for one in session_types
    )


def _happen(booking: Booking, times: int) -> None:
    payments = Payment.objects.bulk_create(
        Payment(booking=booking, amount=1, currency="EUR", state="expired", observed_at=now())
        for _ in range(times)
    )
    Refund.objects.bulk_create(Refund(payment=one, amount=1, state="failed") for one in payments)
    Request.objects.bulk_create(Request(booking=booking, kind="pay") for _ in range(times))
    Effect.objects.bulk_create(
        Effect(booking=booking, kind="notify", key=one.pk, tries=2, state="dead", finished_at=now())
        for one in payments
    )


def _on_page() -> dict[str, int]:
    return {"page": default_site().root_page.pk}


def _screens() -> Iterator[str]:
    booking, session_type = Booking.objects.last(), SessionType.objects.first()
    assert booking
    assert session_type
    today = localdate().isoformat()
    yield from (LIST, "/admin/", f"/admin/calendly/calendar/week/{today}/results/")
    yield f"/admin/calendly/calendar/month/{today}/results/?q=ada"
    yield reverse("bookings:inspect", args=[booking.pk])
    asked = [
        {"p": 2, "ordering": "starts_at"},
        {"status": "confirmed", "payment_status": "paid", "ordering": "-status"},
        {"session_type": booking.terms.session_type_id},
        {"starts_at_from": today, "created_at_to": today},
        {"attention": "needed", **_on_page()},
        *({"q": words} for words in ("ada", "lovelace", "vi@example", booking.reference)),
    ]
    yield from (f"{RESULTS}?{urlencode(one)}" for one in asked)
    for action in ("acknowledge", "erase"):
        named = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", action])
        yield f"{named}?id=all&p=1&q={booking.reference}"
    yield from (f"{REPORT}?group={group}" for group in ("session_type", "page", "campaign", "day"))
    yield f"{REPORT}?export=csv"
    for name in (*WAITING, "calendly_connection"):
        yield reverse(f"{name}:index")
    for name in ("index", "changes", "sync_progress"):
        yield reverse(f"{EVENTS}:{name}")
    yield reverse(f"{EVENTS}:index_results") + "?q=consul&used=true"
    yield reverse(f"{EVENTS}:inspect", args=[session_type.event_type_id])
    yield reverse(f"{SESSIONS}:list")
    yield reverse(f"{SESSIONS}:edit", args=[session_type.pk])
    yield reverse("wagtail_calendly_event_type_chooser:choose_results")


def _queries(staff: Client, ask: Ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = ask(staff)
        assert answer.status_code == 200, answer
        b"".join(answer) if answer.streaming else None
    return len(captured)


@pytest.mark.survives("million-bookings")
def test_no_screen_asks_the_database_more_often_among_ten_thousand(staff: Client) -> None:
    _few()
    happened = Booking.objects.last()
    assert happened
    _happen(happened, 1)
    found = reverse("personal_data:index")
    asks: dict[str, Ask] = {url: lambda client, url=url: client.get(url) for url in _screens()}
    asks["personal data"] = lambda client: client.post(found, {"email": "vi@example.org"})
    download: Ask = lambda client: client.get(LIST, {"export": "csv", **_on_page()})  # noqa: E731
    staff.get(LIST)  # what is kept between requests
    few = {name: _queries(staff, ask) for name, ask in asks.items()}
    export = _queries(staff, download)
    multiply([Booking, Appointment, Payment, Refund, Effect, Request, WebhookDelivery], TIMES)
    Appointment.objects.filter(pk__gt=100_000).update(email="other@example.org")
    _happen(happened, 9)
    _offer(OFFERED)
    many = {name: _queries(staff, ask) for name, ask in asks.items()}
    grown = {name: (few[name], count) for name, count in many.items() if count > few[name]}
    assert not grown
    assert Booking.objects.count() == FEW * TIMES
    exported = _queries(staff, download)
    assert exported - export <= PER_CHUNK * ON_PAGE * TIMES // CHUNK
    for name in WAITING:
        assert b"?p=2" in staff.get(reverse(f"{name}:index")).content, name
