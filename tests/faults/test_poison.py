"""Deliveries and rows that cannot be worked on: they are set aside, and the others go on."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import AppointmentFactory, BookingFactory
from tests.faults.conftest import send
from wagtail_calendly.bookings import inbox, reconcile
from wagtail_calendly.bookings.models import Booking, Status, WebhookDelivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendly")]

POISON = (
    b'{"event": "invitee.created", "created_at": "2027-01-01T00:00:00Z", "payload": {"uri": 1}}'
)
PAYLOADS = Path(__file__).resolve().parents[1] / "payloads"
DELIVERIES = [json.loads(file.read_text()) for file in sorted(PAYLOADS.glob("webhook_*d*.json"))]
State = WebhookDelivery.State


@pytest.mark.survives("poisoned-delivery")
def test_a_delivery_that_always_fails_is_set_aside_and_the_others_go_on(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"DELIVERY_TRIES": 3}
    assert send(POISON) == 200
    poisoned = WebhookDelivery.objects.get()
    now, waits = timezone.now(), []
    for number in range(2):
        send(json.dumps({"event": "contact.created", "number": number}).encode())
        waits.append(WebhookDelivery.objects.get(pk=poisoned.pk).next_try_at - now)
        now += timedelta(hours=1)
        inbox.work_due(now, limit=10)
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.tries, poisoned.body) == (State.DEAD, 3, POISON.decode())
    assert "CalendlyUnexpectedResponse" in poisoned.error
    assert waits[0] < waits[1]
    others = WebhookDelivery.objects.exclude(pk=poisoned.pk).values_list("state", flat=True)
    assert list(others) == [State.IGNORED, State.IGNORED]
    assert inbox.work_due(now + timedelta(days=1), limit=10) == 0


@pytest.mark.survives("poisoned-row")
def test_a_row_that_cannot_be_settled_keeps_no_other_from_it() -> None:
    """The poisoned booking is due first, and there is room for two in each round."""
    poisoned, *others = (AppointmentFactory().booking for _ in range(5))
    poisoned.appointments.update(location=[])  # no form that this version knows
    Booking.objects.update(next_check_at=timezone.now())
    Booking.objects.filter(pk=poisoned.pk).update(next_check_at=timezone.now() - timedelta(days=1))
    for _round in range(3):
        reconcile.tick(limit=2)
    settled = Booking.objects.filter(status=Status.CONFIRMED).values_list("pk", flat=True)
    assert sorted(settled) == [booking.pk for booking in others]
    poisoned.refresh_from_db()
    assert (poisoned.status, poisoned.next_check_at > timezone.now()) == (Status.PENDING, True)
    poisoned.appointments.update(location={})
    reconcile.tick(timezone.now() + timedelta(hours=1))
    poisoned.refresh_from_db()
    assert poisoned.status == Status.CONFIRMED


@pytest.mark.survives("poisoned-row")
def test_poisoned_deliveries_leave_room_for_others_in_each_round() -> None:
    for number in range(4):
        send(POISON.replace(b'"uri": 1', f'"uri": {number}'.encode()))
    good = BookingFactory()
    Booking.objects.filter(pk=good.pk).update(next_check_at=timezone.now())
    fine = WebhookDelivery.objects.create(
        sender="calendly", digest="0" * 64, event="contact.created"
    )
    for minutes in range(4):
        reconcile.tick(timezone.now() + timedelta(minutes=minutes * 10), limit=2)
    fine.refresh_from_db()
    good.refresh_from_db()
    assert (fine.state, good.status) == (State.IGNORED, Status.ABANDONED)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@st.composite
def deliveries(draw: st.DrawFn) -> Any:
    """A real delivery in which up to three values are gone, or are something else, or are new."""
    body = json.loads(json.dumps(draw(st.sampled_from(DELIVERIES))))
    for _ in range(draw(st.integers(0, 3))):
        place = body
        while True:
            name = draw(st.sampled_from([*sorted(place), "field_of_a_later_version"]))
            inner = place.get(name)
            if not (isinstance(inner, dict) and inner and draw(st.booleans())):
                break
            place = inner
        if draw(st.booleans()):
            place.pop(name, None)
        else:
            place[name] = draw(anything)
    return body


@pytest.mark.survives("any-json")
@given(body=deliveries() | st.dictionaries(st.text(max_size=8), anything))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_signed_json_is_taken_and_breaks_nothing(body: Any) -> None:
    WebhookDelivery.objects.all().delete()
    assert send(json.dumps(body).encode()) == 200
    delivery = WebhookDelivery.objects.get()
    assert delivery.state in {State.DONE, State.IGNORED} or delivery.error
    # What is kept of an error is a kind that we foresaw, not a crash of ours.
    assert not delivery.error or delivery.error.startswith(("Calendly", "NotConfigured"))
