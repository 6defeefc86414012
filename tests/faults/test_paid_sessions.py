"""Paid sessions while Calendly, the mail, the workers or the whole site fail; and who books or pays past the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.bookings.paying import (
    PRICE,
    book,
    calls,
    later,
    mint,
    no_mail,
    ordered,
    paid,
    priced,
    stands,
    truth,
)
from tests.factories import default_site
from tests.faults.truth import forget
from tests.faults.truth import truth as told
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import confirm, effects, rules
from wagtail_calendly.bookings.acts import by_visitors
from wagtail_calendly.bookings.facts import facts_of_appointment, facts_of_terms
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Connection,
    Effect,
    Payment,
    Refund,
    Request,
)
from wagtail_calendly.bookings.polling import poll
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.snippets import sync

pytestmark = pytest.mark.django_db

CONFIRMED = ("confirmed", "paid", "")
CANCELLATION = "POST /scheduled_events/"


def work(rounds: int = 2) -> None:
    """The clock, and what follows from it."""
    for _ in range(rounds):
        tick()


# Calendly


@pytest.mark.survives("token-revoked")
def test_while_the_token_is_revoked_money_waits_for_the_calendar(
    vendors: Simulator, held: Booking, caplog: pytest.LogCaptureFixture
) -> None:
    """Payments go on; what is to be canceled is canceled when somebody has mended it."""
    other = book(vendors, held.terms.session_type)
    paid(vendors, other)
    vendors.token(valid=False)
    assert by_visitors.look(other).status == "confirmed"
    by_visitors.cancel(other, total=0)
    with later(vendors, minutes=31):
        work(4)
        assert stands(held)[0] == "expired"
        assert not calls(vendors, "POST", "v1/refunds$")
    alerts = [one for one in caplog.records if "does not work" in one.message]
    assert len(alerts) == 1
    vendors.token(valid=True)
    with later(vendors, minutes=37):
        work(3)
    assert stands(held) == ("expired", "unpaid", "")
    assert stands(other)[0] == "canceled"
    assert len(calls(vendors, "POST", "cancellation$")) == 2
    assert truth(vendors) == [(PRICE, PRICE // 2)]


@pytest.mark.survives("calendly-fails")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 500}, id="server error"),
        pytest.param({"status": 429}, id="too many requests"),
        pytest.param({"drop_connection": True, "perform": True}, id="the answer is lost"),
    ],
)
def test_a_cancellation_that_fails_is_made_later_and_the_money_follows_once(
    vendors: Simulator, confirmed: Booking, fault: dict[str, Any]
) -> None:
    vendors.fault(CANCELLATION, times=9, **fault)
    by_visitors.cancel(confirmed, total=PRICE // 2)
    vendors.clear_faults()
    accounts.close()  # another process, that was not told to wait
    with later(vendors, minutes=5):
        work(3)
    assert stands(confirmed) == ("canceled", "partially_refunded", "")
    assert truth(vendors) == [(PRICE, PRICE // 2)]
    event = vendors.api("GET", f"/scheduled_events/{confirmed.calendly_event_id}").json()
    assert event["resource"]["status"] == "canceled"


@pytest.mark.survives("event-type-gone")
def test_what_was_paid_for_an_event_type_that_is_gone_stands_and_can_be_given_back(
    vendors: Simulator, confirmed: Booking
) -> None:
    vendors.event_types(slug="consultation", deleted=True)
    sync.sync()
    work()
    assert stands(confirmed) == CONFIRMED
    by_visitors.cancel(confirmed, total=by_visitors.refund_if_canceled(confirmed, timezone.now()))
    work(3)
    assert stands(confirmed) == ("canceled", "partially_refunded", "")


@pytest.mark.survives("reference-used-twice")
def test_who_uses_a_paid_link_a_second_time_is_for_staff(vendors: Simulator) -> None:
    booking = ordered(priced(order="before"))
    paid(vendors, booking)
    by_visitors.look(booking)
    first, _second = [
        vendors.book("consultation", tracking={"utm_content": booking.reference}) for _ in range(2)
    ]
    poll()
    work()
    assert stands(booking) == CONFIRMED
    assert booking.calendly_invitee_uri == first["invitee"]["uri"]
    assert Appointment.objects.get(booking=None).attention == "reference_used_twice"
    assert truth(vendors) == [(PRICE, 0)]


@pytest.mark.survives("summer-time")
@pytest.mark.parametrize(
    "start",
    [datetime(2027, 3, 28, 9, 0, tzinfo=UTC), datetime(2027, 10, 31, 9, 0, tzinfo=UTC)],
    ids=["the clock goes forward", "the clock goes back"],
)
def test_a_day_before_is_24_hours_whatever_the_clock_does(held: Booking, start: datetime) -> None:
    """The policy counts hours that pass, not those on the wall."""
    asked_at = start - timedelta(days=9)
    payment = rules.PaymentFacts(
        attempt="x",
        state="paid",
        asked_at=asked_at,
        is_sent=True,
        subtotal=PRICE,
        currency="EUR",
        captured=PRICE,
        settled_at=asked_at,
    )
    row = Appointment.objects.get()
    current = facts_of_appointment(row, start, start + timedelta(hours=1))
    terms = facts_of_terms(held.terms)
    facts = rules.BookingFacts(None, (current,), terms, (payment,))
    day_before = start - timedelta(hours=24)
    assert rules.if_invitee_cancels(facts, current, day_before) == PRICE // 2
    assert rules.if_invitee_cancels(facts, current, day_before + timedelta(seconds=1)) == 0


# Platform


@pytest.mark.survives("no-worker")
def test_cron_alone_moves_the_money(vendors: Simulator) -> None:
    """The host has neither worker nor webhook."""
    session_type = priced()
    left, good, canceled = (book(vendors, session_type) for _ in range(3))
    by_visitors.pay(left)
    for booking in (good, canceled):
        paid(vendors, booking)
    vendors.cancel(canceled.calendly_invitee_uri, by="host")
    for minutes in (3, 31, 36):
        with later(vendors, minutes=minutes):
            call_command("calendly_work", stdout=StringIO())
    assert stands(left) == ("expired", "unpaid", "")
    assert stands(good) == CONFIRMED
    assert stands(canceled) == ("canceled", "refunded", "")
    assert truth(vendors) == [(PRICE, 0), (PRICE, PRICE)]


@pytest.mark.survives("mail-backend-down")
def test_a_mail_that_cannot_be_sent_takes_nothing_back_and_goes_out_later(
    vendors: Simulator, confirmed: Booking, settings: Any
) -> None:
    with no_mail(settings):
        work()
    assert (mail.outbox, stands(confirmed)) == ([], CONFIRMED)
    with later(vendors, minutes=5):
        work()
    assert len(mail.outbox) == 1


@pytest.mark.survives("backup-restored")
def test_after_a_backup_is_restored_both_vendors_tell_what_is_missing(
    vendors: Simulator, held: Booking
) -> None:
    """The backup was made before anybody booked or paid."""
    work(1)
    Connection.objects.update(poll_turn_at=None)
    backup = list(Connection.objects.values())
    payment = paid(vendors, held)
    by_visitors.look(held)
    vendors.stripe.refund(payment.checkout_id, 1000)
    with later(vendors, minutes=6):
        work()
        before, had = told(), stands(held)
        for model in (Effect, Refund, Payment, Request):
            model._default_manager.all().delete()
        forget()
        for row in backup:
            Connection.objects.filter(pk=row["id"]).update(**row)
        Connection.objects.update(poll_turn_at=None)
        work(3)
    assert stands(restored := Booking.objects.get()) == had
    assert (restored.payments.get().captured, had[1]) == (PRICE, "partially_refunded")
    assert told() == before


@pytest.mark.survives("poisoned-row")
def test_money_that_cannot_be_given_back_keeps_no_other_from_it(vendors: Simulator) -> None:
    session_type = priced()
    bookings = [book(vendors, session_type) for _ in range(3)]
    for booking in bookings:
        paid(vendors, booking)
        by_visitors.look(booking)
        vendors.cancel(booking.calendly_invitee_uri, by="host")
    poison = bookings[0]
    vendors.fault(
        f"GET /v1/checkout/sessions/{poison.payments.get().checkout_id}", status=500, times=99
    )
    with later(vendors, minutes=6):
        work(3)
    assert [stands(one)[1] for one in bookings] == ["paid", "refunded", "refunded"]
    vendors.clear_faults()
    with later(vendors, minutes=60):
        work()
    assert stands(poison) == ("canceled", "refunded", "")


# What nobody is told


@pytest.mark.survives("mails-to-strangers")
def test_no_mail_goes_to_anybody_before_calendly_knows_them(vendors: Simulator) -> None:
    """Claims and orders cost nothing to make; none of them names an address that we would write to."""
    reference = mint(priced()).text
    confirm.booked(reference, site=default_site())
    by_visitors.pay(ordered(priced(order="before")))
    for hours in (1, 25):
        with later(vendors, hours=hours):
            work()
    assert effects.perform_due() == 0
    assert mail.outbox == []
