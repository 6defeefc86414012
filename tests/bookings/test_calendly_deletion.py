"""Who is erased here is deleted at Calendly as well where its plan allows that; else staff are told how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.bookings.paying import calls
from tests.factories import ConfirmedBookingFactory
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings.models import Appointment, PolledEvent
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.privacy import elsewhere, erasing

EMAIL = "canary@example.org"


@pytest.fixture
def past(vendors: Simulator) -> Simulator:
    """Somebody was here long ago."""
    ConfirmedBookingFactory(
        appointment__email=EMAIL,
        appointment__invitee_created_at=timezone.now() - timedelta(days=40),
    )
    return vendors


@pytest.mark.parametrize("in_plan", [True, False])
def test_calendly_is_asked_and_staff_are_told_what_is_left(past: Simulator, in_plan: bool) -> None:
    past.plan(deletion=in_plan)
    done = erasing.person(EMAIL)
    assert done.calendly_asked == in_plan
    steps = " ".join(step.text for step in elsewhere.steps(done))
    assert ("Admin center" in steps) != in_plan
    (asked,) = calls(past, "POST", "^/data_compliance/deletion/invitees$")
    assert asked["status"] == (202 if in_plan else 403)


@pytest.mark.survives("erased-comes-back")
def test_a_poll_finds_nothing_to_bring_back(vendors: Simulator) -> None:
    made = vendors.book("consultation", email=EMAIL)
    poll()
    row = Appointment.objects.get(email=EMAIL)
    vendors.cancel(made["invitee"]["uri"])
    poll()
    erasing.person(EMAIL)
    vendors.book("consultation", email="new@example.org")
    # Everything is read again.
    PolledEvent.objects.all().delete()
    poll()
    row.refresh_from_db()
    assert (row.email, row.name, row.invitee_status) == ("", "", "canceled")
    assert row.erased_at is not None
    assert Appointment.objects.filter(email="new@example.org").exists()
