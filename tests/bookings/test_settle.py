"""Settling: one log entry a change, signals after commit, and nobody else writes what is derived."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

import wagtail_calendly
from tests.bookings.stories import LATER, START, read
from tests.factories import ConfirmedBookingFactory
from wagtail_calendly import signals
from wagtail_calendly.bookings import effects, record
from wagtail_calendly.bookings.models import Booking, Effect
from wagtail_calendly.bookings.settle import settle

pytestmark = pytest.mark.django_db

DERIVED = {
    "status",
    "payment_status",
    "attention",
    "calendly_event_uri",
    "calendly_invitee_uri",
    "starts_at",
    "ends_at",
}


def hear(body: bytes, **settling: Any) -> Booking:
    appointment = record.appointment(*read(body))
    return settle(appointment.booking_id, because="invitee.created", **settling)


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """Every public signal sent, as (name, arguments), once it was committed."""
    sent = []
    public = {name: signal for name, signal in vars(signals).items() if name.startswith("booking_")}
    receivers = []
    for name, signal in public.items():

        def receive(name=name, **arguments):
            sent.append((name, arguments))

        signal.connect(receive)
        receivers.append((signal, receive))
    yield sent
    for signal, receive in receivers:
        signal.disconnect(receive)


def names(sent):
    return [name for name, _ in sent]


def test_signals_tell_the_life_of_a_booking(tell, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hear(tell.created())
    assert names(heard) == ["booking_changed", "booking_confirmed"]
    changed = heard[0][1]
    assert (changed["old_status"], changed["new_status"]) == ("pending", "confirmed")
    assert changed["because"] == "invitee.created"
    assert changed["booking"].status == "confirmed"
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True):
        hear(tell.moved_away())
        hear(tell.moved_here())
    assert names(heard) == ["booking_rescheduled"]
    assert heard[0][1]["old_start"] == START + timedelta(days=1)
    assert heard[0][1]["new_start"] == START + timedelta(days=2)
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True):
        settle(Booking.objects.get().pk, because="clock", now=LATER)
    assert names(heard) == ["booking_changed", "booking_completed"]


@pytest.mark.parametrize("by", ["invitee", "host"])
def test_who_canceled_is_told(tell, heard, django_capture_on_commit_callbacks, by):
    hear(tell.created())
    with django_capture_on_commit_callbacks(execute=True):
        hear(tell.canceled(by=by))
    assert names(heard) == ["booking_changed", "booking_canceled"]
    assert heard[1][1]["canceled_by"] == by


def test_a_booking_that_arrives_late_is_not_announced_as_confirmed(
    tell, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hear(tell.created(), now=LATER)
    assert names(heard) == ["booking_changed", "booking_completed"]


def test_nothing_is_told_before_commit(tell, heard):
    hear(tell.created())
    assert heard == []


def test_a_receiver_that_raises_disturbs_nothing(tell, django_capture_on_commit_callbacks):
    def broken(**arguments: Any) -> None:
        raise ZeroDivisionError

    for signal in (signals.booking_changed, signals.booking_confirmed, signals.effects_due):
        signal.connect(broken)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            booking = hear(tell.created())
    finally:
        for signal in (signals.booking_changed, signals.booking_confirmed, signals.effects_due):
            signal.disconnect(broken)
    assert booking.status == "confirmed"


def test_the_log_has_one_entry_a_change_and_no_personal_data(tell):
    booking = hear(tell.created())
    hear(tell.created())
    hear(tell.canceled(reason="private"))
    entries = ModelLogEntry.objects.filter(action="wagtail_calendly.booking.changed")
    assert [entry.data for entry in entries.order_by("pk")] == [
        {
            "from": {"status": "pending", "starts_at": None},
            "to": {"status": "confirmed", "starts_at": "2027-01-05T09:00:00+00:00"},
            "because": "invitee.created",
        },
        {
            "from": {"status": "confirmed"},
            "to": {"status": "canceled"},
            "because": "invitee.created",
        },
    ]
    told = str(list(entries.values("data", "label")))
    assert "Vi" not in told
    assert "vi@example.org" not in told
    assert booking.reference not in told
    assert [entry.message for entry in entries.order_by("pk")] == [
        "Changed from “waiting for Calendly” to “confirmed”",
        "Changed from “confirmed” to “canceled”",
    ]


def test_settling_twice_changes_nothing(tell):
    booking = hear(tell.created())
    again = settle(booking.pk, because="again")
    assert again.version == booking.version


def test_effects_are_inserted_once(tell):
    hear(tell.moved_away())
    hear(tell.moved_away())
    settle(Booking.objects.get().pk, because="again")
    effect = Effect.objects.get()
    assert (effect.kind, effect.state) == ("look_up_successor", "open")
    assert effect.params["subject"].endswith("/IN1")


def test_a_missing_join_url_is_asked_for_until_the_session_is_over(tell):
    conference = {"location": {"type": "zoom", "status": "processing", "join_url": None}}
    booking = hear(tell.created(event=conference))
    effect = booking.effects.get()
    assert effect.kind == "refresh"
    pushed = {
        "location": {"type": "zoom", "status": "pushed", "join_url": "https://zoom.example/j"}
    }
    hear(tell.no_show("1", 1, 1, no_show=None, event=pushed))
    assert effects.perform(effect.pk).state == "ignored"
    assert booking.appointments.get().location["join_url"] == "https://zoom.example/j"


def test_a_dead_effect_calls_for_staff_until_it_is_not_wanted(tell):
    booking = hear(tell.moved_away())
    booking.effects.update(state=Effect.State.DEAD)
    assert settle(booking.pk, because="test").attention == "effect_failed"
    assert hear(tell.moved_here()).attention == ""


def test_a_booking_that_is_over_is_never_due_again():
    booking = ConfirmedBookingFactory(appointment__start_time=timezone.now() - timedelta(days=1))
    assert booking.next_check_at is None


def test_nobody_else_writes_what_settle_derives():
    """No other module assigns these names on a row, or passes them to `update`."""
    package = Path(wagtail_calendly.__file__).parent
    writers = {
        f"{path.relative_to(package)}: {name}"
        for path in package.rglob("*.py")
        if path.name != "settle.py"
        and "simulator" not in path.parts
        and "migrations" not in path.parts
        for name in _written(ast.parse(path.read_text()))
    }
    # An appointment has an attention of its own; it is `links` who derives it.
    assert writers <= {"bookings/links.py: attention"}


def test_that_test_would_notice():
    assert _written(ast.parse("booking.status = 1")) == {"status"}
    assert _written(ast.parse("rows.update(starts_at=None)")) == {"starts_at"}
    assert _written(ast.parse("rows.mark_due(attention='x')")) == {"attention"}
    assert _written(ast.parse("setattr(booking, 'status', 1)")) == {"status"}


def _written(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {
                target.attr
                for target in targets
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) != "self"
            }
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in {"update", "mark_due", "update_or_create"}:
                found |= {keyword.arg for keyword in node.keywords if keyword.arg}
            if called == "setattr" and isinstance(node.args[1], ast.Constant):
                found.add(str(node.args[1].value))
    return found & DERIVED
