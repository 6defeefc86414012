"""Every story through the database, in many orders and with repetitions: the same rows in the end."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bookings.stories import (
    START,
    Teller,
    invitee_uri,
    read,
    stories,
    wire,
)
from tests.bookings.telling import CLAIM, ends, hear
from tests.factories import EventTypeFactory, SessionTypeFactory
from wagtail_calendly.bookings import record
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.reference import mint

pytestmark = pytest.mark.django_db

#: Orders tried of stories that have more than three deliveries; in memory, all of them are.
SAMPLED = 3


NAMES = list(stories(Teller()))


@pytest.mark.survives("any-order")
@pytest.mark.parametrize("claimed", [False, True], ids=["unclaimed", "claimed"])
@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.replace(" ", "-"))
def test_order_and_repetition_do_not_matter(name, claimed, tell, reference):
    deliveries = stories(tell)[name] + [CLAIM] * claimed
    expected = ends(deliveries, reference.text)
    assert ends([*deliveries, *reversed(deliveries)], reference.text) == expected
    orders = list(itertools.permutations(deliveries))[1:]  # the first is theirs
    if len(deliveries) > 3:
        orders = random.Random(name).sample(orders, SAMPLED)  # noqa: S311
    for order in orders:
        assert ends(order, reference.text) == expected


def test_the_first_fact_makes_the_booking(tell, reference, terms):
    appointment = hear(tell.created(), reference.text)
    booking = appointment.booking
    assert (booking.reference, booking.terms, booking.status) == (
        reference.text,
        terms,
        "confirmed",
    )
    assert booking.site_id == reference.site_id
    assert booking.calendly_invitee_id == "IN1"
    assert booking.starts_at == START + timedelta(days=1)
    assert appointment.event_type == terms.event_type


@pytest.mark.survives("moved")
def test_a_reschedule_moves_the_booking(tell, reference):
    for body in (tell.created(), tell.moved_away(), tell.moved_here()):
        appointment = hear(body, reference.text)
    booking = Booking.objects.get()
    assert appointment.booking == booking
    assert booking.status == "confirmed"
    assert booking.calendly_invitee_uri == invitee_uri("2")
    assert booking.starts_at == START + timedelta(days=2)
    assert booking.appointments.count() == 2


def test_the_new_half_waits_for_the_old_one(tell, reference):
    waiting = hear(tell.moved_here(), reference.text)
    assert waiting.booking is None
    assert waiting.attention == ""
    hear(tell.moved_away(), reference.text)
    waiting.refresh_from_db()
    assert waiting.booking == Booking.objects.get()
    assert Booking.objects.get().calendly_invitee_uri == invitee_uri("2")


@pytest.mark.survives("reference-used-twice")
def test_a_reference_used_twice_leaves_the_second_to_staff(tell, reference):
    later = wire(START + timedelta(minutes=1))
    second = hear(tell.created("2", 1, created_at=later), reference.text)
    assert second.booking
    first = hear(tell.created("1"), reference.text)
    second.refresh_from_db()
    assert first.booking == Booking.objects.get()
    assert (second.booking, second.attention) == (None, "reference_used_twice")
    assert Booking.objects.get().calendly_invitee_uri == invitee_uri("1")


def test_the_second_use_stays_second_when_the_first_is_canceled(tell, reference):
    later = wire(START + timedelta(minutes=1))
    hear(tell.created("1"), reference.text)
    second = hear(tell.created("2", 1, created_at=later), reference.text)
    hear(tell.canceled("1"), reference.text)
    second.refresh_from_db()
    assert second.booking is None
    assert Booking.objects.get().status == "canceled"


def test_a_copied_chain_stays_with_its_own_first_appointment(tell, reference):
    """A new half that names another reference belongs where its old half belongs."""
    other = mint(terms_id=reference.terms_id, site_id=reference.site_id, now=START)
    hear(tell.created("1"), reference.text)
    hear(tell.moved_away("1", "2"), reference.text)
    moved = hear(tell.moved_here("2", "1", tracking={"utm_content": other.text}), reference.text)
    assert moved.booking.reference == reference.text


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"event": {"event_type": "https://api.calendly.com/event_types/X"}}, id="type"
        ),
        pytest.param(
            {"created_at": wire(START - timedelta(hours=1))}, id="older than the reference"
        ),
    ],
)
def test_a_reference_made_for_something_else_links_nothing(tell, reference, changes):
    appointment = hear(tell.created(**changes), reference.text)
    assert (appointment.booking, appointment.attention) == (None, "reference_mismatch")
    assert not Booking.objects.exists()


def test_a_reference_of_another_account_links_nothing(tell, terms):
    appointment = record.appointment(*read(tell.created()), account="other")
    assert (appointment.booking, appointment.attention) == (None, "reference_mismatch")


@pytest.mark.parametrize("text", ["", "not-a-reference", "A" * 52, "x" * 5000])
def test_a_foreign_utm_content_is_no_reference(tell, text):
    appointment = record.appointment(*read(tell.created(tracking={"utm_content": text})))
    assert (appointment.booking, appointment.reference, appointment.attention) == (None, "", "")


def test_an_appointment_without_a_reference_is_kept_unlinked(tell):
    appointment = record.appointment(*read(tell.created(tracking={})))
    assert (appointment.booking, appointment.attention) == (None, "")


@pytest.mark.survives("booked-past-us")
def test_nobody_holds_a_priced_slot_by_going_round_us(tell, terms):
    SessionTypeFactory(event_type=terms.event_type, price=5000, currency="EUR")
    booked = record.appointment(*read(tell.created(tracking={})))
    assert booked.attention == "not_through_site"
    canceled = record.appointment(*read(tell.canceled(tracking={})))
    assert canceled.attention == ""


@pytest.mark.survives("booked-past-us")
def test_appointments_past_the_site_are_ignored_by_setting(tell, settings, terms):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"UNLINKED_APPOINTMENTS": "ignore"}
    assert record.appointment(*read(tell.created(tracking={}))) is None
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_an_ignored_chain_is_ignored_in_every_order(tell, settings, order):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"UNLINKED_APPOINTMENTS": "ignore"}
    story = [tell.created(tracking={}), tell.moved_away(tracking={}), tell.moved_here()]
    for index in order:
        record.appointment(*read(story[index]))
    record.appointment(*read(tell.moved_away(tracking={})))
    assert not Appointment.objects.exists()


def test_ignoring_keeps_what_may_yet_turn_out_ours(tell, settings, reference):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"UNLINKED_APPOINTMENTS": "ignore"}
    assert hear(tell.moved_here(), reference.text)
    hear(tell.moved_away(), reference.text)
    assert Booking.objects.get().calendly_invitee_uri == invitee_uri("2")


def test_the_mirror_need_not_know_the_event_type(tell):
    uri = "https://api.calendly.com/event_types/UNKNOWN"
    unknown = tell.created(tracking={}, event={"event_type": uri})
    assert record.appointment(*read(unknown)).event_type is None
    event_type = EventTypeFactory(uri=uri)
    later = tell.no_show(tracking={}, event={"event_type": uri})
    assert record.appointment(*read(later)).event_type == event_type


def test_nothing_is_written_for_what_is_known(tell, reference):
    hear(tell.created(), reference.text)
    with CaptureQueriesContext(connection) as queries:
        hear(tell.created(), reference.text)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_hostile_lengths_fit(tell):
    long = "x" * 5000
    appointment = record.appointment(
        *read(tell.created(name=long, email=long, timezone=long, cancel_url="javascript:alert(1)"))
    )
    assert len(appointment.name) == 255
    assert appointment.cancel_url == ""
