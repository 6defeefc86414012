"""Nobody tells us: webhooks lost, browsers closed, subscriptions disabled, no worker. The clock finds it all."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.faults.conftest import Post, book
from tests.faults.truth import forget, truth
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import reconcile, subscriptions
from wagtail_calendly.bookings.models import Booking, Connection, Status
from wagtail_calendly.bookings.reference import Reference

pytestmark = pytest.mark.django_db


@pytest.mark.survives("everything-lost")
def test_the_clock_finds_a_booking_that_nobody_told_of(
    calendly: Simulator, reference: Reference
) -> None:
    booked = book(calendly, reference)
    assert not Booking.objects.exists()
    reconcile.tick()
    booking = Booking.objects.get()
    assert (booking.status, booking.reference) == (Status.CONFIRMED, reference.text)
    assert booking.calendly_invitee_uri == booked["invitee"]["uri"]


@pytest.mark.survives("everything-lost")
def test_all_lost_and_found_is_the_same_as_all_delivered(post: Post, reference: Reference) -> None:
    calendly = post.simulator
    first = book(calendly, reference)
    moved = calendly.reschedule(first["invitee"]["uri"])["new"]
    calendly.no_show(moved["invitee"]["uri"])
    assert set(post.deliver()) == {200}
    told = truth()
    forget()
    reconcile.tick()
    # Once more, because a day's first poll may have seen one half of the reschedule alone.
    reconcile.tick(timezone.now() + timedelta(minutes=10))
    assert truth() == told
    assert Booking.objects.get().calendly_invitee_uri == moved["invitee"]["uri"]


@pytest.mark.survives("subscription-disabled")
def test_a_disabled_subscription_is_made_anew_and_the_gap_is_filled(
    post: Post, reference: Reference, caplog: pytest.LogCaptureFixture
) -> None:
    calendly = post.simulator
    before = calendly.state["subscriptions"]
    calendly.disable_subscriptions()
    book(calendly, reference)
    assert post.held == []
    reconcile.tick(_in_two_hours())
    assert Booking.objects.get().status == Status.CONFIRMED
    (after,) = calendly.state["subscriptions"]
    assert (after["state"], after["callback_url"]) == ("active", before[0]["callback_url"])
    assert Connection.objects.get().subscription_state == subscriptions.ACTIVE
    told = [record for record in caplog.records if "no webhooks any more" in record.message]
    assert [record.levelname for record in told] == ["ERROR"]
    book(calendly, reference, name="Somebody Else")
    assert post.deliver() == [200]


@pytest.mark.survives("subscription-disabled")
def test_the_subscription_of_the_site_that_a_database_was_copied_from_is_left_alone(
    post: Post, settings: Any
) -> None:
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]
    post.simulator.disable_subscriptions()
    other = account | {"WEBHOOK_SIGNING_KEYS": ["key-of-the-copy-0123456789"]}
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": other}}
    reconcile.tick(_in_two_hours())
    assert [one["state"] for one in post.simulator.state["subscriptions"]] == ["disabled"]


@pytest.mark.survives("subscription-disabled")
def test_a_subscription_that_somebody_deleted_is_reported_once(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    uri = Connection.objects.get().subscription_uri
    post.simulator.api("DELETE", uri.removeprefix("https://api.calendly.com"))
    reconcile.tick(_in_two_hours())
    reconcile.tick(_in_two_hours() + timedelta(hours=2))
    assert post.simulator.state["subscriptions"] == []
    assert Connection.objects.get().subscription_state == subscriptions.MISSING
    assert len([one for one in caplog.records if "no webhooks any more" in one.message]) == 1


@pytest.mark.survives("no-worker")
def test_cron_alone_does_everything(calendly: Simulator, reference: Reference) -> None:
    """The host has no worker and no webhook; the default backend works inside requests."""
    booked = book(calendly, reference)
    call_command("calendly_work", stdout=(said := StringIO()))
    assert "1 accounts polled" in said.getvalue()
    assert Booking.objects.get().status == Status.CONFIRMED
    calendly.cancel(booked["invitee"]["uri"])
    Connection.objects.update(poll_turn_at=None)
    call_command("calendly_work", stdout=StringIO())
    assert Booking.objects.get().status == Status.CANCELED


@pytest.mark.survives("no-worker")
def test_a_delivery_is_worked_on_by_the_request_that_brought_it(
    post: Post, reference: Reference
) -> None:
    book(post.simulator, reference)
    assert post.deliver() == [200]
    assert Booking.objects.get().status == Status.CONFIRMED


def _in_two_hours() -> Any:
    return timezone.now() + timedelta(hours=2)
