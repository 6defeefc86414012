"""Exports: what they hold, and that no spreadsheet program takes any of it for a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.timezone import localdate
from django.views.generic import View
from wagtail.models import ModelLogEntry

from tests.desk.conftest import PRICE, paid_booking
from tests.desk.many import many_bookings
from tests.factories import ConfirmedBookingFactory, SessionTypeFactory, default_site
from wagtail_calendly.bookings.models import Appointment, Booking, DailyTotal, Refund
from wagtail_calendly.desk import booking_export
from wagtail_calendly.desk.exporting import DefusedExportMixin, defused

REPORT = "/admin/reports/bookings/"
LIST = "/admin/calendly/bookings/"
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    '=HYPERLINK("http://evil.example";"x")',
]
HARMLESS = ["Ada", "a=b", "1-2", "", "é=", "'=1", "x;=1"]


class Export(DefusedExportMixin, View):
    """An export of texts, as any listing of the desk has one."""

    queryset = None
    list_export = ["text", "texts", "number"]

    def get(self, request: Any) -> Any:
        return self.as_spreadsheet(self.items(), request.GET["export"])

    def items(self) -> list[Any]:
        return [
            SimpleNamespace(text=text, texts=[text, "b"], number=-1) for text in HOSTILE + HARMLESS
        ]


def exported(export_format: str) -> bytes:
    response = Export.as_view()(RequestFactory().get("/", {"export": export_format}))
    return b"".join(response.streaming_content)


@pytest.mark.survives("formula-in-export")
def test_no_cell_of_a_csv_is_a_formula() -> None:
    rows = list(csv.reader(StringIO(exported("csv").decode(), newline="")))[1:]
    assert len(rows) == len(HOSTILE + HARMLESS)
    for (text, texts, number), original in zip(rows, HOSTILE + HARMLESS, strict=True):
        wanted = f"'{original}" if original in HOSTILE else original
        assert (text, number) == (wanted, "-1")
        assert texts == (f"'{original}, b" if original in HOSTILE else f"{original}, b")


@pytest.mark.survives("formula-in-export")
def test_every_cell_of_a_csv_is_quoted_so_that_another_separator_makes_no_new_one() -> None:
    assert b'"x;=1"' in exported("csv")


@pytest.mark.survives("formula-in-export")
def test_a_workbook_holds_the_texts_as_texts() -> None:
    sheet = openpyxl.load_workbook(BytesIO(exported("xlsx"))).active
    cells = [row[0] for row in list(sheet.iter_rows())[1:]]
    assert "f" not in {cell.data_type for cell in cells}
    assert cells[0].value == "=1+1"


def test_what_a_workbook_cannot_hold_is_left_out() -> None:
    export = Export()
    assert export.preprocess_field_value("text", "a\x0bb\x00", "xlsx") == "ab"
    assert defused("ok") == "ok"


@pytest.mark.django_db
def test_the_report_is_exported_by_currency(signed_in: Callable[..., Client]) -> None:
    yesterday = localdate() - timedelta(days=1)
    session_type = SessionTypeFactory(title="=cmd()")
    for currency, revenue in (("EUR", 6050), ("JPY", 500), ("", 0)):
        DailyTotal.objects.create(
            day=yesterday,
            session_type=session_type,
            currency=currency,
            booked=1,
            revenue=revenue,
            utm_source="@news",
        )
    clerk = signed_in("view")
    response = clerk.get(REPORT, {"export": "csv"})
    heading, *rows = csv.reader(StringIO(response.getvalue().decode(), newline=""))
    assert heading[0] == "Name"
    assert [(row[0], row[2], *row[6:]) for row in rows] == [
        ("'=cmd()", "1", "", "", ""),
        ("'=cmd()", "1", "EUR", "60.50", "0.00"),
        ("'=cmd()", "1", "JPY", "500", "0"),
    ]
    response = clerk.get(REPORT, {"export": "csv", "group": "campaign"})
    heading, *rows = csv.reader(StringIO(response.getvalue().decode(), newline=""))
    assert (heading[:3], rows[0][0]) == (["Source", "Medium", "Campaign"], "'@news")
    workbook = clerk.get(REPORT, {"export": "xlsx", "group": "day"}).getvalue()
    sheet = openpyxl.load_workbook(BytesIO(workbook)).active
    assert sheet["A2"].value == yesterday
    assert sheet["H3"].value == 60.5


def listed(client: Client, **asked: Any) -> list[dict[str, str]]:
    """The rows of the bookings list as CSV, by heading."""
    response = client.get(LIST, {"export": "csv", **asked})
    return list(csv.DictReader(StringIO(response.getvalue().decode(), newline="")))


@pytest.mark.django_db
def test_the_list_is_exported_as_it_is_filtered(
    signed_in: Callable[..., Client], settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    booking = paid_booking()
    Refund.objects.create(payment=booking.payments.get(), amount=50, state="succeeded")
    home = default_site().root_page
    Booking.objects.filter(pk=booking.pk).update(
        page_id=home.pk, tracking={"utm_source": "=news"}, starts_at="2027-01-04T23:30:00Z"
    )
    Appointment.objects.filter(booking=booking).update(name="+Vi", tracking={"utm_campaign": "x"})
    erased = ConfirmedBookingFactory(erased_at="2027-01-01T00:00:00Z", appointment__name="")
    clerk = signed_in("view")
    [row] = listed(clerk, payment_status="paid", q="+vi")
    wanted = {
        "Reference": booking.reference,
        "Name": "'+Vi",
        "Status": "confirmed",
        "Starts at (Asia/Tokyo)": "2027-01-05 08:30:00",
        "Page": home.title,
        "Price": f"{PRICE / 100:.2f}",
        "Paid": "60.00",
        "Given back": "0.50",
        "Currency": "EUR",
        "Source": "'=news",
        "Medium": "",
        "Campaign": "x",
    }
    assert row | wanted == row
    [row] = listed(clerk, q=erased.reference)
    assert (row["Name"], row["Price"], row["Currency"]) == ("Erased", "", "")
    newest, _ = ModelLogEntry.objects.filter(action="wagtail_calendly.bookings.downloaded")
    assert newest.data == {"file": "csv", "filters": ["q"]}


@pytest.mark.django_db
def test_a_workbook_of_the_list_holds_dates_and_numbers(
    signed_in: Callable[..., Client], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    *_, newest = many_bookings(3)
    clerk = signed_in("view")
    workbook = clerk.get(LIST, {"export": "xlsx"}).getvalue()
    names, first, *_ = openpyxl.load_workbook(BytesIO(workbook)).active.iter_rows(values_only=True)
    row = dict(zip(names, first, strict=True))
    start = row["Starts at (Asia/Tokyo)"].replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    assert (row["Reference"], row["Paid"]) == (newest.reference, 60)
    assert abs(start - newest.starts_at) < timedelta(seconds=2)
    monkeypatch.setattr(booking_export, "MOST_IN_WORKBOOK", 2)
    page = clerk.get(LIST, {"export": "xlsx"}, follow=True).content.decode()
    assert "holds up to 2 bookings" in page


@pytest.mark.django_db
def test_a_long_list_is_exported_in_chunks_that_miss_nothing(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    many_bookings(7)
    Booking.objects.update(created_at="2027-01-01T00:00:00Z")
    monkeypatch.setattr(booking_export, "CHUNK", 3)
    rows = listed(signed_in("view"), ordering="starts_at")
    wanted = Booking.objects.order_by("-pk").values_list("reference", flat=True)
    assert [row["Reference"] for row in rows] == list(wanted)


@pytest.mark.django_db
def test_an_export_speaks_the_language_of_whoever_asked(signed_in: Callable[..., Client]) -> None:
    many_bookings(1)
    with translation.override("de"):
        response = signed_in("view").get(LIST, {"export": "csv"}, headers={"Accept-Language": "de"})
    heading, row = csv.reader(StringIO(response.getvalue().decode(), newline=""))
    assert ("Zahlung" in heading, "bezahlt" in row) == (True, True)


@pytest.mark.django_db
def test_the_list_is_offered_as_a_file_and_the_calendar_is_not(
    signed_in: Callable[..., Client],
) -> None:
    clerk = signed_in("view")
    assert (
        "?status=canceled&amp;export=csv"
        in clerk.get(LIST, {"status": "canceled"}).content.decode()
    )
    week = clerk.get("/admin/calendly/calendar/week/2027-01-04/", {"export": "csv"})
    assert week["Content-Type"].startswith("text/html")
    assert "export=" not in clerk.get(week.request["PATH_INFO"]).content.decode()
