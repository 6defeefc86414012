"""The connection page: reads rows only, says what mends what, and does it; discarding what was given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.desk.conftest import paid_booking
from tests.factories import ConfirmedBookingFactory
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import payment_endpoint, subscriptions
from wagtail_calendly.bookings.acts import again
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    Effect,
    Request,
    WebhookDelivery,
)
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import EventType

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"calendly_connection:{name}", args=args)


def page(client: Client, name: str = "index", *args: Any) -> str:
    """The page, or what is answered to a post."""
    ask = client.get if name == "index" else client.post
    response = ask(url(name, *args), follow=True)
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


@pytest.fixture
def caretaker(signed_in: Callable[..., Client]) -> Client:
    return signed_in("view", "manage", "configure")


@pytest.mark.parametrize("roles", [[], ["view", "manage", "refund"]], ids=str)
def test_only_who_looks_after_it_gets_there(
    signed_in: Callable[..., Client], roles: list[str]
) -> None:
    client = signed_in(*roles)
    # Without it, Wagtail leads back to its first page.
    assert client.get(url("index")).status_code == 302
    for name in ("check", "endpoint"):
        assert client.post(url(name)).status_code == 302
    for name in ("subscription", "sync", "test"):
        assert client.post(url(name, "default")).status_code == 302
    assert not Connection.objects.exists()
    assert "calendly/connection" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_leads_there(caretaker: Client) -> None:
    home = caretaker.get(reverse("wagtailadmin_home")).content.decode()
    assert url("index") in home


def test_the_page_asks_nobody_and_its_queries_do_not_grow(
    both: Simulator, caretaker: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page(caretaker)
        return len(caught)

    page(caretaker)
    both.clear_requests()
    few = queries()
    booking = ConfirmedBookingFactory()
    for number in range(30):
        WebhookDelivery.objects.create(digest=number, state=["open", "dead"][number % 2])
        Effect.objects.create(booking=booking, key=number, kind="notify", state="dead")
    assert queries() == few
    assert both.requests() == []


def test_nothing_is_done_by_a_get_or_for_an_account_that_is_not_there(caretaker: Client) -> None:
    for name, *args in (("check",), ("endpoint",), ("sync", "default"), ("test", "default")):
        assert caretaker.get(url(name, *args)).status_code == 405
    assert caretaker.post(url("sync", "nobody")).status_code == 404


def test_from_nothing_to_well(
    both: Simulator, caretaker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Even then no vendor is called inside a transaction.
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    EventType.objects.all().delete()
    assert "Nobody has looked yet" in page(caretaker)
    said = page(caretaker, "check")
    assert "Calendly accepts the token" in said
    assert "Calendly does not deliver here" in said
    assert "Calendly delivers here now" in page(caretaker, "subscription", "default")
    assert subscriptions.look("default").is_well
    said = page(caretaker, "sync", "default")
    assert EventType.objects.exists()
    assert "Calendly was asked for its event types" in said
    assert "nothing was booked" in page(caretaker, "test", "default")
    assert not Booking.objects.exists()
    assert not Appointment.objects.exists()
    done = ModelLogEntry.objects.get(action="wagtail_calendly.connection.mended")
    assert done.user is not None


def test_what_calendly_refuses_is_said(both: Simulator, caretaker: Client) -> None:
    both.plan(webhooks=False)
    assert "Check their role" in page(caretaker, "subscription", "default")
    assert not subscriptions.look("default").is_well


@pytest.mark.survives("secrets-shown")
def test_the_endpoints_secret_is_shown_once_and_kept_nowhere(
    both: Simulator, caretaker: Client
) -> None:
    response = caretaker.post(url("endpoint"))
    said = response.content.decode()
    [secret] = [word for word in said.replace("<", ">").split(">") if word.startswith("whsec_")]
    assert payment_endpoint.look().is_well
    assert "no-store" in response["Cache-Control"]
    assert secret not in page(caretaker)
    kept = [str(vars(row)) for model in (Connection, ModelLogEntry) for row in model.objects.all()]
    assert secret not in "".join([*kept, str(dict(caretaker.session))])


# What was given up


def given_up() -> tuple[WebhookDelivery, Effect]:
    booking = ConfirmedBookingFactory()
    now = timezone.now()
    effect = Effect.objects.create(
        booking=booking, kind="notify", key="x", state="dead", finished_at=now
    )
    return WebhookDelivery.objects.create(digest="d", state="dead", event="e"), effect


def test_what_was_given_up_is_discarded_with_a_reason(caretaker: Client) -> None:
    delivery, effect = given_up()
    assert reverse("stalled_deliveries:index") in page(caretaker)
    for name, row in (("stalled_deliveries", delivery), ("given_up", effect)):
        listed = caretaker.get(reverse(f"{name}:index")).content.decode()
        address = reverse(f"{name}:discard", args=[row.pk])
        assert address in listed
        caretaker.post(address, {"shown": "", "reason": ""})
        row.refresh_from_db()
        assert row.state == "dead"  # a reason is needed
        caretaker.post(address, {"shown": "", "reason": "Done by hand"})
        row.refresh_from_db()
        assert row.state == "ignored"
        assert not getattr(row, "body", "")
        assert address not in caretaker.get(reverse(f"{name}:index")).content.decode()
    entries = ModelLogEntry.objects.filter(action="wagtail_calendly.work.discarded")
    assert [entry.message for entry in entries] == ["Discarded what was given up: Done by hand"] * 2


def test_work_that_is_still_wanted_is_discarded_by_seeing_to_it(caretaker: Client) -> None:
    booking = paid_booking()
    Request.objects.create(booking=booking, kind="refund", total=500, is_staff=True)
    settle(booking.pk, because="test")
    refund = booking.effects.get(kind="refund")
    Effect.objects.filter(pk=refund.pk).update(state="dead", finished_at=timezone.now())
    booking = settle(booking.pk, because="test")
    assert "effect_failed" in booking.attention
    caretaker.post(
        reverse("given_up:discard", args=[refund.pk]), {"shown": "", "reason": "Paid in cash"}
    )
    booking.refresh_from_db()
    assert "effect_failed" not in booking.attention
    assert not again.given_up().exists()
    refund.refresh_from_db()
    assert refund.state == "dead"  # never performed behind anybody's back


def test_discarding_needs_the_permission(signed_in: Callable[..., Client]) -> None:
    delivery, effect = given_up()
    client = signed_in("view", "configure")
    for name, row in (("stalled_deliveries", delivery), ("given_up", effect)):
        address = reverse(f"{name}:discard", args=[row.pk])
        client.post(address, {"shown": "", "reason": "x"})
        row.refresh_from_db()
        assert row.state == "dead"
        assert address not in client.get(reverse(f"{name}:index")).content.decode()
