"""The report: what it adds up and what it never adds, its filters and links, its plots, and what it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk.conftest import paid_booking, priced_terms
from tests.factories import (
    BookingFactory,
    ConfirmedBookingFactory,
    SessionTypeFactory,
    TermsFactory,
    default_site,
)
from wagtail_calendly.bookings.models import Booking, DailyTotal, Payment, PaymentState, Refund
from wagtail_calendly.bookings.numbers import recount, totals
from wagtail_calendly.desk.report.plots import plots
from wagtail_calendly.desk.report.sums import Numbers
from wagtail_calendly.desk.report.wanted import Period, Wanted, span

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/bookings/"
#: The same without the admin around it.
RESULTS = f"{REPORT}results/"
NOON = datetime(2027, 3, 10, 11, tzinfo=UTC)
TODAY = date(2027, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in("view")


def total(day: date = TODAY - DAY, **columns: Any) -> DailyTotal:
    if "session_type" not in columns:
        columns["session_type"] = SessionTypeFactory()
    return DailyTotal.objects.create(day=day, **columns)


def shown(response: Any) -> dict[str, Any]:
    """By its name, what the table says of each line."""
    return {line.name: line.sums for line in response.context["object_list"]}


def test_an_empty_report_says_how_it_fills(clerk: Client) -> None:
    assert "As soon as a visitor opens a session" in clerk.get(RESULTS).content.decode()


def test_it_tells_what_was_opened_booked_and_paid(clerk: Client) -> None:
    total(opened=40, booked=10, paid=8, canceled=2, no_show=1, currency="EUR", revenue=48000)
    total(opened=10, booked=10)
    response = clerk.get(REPORT)
    page = response.content.decode()
    for text in ("40.0% of opened", "80.0% of those with a price", "€480", "Revenue in EUR"):
        assert text in page
    assert response.context["total"].counts["booked"] == 20


def test_it_says_what_is_missing_and_what_is_no_real_money(clerk: Client, settings: Any) -> None:
    booking = ConfirmedBookingFactory(created_at=NOON - DAY)
    page = clerk.get(RESULTS).content.decode()
    assert "up to March 9, 2027 some are missing" in page
    assert "test mode" not in page
    recount()
    for mode, words in (("test", "no real money"), ("live", "test mode is left out")):
        settings.WAGTAIL_CALENDLY = {"PAYMENTS": {"SECRET_KEY": f"sk_{mode}_x"}}
        page = clerk.get(RESULTS).content.decode()
        assert words in page
        assert "are missing" not in page
    Booking.objects.filter(pk=booking.pk).mark_due()
    assert "are missing" not in clerk.get(RESULTS).content.decode(), "it waits for the next night"


def test_currencies_are_never_added(clerk: Client) -> None:
    session_type = SessionTypeFactory()
    for currency in ("EUR", "USD"):
        total(session_type=session_type, currency=currency, revenue=1000, refunded=500)
    sums = clerk.get(RESULTS).context["total"]
    assert sums.money == {"EUR": (1000, 500), "USD": (1000, 500)}
    assert "€10, $10" in clerk.get(RESULTS).content.decode()


def test_no_rate_is_shown_where_it_says_nothing(clerk: Client) -> None:
    """Staff booked for clients: more was booked than opened here."""
    total(opened=1, booked=3)
    sums = clerk.get(RESULTS).context["total"]
    assert (sums.booked_rate, sums.paid_rate) == (None, None)


def test_a_line_may_be_a_session_type_a_page_a_campaign_or_a_day(clerk: Client) -> None:
    page = default_site().root_page
    coaching = SessionTypeFactory(title="Coaching")
    spring = {"utm_source": "news", "utm_campaign": "spring"}
    total(session_type=coaching, page_id=page.pk, booked=3, **spring)
    total(session_type=coaching, page_id=9999, booked=1)
    total(session_type=coaching, booked=1, day=TODAY - 2 * DAY)
    assert set(shown(clerk.get(RESULTS))) == {"Coaching"}
    by_page = shown(clerk.get(RESULTS, {"group": "page"}))
    assert set(by_page) == {page.title, "Deleted page 9999", "No page"}
    by_campaign = shown(clerk.get(RESULTS, {"group": "campaign"}))
    assert set(by_campaign) == {"news / – / spring", "No campaign"}
    by_day = shown(clerk.get(RESULTS, {"group": "day"}))
    assert [sums.counts["booked"] for sums in by_day.values()] == [4, 1]


def test_filters_count_and_stand_in_links(clerk: Client) -> None:
    coaching, talk = SessionTypeFactory(title="Coaching"), SessionTypeFactory(title="Talk")
    TermsFactory(session_type=SessionTypeFactory(price=100, currency="EUR"))
    page = default_site().root_page.pk
    total(session_type=coaching, page_id=page, utm_source="Newsletter", currency="EUR", booked=1)
    total(session_type=talk, booked=2)
    total(session_type=talk, booked=4, day=TODAY - 60 * DAY)
    for query, booked in (
        ({}, 3),
        ({"session_type": talk.pk}, 2),
        ({"page": page}, 1),
        ({"campaign": "newsl"}, 1),
        ({"currency": "EUR"}, 1),
        ({"period": "90"}, 7),
        ({"day_from": "2027-01-01", "day_to": "2027-01-31"}, 4),
    ):
        response = clerk.get(RESULTS, query)
        assert response.context["total"].counts["booked"] == booked, query
    link = f"{REPORT}?period=90&amp;session_type={talk.pk}&amp;group=day"
    assert link in clerk.get(RESULTS, {"period": "90"}).content.decode()


def test_today_counts_at_once_as_it_will_when_it_is_over(clerk: Client) -> None:
    booking = paid_booking(settled_at=NOON)
    Booking.objects.filter(pk=booking.pk).update(tracking={"utm_source": "news"}, page_id=3)
    ConfirmedBookingFactory()
    BookingFactory(terms=priced_terms())
    live = Numbers(Wanted(TODAY, TODAY), TODAY).by(*DailyTotal.KEY)
    assert sum(counts["booked"] for counts in live.values()) == 2
    tomorrow = NOON + DAY
    with time_machine.travel(tomorrow, tick=False):
        recount()
    assert Numbers(Wanted(TODAY, TODAY), TODAY + DAY).by(*DailyTotal.KEY) == live


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"session_types": "own"},
        {"pages": frozenset({3})},
        {"pages": frozenset({4})},
        {"currencies": frozenset({"EUR"})},
        {"currencies": frozenset({"USD"})},
        {"campaign": "EWSL"},
        {"campaign": "other"},
    ],
)
def test_todays_rows_are_filtered_as_stored_ones_are(asked: dict[str, Any]) -> None:
    booking = paid_booking(settled_at=NOON)
    Booking.objects.filter(pk=booking.pk).update(tracking={"utm_medium": "Newsletter"}, page_id=3)
    ConfirmedBookingFactory()
    if asked.get("session_types"):
        asked = {"session_types": frozenset({booking.terms.session_type_id})}
    wanted = Wanted(TODAY, TODAY, **asked)
    rows = totals(TODAY)
    live = {row.session_type_id for row in rows if wanted.takes(row)}
    DailyTotal.objects.bulk_create(rows)
    stored = DailyTotal.objects.filter(wanted.query)
    assert live == set(stored.values_list("session_type_id", flat=True))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("7", "2027-03-04", "2027-03-10"),
        ("this-month", "2027-03-01", "2027-03-10"),
        ("last-month", "2027-02-01", "2027-02-28"),
        ("this-year", "2027-01-01", "2027-03-10"),
        ("last-year", "2026-01-01", "2026-12-31"),
        ("nonsense", "2027-02-09", "2027-03-10"),
    ],
)
def test_periods(period: str, first: str, last: str) -> None:
    assert span(period, None, None, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_dates_count_more_than_a_period_and_have_an_end() -> None:
    assert span(Period.YEAR, TODAY, TODAY, TODAY) == (TODAY, TODAY)
    assert span("", TODAY - DAY, None, TODAY) == (TODAY - DAY, TODAY)
    assert span("", None, TODAY - DAY, TODAY) == (TODAY - 30 * DAY, TODAY - DAY)
    first, _last = span("", date(1, 1, 1), TODAY, TODAY)
    assert first > date(2017, 1, 1)


@pytest.mark.parametrize(("days", "bars"), [(1, 1), (62, 62), (63, 10), (370, 53), (400, 14)])
def test_bars_stand_for_days_weeks_or_months(days: int, bars: int) -> None:
    total(opened=3, day=TODAY)
    drawn = plots(Numbers(Wanted(TODAY - (days - 1) * DAY, TODAY), TODAY))
    opened = drawn[0].bars
    assert abs(len(opened) - bars) <= 1
    assert (opened[-1].words, opened[-1].height) == ("3", 60)


def test_plots_say_what_they_show_in_words_and_in_a_table(clerk: Client) -> None:
    total(opened=1200, currency="EUR", revenue=6050)
    page = clerk.get(RESULTS, {"period": "7"}).content.decode()
    assert "1,200 in all, the most 1,200 (03/09/2027)" in page
    for title, desc in re.findall(r'<svg[^>]+aria-labelledby="(\S+) (\S+)"', page):
        assert f'<title id="{title}">' in page
        assert f'<desc id="{desc}">' in page
    assert page.count("<svg viewBox") == 3
    assert "<td>€60.50</td>" in page
    assert not re.search(
        r'\s(style|onclick)="', page.partition("wc-report")[2].partition("</dl>")[0]
    )


@pytest.mark.parametrize("address", [REPORT, RESULTS, f"{REPORT}?export=csv"])
def test_only_those_who_may_view_bookings_see_it(
    signed_in: Callable[..., Client], address: str
) -> None:
    response = signed_in("manage", "refund").get(address)
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_it_is_found_in_the_menu_and_on_the_home_page(
    clerk: Client, signed_in: Callable[..., Client]
) -> None:
    total(booked=4)
    total(booked=8, day=TODAY - 30 * DAY)
    ConfirmedBookingFactory()
    home = clerk.get("/admin/").content.decode()
    assert "5 Bookings in the last 30 days" in " ".join(home.split())
    assert REPORT in clerk.get("/admin/account/").content.decode()
    other = signed_in("manage")
    assert REPORT not in other.get("/admin/").content.decode()
    assert "Bookings in the last" not in other.get("/admin/").content.decode()


def _queries(client: Client, **query: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(RESULTS, query).status_code == 200
    return [query["sql"] for query in captured]


def _of_a_year() -> None:
    """So much that another way to what is of today would cost the database more."""
    terms = TermsFactory()
    bookings = Booking.objects.bulk_create(
        Booking(reference=f"r{number}", terms=terms, created_at=NOON - (number % 365 + 1) * DAY)
        for number in range(1500)
    )
    payments = Payment.objects.bulk_create(
        Payment(
            booking=booking,
            amount=5000,
            currency="EUR",
            state=PaymentState.PAID,
            asked_at=booking.created_at,
            settled_at=booking.created_at,
        )
        for booking in bookings
    )
    Refund.objects.bulk_create(
        Refund(payment=payment, effect=f"e{payment.pk}", amount=1, created_at=payment.asked_at)
        for payment in payments
    )


@pytest.mark.survives("report-of-a-million")
def test_it_reads_totals_and_of_bookings_todays_alone(clerk: Client) -> None:
    session_type = SessionTypeFactory()
    for number in range(60):
        total(session_type=session_type, booked=1, day=TODAY - number * DAY)
    Payment.objects.all().delete()
    _of_a_year()
    tables = ("booking", "payment", "refund", "appointment")
    asked = [
        sql
        for sql in _queries(clerk)
        if re.search(rf'FROM "wagtail_calendly_({"|".join(tables)})"', sql)
    ]
    settled = "wc_payment_settled"
    indexes = ("wc_booking_created", settled, "wc_refund_created", settled, "wc_booking_uncounted")
    assert len(asked) == len(indexes)
    with connection.cursor() as cursor:
        postgres = connection.vendor == "postgresql"
        if postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("ANALYZE")  # plans go by what the database knows of its rows
        for sql, index in zip(asked, indexes, strict=True):
            cursor.execute(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{sql}")
            assert index in str(cursor.fetchall())


def test_days_lead_to_their_bookings(clerk: Client) -> None:
    total(booked=1)
    page = clerk.get(RESULTS, {"group": "day"}).content.decode()
    day = (TODAY - DAY).isoformat()
    link = f"{reverse('bookings:index')}?created_at_from={day}&amp;created_at_to={day}"
    assert link in page
