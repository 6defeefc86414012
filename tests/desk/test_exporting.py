"""Exports: what they hold, and that no spreadsheet program takes any of it for a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client, RequestFactory
from django.utils.timezone import localdate
from django.views.generic import View

from tests.factories import SessionTypeFactory
from wagtail_calendly.bookings.models import DailyTotal
from wagtail_calendly.desk.exporting import DefusedExportMixin, defused

REPORT = "/admin/reports/bookings/"
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
