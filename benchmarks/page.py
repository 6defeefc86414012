"""A page with a booking block of six sessions, beside the same page with that block's HTML stored as text."""

from __future__ import annotations

import time

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from benchmarks import offer
from benchmarks.host import Host
from benchmarks.measure import Result, Side, at_most, exactly, ratio
from tests.host.models import HostPage

MARK = 1.15


def run(*, quick: bool = False) -> list[Result]:
    """Two rows: time, and the SQL queries that the block adds."""
    host = Host()
    with_block = offer.page("booking", offer.sessions())
    with_html = offer.page("html", _html_of_block(with_block))
    ours, theirs = offer.path_of(with_block), offer.path_of(with_html)
    assert _text(host, ours) == _text(host, theirs), "the two pages must read the same"
    cost = ratio(
        Side(lambda: host.ask(ours)),
        Side(lambda: host.ask(theirs)),
        rounds=3 if quick else 31,
        times=2 if quick else 20,
        clock=time.process_time,
    )
    return [
        at_most("Page with a block of 6 sessions, to the same page with stored HTML", cost, MARK),
        exactly(
            "SQL queries that the block adds", _queries(host, ours) - _queries(host, theirs), 1
        ),
    ]


def _html_of_block(page: HostPage) -> str:
    request = RequestFactory().get("/", headers={"host": "testserver"})
    (block,) = page.body
    return str(block.render(context={"page": page, "request": request}))


def _text(host: Host, path: str) -> bytes:
    """The page without what tells the two kinds of block apart: the stream's class, and the page's address."""
    return host.ask(path).replace(b"block-booking", b"block-html")


def _queries(host: Host, path: str) -> int:
    host.ask(path)  # fill the site-wide caches, as on a site that is used
    with CaptureQueriesContext(connection) as captured:
        host.ask(path)
    return len(captured)
