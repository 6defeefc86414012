"""Erasing a person: nothing of them is left, nothing that comes later brings it back, and what is needed stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.bookings.stories import LATER, Teller, invitee_uri, read
from tests.desk.conftest import PRICE, priced_terms
from tests.factories import AppointmentFactory, ConfirmedBookingFactory
from wagtail_calendly import conf
from wagtail_calendly.bookings import effects, inbox, record
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Payment,
    Refund,
    Tombstone,
    WebhookDelivery,
)
from wagtail_calendly.bookings.personal import INVENTORY
from wagtail_calendly.bookings.privacy import erasing, exporting, kept, retention
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.exceptions import NotErasable
from wagtail_calendly.payments import CheckoutSaid

EMAIL = "canary@example.org"
PERSON = {
    "name": "Canary Yellowfeather",
    "email": EMAIL,
    "questions_and_answers": [{"question": "Why?", "answer": "canary cough", "position": 0}],
    "cancel_url": "https://calendly.com/cancellations/canary",
    "reschedule_url": "https://calendly.com/reschedulings/canary",
}
LONG_AGO = timedelta(days=40)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_to_ask(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}


@pytest.fixture
def _later() -> Iterator[None]:
    """After all stories."""
    with time_machine.travel(LATER, tick=False):
        yield


def told(body: bytes) -> WebhookDelivery:
    event = json.loads(body)["event"]
    delivery = inbox.accept(sender="calendly", account="default", body=body, event=event)
    assert delivery
    return inbox.work_on(delivery.pk)


def past(**said: Any) -> Booking:
    """A booking whose session is long over; `terms` are a free session's unless others are given."""
    terms = {"terms": said.pop("terms")} if "terms" in said else {}
    created = timezone.now() - LONG_AGO
    given = {**PERSON, "invitee_created_at": created, "location": {"location": "canary street"}}
    details = {f"appointment__{name}": value for name, value in {**given, **said}.items()}
    return ConfirmedBookingFactory(created_at=created, **terms, **details)


def pay(booking: Booking, **said: Any) -> Payment:
    paid = {
        "state": "paid", "amount": PRICE, "captured": PRICE, "subtotal": PRICE, "total": PRICE,
        "currency": "EUR", "said_currency": "EUR", "mode": "test", "digest": "0abc",
        "checkout_id": f"cs_{booking.pk}", "payment_intent": f"pi_{booking.pk}",
        "email": EMAIL, "params": {"customer_email": EMAIL}, "receipt_url": "https://s.example/canary",
        "observed_at": timezone.now() - LONG_AGO,
    }  # fmt: skip
    payment = Payment.objects.create(booking=booking, **{**paid, **said})
    settle(booking.pk, because="test")
    return payment


def holding(word: str) -> set[str]:
    """The models that have a row which says this word anywhere."""
    models = [*apps.get_app_config("wagtail_calendly").get_models(), ModelLogEntry]
    return {
        model.__name__
        for model in models
        for row in model._default_manager.values()
        if word in json.dumps(row, default=str).lower()
    }


def all_rows(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


@pytest.mark.survives("erased-comes-back")
def test_nothing_is_left_of_a_person_but_what_was_booked_and_paid() -> None:
    booking = past(terms=priced_terms())
    tracking = {"utm_source": "news", "utm_medium": EMAIL, "utm_term": "canary"}
    Booking.objects.update(tracking=tracking, claimed_invitee_uri="canary")
    payment = pay(booking)
    booking.requests.create(kind="acknowledge", code="unpaid", reason="the canary wrote to us")
    other = past(name="Somebody Else", email="else@example.org", questions_and_answers=[])
    token = Booking.objects.get(pk=booking.pk).token
    assert holding("canary") >= {"Appointment", "Booking", "Payment", "Request"}
    done = erasing.person("  CANARY@Example.org ")
    assert (done.bookings, done.calendly_asked, done.paid) == (1, False, True)
    Appointment.objects.filter(booking=other).update(cancel_url="", reschedule_url="", location={})
    assert holding("canary") == set()
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.erased_at is None, booking.token == token) == (False, False)
    assert (booking.status, booking.starts_at.tzinfo is not None) == ("completed", True)
    assert booking.tracking == {"utm_source": "news", "utm_medium": "", "utm_campaign": ""}
    assert (payment.captured, payment.checkout_id) == (PRICE, f"cs_{booking.pk}")
    assert other.appointments.get().name == "Somebody Else"
    assert kept.of_address(EMAIL) == kept.Kept()
    # A browser that was left open.
    record.claim(references.read(booking.reference), invitee_uri="canary", tracking=tracking)
    assert holding("canary") == set()


@pytest.mark.survives("erased-comes-back")
@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize(("known", "is_backwards"), [(1, False), (1, True), (2, False), (4, True)])
def test_no_delivery_brings_an_erased_person_back(
    tell: Teller, known: int, is_backwards: bool
) -> None:
    def of_canary(body: bytes) -> bytes:
        said = json.loads(body)
        said["payload"] |= {"email": EMAIL, "name": "Canary"}
        return json.dumps(said).encode()

    onwards = {"old_invitee": invitee_uri("1"), "tracking": {}}
    story = [tell.created(), tell.moved_away(), tell.moved_here()]
    story += [tell.moved_away("2", "3", 9, **onwards), tell.moved_here("3", "2", 9)]
    bodies = list(map(of_canary, story))
    for body in bodies[:known]:
        record.appointment(*read(body))
    settle(Booking.objects.get().pk, because="test")
    erasing.booking(Booking.objects.get())
    late = bodies[known:]
    for body in [*(late[::-1] if is_backwards else late), *bodies]:
        record.appointment(*read(body))
    assert holding("canary") == set()
    assert not Appointment.objects.exclude(booking=Booking.objects.get()).exists()


@pytest.mark.survives("erased-comes-back")
@pytest.mark.usefixtures("_later")
def test_who_is_erased_while_something_is_recorded_of_them_is_erased_from_that_too(
    tell: Teller,
) -> None:
    looks = []

    def erased_after_the_first_look(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith("SELECT") and "_tombstone" in sql:
            looks.append(sql)
            if len(looks) == 1:
                known = hashlib.sha256(invitee_uri("1").encode()).hexdigest()
                Tombstone.objects.create(invitee=known)
        return result

    with connection.execute_wrapper(erased_after_the_first_look):
        record.appointment(*read(tell.created(email=EMAIL)))
    assert len(looks) == 2
    assert holding(EMAIL) == set()


@pytest.mark.survives("erased-comes-back")
@pytest.mark.usefixtures("_later")
def test_a_delivery_that_was_given_up_is_emptied_and_its_invitee_known(tell: Teller) -> None:
    body = tell.created(email=EMAIL)
    delivery = inbox.accept(
        sender="calendly", account="default", body=body, event="invitee.created"
    )
    WebhookDelivery.objects.update(state="dead", finished_at=LATER)
    assert holding(EMAIL) == {"WebhookDelivery"}
    erasing.person(EMAIL)
    assert holding(EMAIL) == set()
    assert WebhookDelivery.objects.get(pk=delivery.pk).state == "ignored"
    record.appointment(*read(body))
    assert holding(EMAIL) == set()
    assert inbox.accept(sender="calendly", account="default", body=body, event="") is None


@pytest.mark.usefixtures("_later")
def test_a_delivery_that_is_worked_on_keeps_nothing(tell: Teller) -> None:
    assert told(tell.created()).body == ""
    assert Appointment.objects.get().name == "Vi Sitor"


@pytest.mark.survives("erased-comes-back")
def test_what_stripe_says_later_brings_no_address_back() -> None:
    payment = pay(past(terms=priced_terms()))
    erasing.person(EMAIL)
    said = {
        "id": payment.checkout_id,
        "attempt": payment.attempt,
        "mode": "test",
        "status": "complete",
        "payment_status": "paid",
        "currency": "EUR",
        "reference": "",
        "subtotal": PRICE,
        "total": PRICE,
        "captured": PRICE,
        "email": EMAIL,
        "dispute": "open",
        "receipt_url": "https://s.example/canary",
        **dict.fromkeys(("created_at", "expires_at", "observed_at"), timezone.now()),
    }
    record.payment(CheckoutSaid(**said))
    payment.refresh_from_db()
    assert (payment.dispute, payment.email, payment.receipt_url) == ("open", "", "")


def test_who_paid_for_somebody_else_is_erased_from_the_payment_only() -> None:
    booking = past(name="Somebody Else", email="else@example.org", terms=priced_terms())
    payment = pay(booking)
    erasing.person(EMAIL)
    payment.refresh_from_db()
    assert (payment.email, payment.params) == ("", {})
    assert booking.appointments.get().name == "Somebody Else"
    assert Booking.objects.get().erased_at is None


def test_who_paid_and_never_chose_a_time_is_found_and_erased() -> None:
    booking = ConfirmedBookingFactory(appointment=None, terms=priced_terms())
    payment = pay(booking, state="expired", captured=0, payment_intent="")
    Booking.objects.update(status="abandoned", next_check_at=None, attention="")
    assert kept.of_address(EMAIL).bookings == {booking.pk}
    erasing.at_once(kept.of_address(EMAIL), because="test")
    payment.refresh_from_db()
    assert payment.email == ""
    assert Booking.objects.get().erased_at is not None


def test_a_client_whom_staff_are_booking_for_is_found_exported_and_erased() -> None:
    booking = ConfirmedBookingFactory(appointment=None)
    details = {"email": "Canary@Example.org", "name": "Canary Yellowfeather"}
    booking.requests.create(kind="book", is_staff=True, details=details)
    ConfirmedBookingFactory(appointment=None).requests.create(
        kind="book", details={"email": "x@y.z"}
    )
    assert kept.of_address(EMAIL).bookings == {booking.pk}
    (one,) = exporting.person(EMAIL)["bookings"]
    assert one["requests"][0]["details"] == details
    Booking.objects.update(status="abandoned", next_check_at=None, attention="")
    erasing.at_once(kept.of_address(EMAIL), because="test")
    assert holding("canary") == set()


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Canary@Example.ORG", " canary@example.org "),
        ("ÉLISE@example.org", "élise@example.org"),
        ("e\u0301lise@example.org", "Élise@example.org"),
        ("élise@example.org", "E\u0301LISE@example.org"),
    ],
)
def test_an_address_is_found_however_it_is_spelled(said: str, asked: str) -> None:
    booking = past(email=said, terms=priced_terms())
    payment = pay(past(email="else@example.org", terms=priced_terms()), email=said)
    delivery = WebhookDelivery.objects.create(
        sender="calendly", digest="x", state="dead", body=json.dumps({"payload": {"email": said}})
    )
    found = kept.of_address(asked)
    assert (found.bookings, found.payments) == ({booking.pk}, {payment.pk})
    assert found.deliveries == {delivery.pk}
    assert erasing.fingerprint(said) == erasing.fingerprint(asked)


def test_addresses_that_only_look_alike_are_two_peoples() -> None:
    past(email="strasse@example.org")
    assert kept.of_address("straße@example.org") == kept.Kept()


def test_a_person_is_found_by_indexes() -> None:
    past()
    with CaptureQueriesContext(connection) as queries:
        kept.of_address(EMAIL)
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{explain} {query['sql']}")
            plans.append(str(cursor.fetchall()))
    indexes = ("wc_appointment_email", "wc_payment_email", "wc_request_to_book")
    for plan, index in zip(plans, indexes, strict=False):
        assert index in plan


def test_a_mail_that_waits_is_not_sent() -> None:
    booking = past()
    for subject in ("paid", "staff"):
        Effect.objects.create(booking=booking, kind="notify", key=subject, params={"subject": subject})  # fmt: skip
    erasing.person(EMAIL)
    assert dict(Effect.objects.values_list("key", "state")) == {"paid": "ignored", "staff": "open"}
    effects.perform_due()
    assert mail.outbox == []


def upcoming() -> None:
    ConfirmedBookingFactory(appointment__email=EMAIL)


def unlinked() -> None:
    AppointmentFactory(booking=None, email=EMAIL)


def paying() -> None:
    pay(past(terms=priced_terms()), state="open", captured=0, payment_intent="")


def refunding() -> None:
    Refund.objects.create(
        payment=pay(past(terms=priced_terms())), amount=100, state="pending", refund_id="re_1"
    )


def disputed() -> None:
    pay(past(terms=priced_terms()), dispute="open")


def waiting() -> None:
    past()
    body = json.dumps({"payload": {"email": EMAIL}}).encode()
    inbox.accept(sender="calendly", account="default", body=body, event="invitee.canceled")


@pytest.mark.survives("erased-too-soon")
@pytest.mark.parametrize(
    ("needed", "step"),
    [
        (upcoming, "still to come"),
        (unlinked, "directly at Calendly"),
        (paying, "under way"),
        (refunding, "on its way back"),
        (disputed, "disputed"),
        (waiting, "has not been worked on"),
    ],
)
def test_who_is_still_needed_is_not_erased_and_the_step_is_told(needed: Any, step: str) -> None:
    needed()
    before = all_rows(Appointment), all_rows(Payment)
    with pytest.raises(NotErasable) as refused:
        erasing.person(EMAIL)
    assert any(step in sentence for sentence in refused.value.steps)
    assert (all_rows(Appointment), all_rows(Payment)) == before
    assert not Tombstone.objects.exists()


def test_the_audit_trail_knows_who_was_erased_without_saying_it() -> None:
    booking = past()
    erasing.person(EMAIL)
    entry = ModelLogEntry.objects.get(action="wagtail_calendly.person.erased")
    assert entry.object_id == str(booking.pk)
    assert entry.data == {"person": erasing.fingerprint(f" {EMAIL.upper()}")}
    assert erasing.fingerprint("another@example.org") != entry.data["person"]


# Retention.


@pytest.fixture
def days(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {"RETENTION_DAYS": 30}
    assert conf.load().retention_days == 30


def named() -> set[str]:
    return set(Appointment.objects.exclude(name="").values_list("name", flat=True))


@pytest.mark.usefixtures("days")
def test_after_the_days_that_the_site_gives_everybody_is_erased_who_is_not_needed() -> None:
    past(name="Long ago")
    AppointmentFactory(booking=None, name="Stranger", invitee_created_at=timezone.now() - LONG_AGO)
    past(name="Lately", start_time=timezone.now() - timedelta(days=29))
    pay(past(name="Disputes", terms=priced_terms()), dispute="open")
    assert named() == {"Long ago", "Stranger", "Lately", "Disputes"}
    assert retention.erase_due(timezone.now()) == 2
    assert named() == {"Lately", "Disputes"}
    assert retention.erase_due(timezone.now()) == 0


@pytest.mark.usefixtures("days")
def test_who_never_chose_a_time_is_forgotten_too() -> None:
    booking = ConfirmedBookingFactory(appointment=None, created_at=timezone.now() - LONG_AGO)
    Booking.objects.update(status="abandoned", next_check_at=None, tracking={"utm_source": "x"})
    assert retention.erase_due(timezone.now()) == 1
    booking.refresh_from_db()
    assert (booking.tracking["utm_source"], booking.status) == ("x", "abandoned")


def test_without_a_number_of_days_everything_is_kept() -> None:
    past(name="Long ago")
    assert retention.erase_due(timezone.now()) == 0
    assert named() == {"Long ago"}


@pytest.mark.usefixtures("days")
def test_as_many_queries_for_many_as_for_one(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        past()
    with django_assert_max_num_queries(60):
        assert retention.erase_due(timezone.now()) == 5


# What is kept, for whom it is about.


def test_an_export_says_all_that_is_kept_and_nothing_of_others() -> None:
    booking = past(terms=priced_terms())
    pay(booking)
    booking.requests.create(kind="cancel", reason="asked by the canary on the phone")
    past(name="Somebody Else", email="else@example.org")
    said = json.loads(exporting.as_json(exporting.person(EMAIL)))
    (one,) = said["bookings"]
    assert one["session"] == booking.terms.session_type.title
    assert one["appointments"][0]["questions_and_answers"][0]["answer"] == "canary cough"
    assert one["payments"][0]["captured"] == PRICE
    assert one["requests"][0]["reason"] == "asked by the canary on the phone"
    assert {"at", "what"} == set(one["history"][0])
    assert "Somebody" not in json.dumps(said)
    assert booking.token not in json.dumps(said)


def test_the_commands_export_erase_and_refuse() -> None:
    said = StringIO()
    past()
    call_command("export_person", EMAIL, stdout=said)
    assert json.loads(said.getvalue())["bookings"][0]["appointments"][0]["email"] == EMAIL
    call_command("erase_person", EMAIL, "--noinput", stdout=said)
    assert "The person is erased. Bookings: 1." in said.getvalue()
    assert "help.calendly.com" in said.getvalue()
    call_command("erase_person", EMAIL, "--noinput", stdout=said)
    assert "Nothing is kept" in said.getvalue()
    upcoming()
    with pytest.raises(CommandError, match="still to come"):
        call_command("erase_person", EMAIL, "--noinput", stdout=said)


def test_every_column_that_could_say_something_of_a_person_is_in_the_inventory() -> None:
    for model, columns in INVENTORY.items():
        own = [f for f in model._meta.concrete_fields if not (f.is_relation or f.generated)]
        named = [*columns.personal, *columns.kept, *columns.technical]
        assert len(named) == len(set(named)), model
        assert set(named) == {field.name for field in own}, model


#: Models whose rows are written by staff or by the site itself, of themselves.
OF_NOBODY = {
    *("EventType", "SessionType", "Terms", "CancellationPolicy", "BookingSettings"),
    *("Connection", "PolledEvent", "RequestCounter", "Tombstone"),
    *("DailyTotal", "Drift", "Turn"),
}


def test_every_model_is_in_the_inventory_or_about_nobody() -> None:
    models = {model.__name__ for model in apps.get_app_config("wagtail_calendly").get_models()}
    assert models == OF_NOBODY | {model.__name__ for model in INVENTORY}
