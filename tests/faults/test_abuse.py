"""Abuse that is kept out by how things are written: checked in what we ship, not in what one request does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

import wagtail_calendly
from tests.factories import ConfirmedBookingFactory, SessionTypeFactory, TermsFactory

PACKAGE = Path(wagtail_calendly.__file__).parent
#: Where signatures, tokens and unguessable segments are checked.
GATES = [
    "calendly/webhooks.py",
    "bookings/reference.py",
    "bookings/subscriptions.py",
    "api/webhooks.py",
    "api/calendly_webhook.py",
]
SECRET = re.compile(r"sign|mac|digest|segment|secret|token|key", re.IGNORECASE)
CRLF = "Talk\r\nATTENDEE:mailto:evil@example.org\r\nEND:VEVENT\r\nBcc: evil@example.org"


def secret_comparisons(code: str) -> Iterator[str]:
    """Comparisons by == or `in` of what must be compared in constant time."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Compare):
            continue
        if any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops):
            words = {ast.unparse(side) for side in (node.left, *node.comparators)}
            if any(SECRET.search(word) and "len(" not in word for word in words):
                yield ast.unparse(node)


@pytest.mark.survives("timing")
@pytest.mark.parametrize("path", GATES)
def test_secrets_are_compared_in_constant_time(path: str) -> None:
    assert list(secret_comparisons((PACKAGE / path).read_text())) == []


def test_a_comparison_that_tells_would_be_noticed() -> None:
    """Negative control."""
    told = ["signature == expected", "given.mac != mac", "segment in segments(alias)"]
    assert list(secret_comparisons("\n".join([*told, "len(token) != 3", "a == b"]))) == told


@pytest.mark.survives("injected-lines")
@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_what_people_write_stays_in_its_line_of_a_calendar_file() -> None:
    terms = TermsFactory(session_type=SessionTypeFactory(title=CRLF))
    booking = ConfirmedBookingFactory(
        terms=terms,
        appointment__name=CRLF,
        appointment__location={"kind": "physical", "location": CRLF},
    )
    answer = Client().get(reverse("wagtail_calendly:calendar", args=[booking.token]))
    assert answer.status_code == 200
    lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if line.upper().startswith(("ATTENDEE", "BCC"))]
    assert lines.count("END:VEVENT") == 1
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert "evil@example.org" in event["summary"]
    assert "evil@example.org" in event["location"]
    assert set(event) == {
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "LOCATION",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "UID",
    }


LOADED = re.compile(
    r"""(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc(?:set)?
        |<link\b[^>]*\bhref|@import|\burl\(|\bfrom|\bimport\(?)\s*=?\s*["'(]?\s*(?:https?:)?//[^"'\s)]+""",
    re.VERBOSE | re.IGNORECASE,
)


@pytest.mark.survives("foreign-code")
def test_nothing_that_we_ship_loads_code_or_pictures_from_elsewhere() -> None:
    """The simulator aside, which stands in for another site."""
    files = [
        file
        for file in PACKAGE.rglob("*")
        if file.suffix in {".html", ".js", ".css", ".svg"} and "simulator" not in file.parts
    ]
    assert len(files) > 20
    assert {file.name: found for file in files if (found := LOADED.findall(file.read_text()))} == {}


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://assets.calendly.com/widget.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        "@import 'https://fonts.example/x.css';",
        "a { background: url(https://x.example/y.png) }",
        'import x from "https://cdn.example/x.js";',
        'await import("https://cdn.example/x.js")',
    ],
)
def test_code_from_elsewhere_would_be_noticed(line: str) -> None:
    """Negative control."""
    assert LOADED.search(line)
