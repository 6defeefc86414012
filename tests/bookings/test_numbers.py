"""The sums behind the report: what counts on which day, late facts, runs repeated or killed, no reading of all rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.conftest import paid_booking
from tests.factories import BookingFactory, ConfirmedBookingFactory
from wagtail_calendly.bookings import numbers
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    DailyTotal,
    Payment,
    Refund,
    Turn,
)
from wagtail_calendly.bookings.numbers import (
    count_if_due,
    count_opening,
    missing_until,
    recount,
)
from wagtail_calendly.bookings.privacy import erasing, kept
from wagtail_calendly.bookings.settle import settle

pytestmark = pytest.mark.django_db

#: Noon in Berlin, the time zone of the tests' settings.
NOON = datetime(2027, 3, 10, 11, tzinfo=UTC)
TODAY = date(2027, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def sums(**where: Any) -> dict[date, dict[str, int]]:
    """By day, what is not zero."""
    found: dict[date, dict[str, int]] = {}
    for row in DailyTotal.objects.filter(**where):
        day = found.setdefault(row.day, {})
        for name in DailyTotal.COUNTS:
            if value := getattr(row, name):
                day[name] = day.get(name, 0) + value
    return found


def made(booking: Booking, at: datetime) -> Booking:
    Booking.objects.filter(pk=booking.pk).update(created_at=at)
    return booking


def cancel(booking: Booking) -> None:
    Appointment.objects.filter(booking=booking).update(
        invitee_status="canceled", canceler_type="invitee", canceled_at=NOON
    )
    Booking.objects.filter(pk=booking.pk).mark_due()
    settle(booking.pk, because="test")


def give_back(booking: Booking, amount: int, at: datetime) -> Refund:
    refund = Refund.objects.create(
        payment=booking.payments.get(),
        refund_id=f"re_{booking.pk}_{amount}",
        amount=amount,
        state="succeeded",
        created_at=at,
    )
    Booking.objects.filter(pk=booking.pk).mark_due()
    settle(booking.pk, because="test")
    return refund


def test_bookings_count_on_the_day_they_were_made_and_money_on_the_day_it_moved() -> None:
    booking = made(paid_booking(settled_at=NOON - DAY), NOON - 3 * DAY)
    give_back(booking, 2000, NOON - DAY)
    made(ConfirmedBookingFactory(), NOON - 3 * DAY)
    assert recount() == 2
    assert sums() == {
        TODAY - 3 * DAY: {"booked": 2, "paid": 1},
        TODAY - DAY: {"revenue": 6000, "refunded": 2000},
    }
    assert set(DailyTotal.objects.values_list("currency", flat=True)) == {"", "EUR"}


def test_what_nobody_booked_or_paid_is_no_booking() -> None:
    made(BookingFactory(), NOON - DAY)
    recount()
    assert sums() == {}


def test_a_day_is_the_sites_own() -> None:
    """Half past eleven in the evening in London is the next day in Berlin."""
    made(ConfirmedBookingFactory(), datetime(2027, 3, 8, 22, 59, tzinfo=UTC))
    made(ConfirmedBookingFactory(), datetime(2027, 3, 8, 23, 1, tzinfo=UTC))
    recount()
    assert sums() == {date(2027, 3, 8): {"booked": 1}, date(2027, 3, 9): {"booked": 1}}


def test_late_facts_change_their_own_day() -> None:
    booking = made(paid_booking(settled_at=NOON - 9 * DAY), NOON - 9 * DAY)
    other = made(ConfirmedBookingFactory(), NOON - 9 * DAY)
    recount()
    cancel(other)
    refund = give_back(booking, 1000, NOON - DAY)
    assert recount() == 2
    expected = {"booked": 2, "paid": 1, "canceled": 1, "revenue": 6000}
    assert sums() == {TODAY - 9 * DAY: expected, TODAY - DAY: {"refunded": 1000}}
    Refund.objects.filter(pk=refund.pk).update(state="failed")
    Booking.objects.filter(pk=booking.pk).mark_due()
    assert recount() == 1
    assert sums() == {TODAY - 9 * DAY: expected}


def test_todays_money_of_an_old_booking_is_counted_when_the_day_is_over() -> None:
    booking = made(paid_booking(settled_at=NOON - 9 * DAY), NOON - 9 * DAY)
    recount()
    give_back(booking, 1000, NOON)
    recount()
    assert TODAY not in sums()
    with time_machine.travel(NOON + DAY, tick=False):
        recount()
        assert sums()[TODAY] == {"refunded": 1000}
        assert recount() == 0


def test_counting_again_changes_nothing_and_what_is_counted_is_not_read_again() -> None:
    made(paid_booking(settled_at=NOON - DAY), NOON - DAY)
    recount()
    before = sums()
    assert recount() == 0
    Booking.objects.update(counted_version=-1)
    assert recount() == 1
    assert sums() == before


@pytest.mark.survives("counting-killed")
def test_a_run_that_is_killed_is_made_up_for() -> None:
    made(ConfirmedBookingFactory(), NOON - 5 * DAY)

    class Killed(BaseException):
        pass

    def die(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT") and "dailytotal" in sql:
            raise Killed
        return execute(sql, *rest)

    with pytest.raises(Killed), connection.execute_wrapper(die):
        count_if_due()
    assert sums() == {}
    assert not count_if_due()
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert count_if_due()
    assert sums() == {TODAY - 5 * DAY: {"booked": 1}}


def test_it_is_due_once_a_day() -> None:
    assert count_if_due()
    assert not count_if_due()
    assert Turn.objects.get().due_at == datetime(2027, 3, 10, 23, tzinfo=UTC)
    with time_machine.travel(NOON + timedelta(hours=12, minutes=1), tick=False):
        assert count_if_due()


def test_the_campaign_is_the_sites_or_else_what_calendly_carried() -> None:
    ours = {"utm_source": "news", "utm_campaign": "x" * 200, "utm_term": "no"}
    made(ConfirmedBookingFactory(tracking=ours, page_id=7), NOON - DAY)
    paid = paid_booking(settled_at=NOON - DAY)
    Booking.objects.filter(pk=paid.pk).update(tracking={"utm_source": "ad"})
    give_back(made(paid, NOON - DAY), 1000, NOON - DAY)
    carried = {"utm_source": "mail", "utm_content": "x"}
    made(ConfirmedBookingFactory(appointment__tracking=carried), NOON - DAY)
    recount()
    rows = DailyTotal.objects.order_by("utm_source")
    assert list(rows.values_list("utm_source", "utm_medium", "utm_campaign", "page_id")) == [
        ("ad", "", "", 0),
        ("mail", "", "", 0),
        ("news", "", "x" * 100, 7),
    ]
    assert (rows[0].booked, rows[0].revenue, rows[0].refunded) == (1, 6000, 1000)


def test_the_campaign_of_an_erased_booking_is_counted_as_before() -> None:
    tracking = {"utm_source": "news", "utm_content": "x"}
    booking = made(ConfirmedBookingFactory(appointment__tracking=tracking, page_id=7), NOON - DAY)
    other = made(ConfirmedBookingFactory(page_id=7), NOON - DAY)
    recount()
    Booking.objects.update(status="completed", next_check_at=None)
    erasing.at_once(kept.of_bookings([booking.pk]), because="test")
    Booking.objects.filter(pk=other.pk).mark_due()
    assert recount() == 2
    rows = DailyTotal.objects.order_by("utm_source").values_list("utm_source", "page_id", "booked")
    assert list(rows) == [("", 7, 1), ("news", 7, 1)]


@pytest.mark.survives("test-money")
def test_what_was_ordered_in_test_mode_counts_until_the_key_is_live(settings: Any) -> None:
    def key(mode: str) -> None:
        settings.WAGTAIL_CALENDLY = {"PAYMENTS": {"SECRET_KEY": f"sk_{mode}_x"}}

    def night(after: int) -> dict[date, dict[str, int]]:
        with time_machine.travel(NOON + after * DAY, tick=False):
            assert count_if_due()
        return sums()

    key("test")
    give_back(made(paid_booking(settled_at=NOON - DAY), NOON - DAY), 1000, NOON - DAY)
    made(paid_booking(settled_at=NOON - DAY, mode="live"), NOON - DAY)
    made(ConfirmedBookingFactory(), NOON - DAY)
    assert night(0) == {TODAY - DAY: {"booked": 3, "paid": 2, "revenue": 12000, "refunded": 1000}}
    key("live")
    assert night(0) == {TODAY - DAY: {"booked": 2, "paid": 1, "revenue": 6000}}
    assert not count_if_due()
    key("test")
    assert night(0)[TODAY - DAY]["revenue"] == 12000
    assert Turn.objects.count() == 1


@pytest.mark.survives("dispute-counted")
def test_what_a_dispute_takes_is_given_back_and_comes_again_when_it_is_won() -> None:
    booking = made(paid_booking(settled_at=NOON - 2 * DAY), NOON - 3 * DAY)
    give_back(booking, 1000, NOON - DAY)

    def disputed(how: str) -> dict[date, dict[str, int]]:
        Payment.objects.update(dispute=how)
        Booking.objects.filter(pk=booking.pk).mark_due()
        recount()
        return {day: counts for day, counts in sums().items() if day > TODAY - 3 * DAY}

    kept_ = {TODAY - 2 * DAY: {"revenue": 6000}, TODAY - DAY: {"refunded": 1000}}
    assert disputed("open") == kept_
    lost = {TODAY - 2 * DAY: {"revenue": 6000, "refunded": 5000}, TODAY - DAY: {"refunded": 1000}}
    assert disputed("lost") == lost
    assert disputed("won") == kept_


@pytest.mark.survives("counting-a-million")
@pytest.mark.parametrize(("bookings", "days"), [(2, 100), (10_000, 2)])
def test_many_are_counted_in_portions_the_newest_first(
    bookings: int, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers.recounting, "MOST_BOOKINGS", bookings)
    monkeypatch.setattr(numbers.recounting, "MOST_DAYS", days)
    for number in range(5, 0, -1):
        made(ConfirmedBookingFactory(), NOON - number * DAY)
    moving = made(paid_booking(settled_at=NOON), NOON - DAY)
    moved = [count_if_due()]
    assert min(sums()) > TODAY - 4 * DAY
    assert missing_until() is not None
    assert TODAY - 5 * DAY <= missing_until() <= min(sums())  # type: ignore[operator]
    while not moved[-1] and len(moved) < 9:
        moved.append(count_if_due())
    assert moved[-1], "what moves money today must not be counted again and again"
    assert missing_until() is None
    assert sum(counts["booked"] for counts in sums().values()) == 6
    with time_machine.travel(NOON + DAY, tick=False):
        assert count_if_due()
        assert Booking.objects.get(pk=moving.pk).counted_version >= 0


def test_openings_add_up_and_stay_when_the_day_is_summed() -> None:
    booking = ConfirmedBookingFactory()
    reference = references.read(booking.reference)
    for _ in range(3):
        count_opening(reference, {"utm_source": "n\x00ews" + "s" * 200})
    count_opening(reference, {})
    assert [row.opened for row in DailyTotal.objects.order_by("-opened")] == [3, 1]
    with time_machine.travel(NOON + DAY, tick=False):
        recount()
    assert sums() == {TODAY: {"opened": 4, "booked": 1}}
    assert DailyTotal.objects.count() == 2


@pytest.mark.survives("made-up-campaigns")
def test_made_up_campaigns_and_pages_do_not_fill_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers.openings, "MOST_ROWS", 3)
    terms = ConfirmedBookingFactory().terms
    for number in range(1, 9):
        reference = references.mint(terms_id=terms.pk, site_id=1, page_id=number)
        count_opening(reference, {"utm_source": str(number)})
    assert DailyTotal.objects.count() == 4
    assert sums() == {TODAY: {"opened": 8}}


def test_what_a_reference_was_made_for_may_be_gone() -> None:
    count_opening(references.mint(terms_id=99999, site_id=1), {})
    assert sums() == {}


def test_finding_what_to_count_reads_an_index_and_not_the_bookings() -> None:
    made(ConfirmedBookingFactory(), NOON - DAY)
    recount()
    with CaptureQueriesContext(connection) as queries:
        recount()
    assert len(queries) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("EXPLAIN " + queries[0]["sql"])
        else:
            cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"])
        assert "wc_booking_uncounted" in str(cursor.fetchall())


def test_payments_count_what_was_captured_in_the_currency_that_was_paid() -> None:
    made(paid_booking(settled_at=NOON - DAY, captured=0, state="failed"), NOON - DAY)
    booking = made(paid_booking(settled_at=NOON - DAY), NOON - DAY)
    Payment.objects.filter(booking=booking).update(said_currency="USD", captured=500)
    recount()
    assert sums(currency="USD") == {TODAY - DAY: {"revenue": 500}}
