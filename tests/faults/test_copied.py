"""A copy of the live database, run with the live keys: it does nothing, until somebody says that the site has moved."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command

from tests.bookings.paying import PRICE, calls, later, stands
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.models import Booking, Connection
from wagtail_calendly.bookings.reconcile import tick


@pytest.fixture
def copied(vendors: Simulator, confirmed: Booking, settings: Any) -> Booking:
    """Confirmed on the live site, and then to be canceled on a copy of it."""
    effects.perform_due()
    settings.WAGTAILADMIN_BASE_URL = "https://staging.example.org"
    vendors.clear_requests()
    mail.outbox.clear()
    user = User.objects.create_user("tester")
    by_staff.cancel(confirmed, total=PRICE, captured=PRICE, user=user)
    return confirmed


@pytest.mark.survives("copied-database")
def test_a_copy_of_the_live_database_does_nothing(vendors: Simulator, copied: Booking) -> None:
    with later(vendors, hours=12):
        tick()
    assert not calls(vendors, "POST|DELETE", "")
    assert not calls(vendors, "GET", "scheduled_events|events|checkout")
    assert not mail.outbox
    assert stands(copied)[0] == "confirmed"
    assert "--moved" in Connection.objects.get(account=copied.account).problem


@pytest.mark.survives("copied-database")
def test_a_site_that_has_moved_goes_on_when_it_is_told_so(
    vendors: Simulator, copied: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    effects.perform_due()
    call_command("calendly_work", "--moved")
    assert "Moved here. 1 effects" in capsys.readouterr().out
    effects.perform_due()
    assert stands(copied) == ("canceled", "refunded", "")
    assert not Connection.objects.get(account=copied.account).problem


def test_the_guard_needs_no_address(vendors: Simulator, copied: Booking, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = None
    copied.effects.update(next_try_at=copied.created_at)
    effects.perform_due()
    effects.perform_due()
    assert stands(copied) == ("canceled", "refunded", "")
