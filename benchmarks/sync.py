"""The sync of 1,000 event types, beside downloading and parsing the same pages with httpx and pydantic."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from pydantic import BaseModel

from benchmarks.measure import Result, Side, at_most, exactly, ratio
from tests.fixtures.simulator import TOKEN, Simulator, start_simulator, stop_simulator
from wagtail_calendly import accounts
from wagtail_calendly.models import EventType
from wagtail_calendly.snippets.sync import sync

MARK = 1.5
#: Seconds. Assumed: how long Calendly takes for a page of a hundred has not been measured.
PAGE_DELAY = 0.2


class Profile(BaseModel):
    name: str
    owner: str


class Listed(BaseModel):
    """An event type as a reader in a hurry would model it: the fields that the mirror keeps, as they come."""

    uri: str
    name: str | None
    slug: str | None
    scheduling_url: str
    duration: int
    duration_options: list[int] | None
    kind: str
    pooling_type: str | None
    type: str
    booking_method: str
    color: str
    description_html: str | None
    profile: Profile | None
    active: bool
    secret: bool
    admin_managed: bool
    locations: list[dict[str, Any]] | None
    custom_questions: list[dict[str, Any]]
    locale: str
    position: int
    updated_at: datetime
    deleted_at: datetime | None


class Pagination(BaseModel):
    next_page_token: str | None


class Page(BaseModel):
    collection: list[Listed]
    pagination: Pagination


def run(*, quick: bool = False) -> list[Result]:
    """The first sync, one that finds nothing new, both again at a slower pace; writes, calls."""
    count, rounds, delay = (200, 2, 0.0) if quick else (1000, 11, PAGE_DELAY)
    with _account(count) as simulator:
        organization = simulator.organization
        download = Side(lambda: _download(simulator, organization, count))
        at_once = _first_and_again(download, rounds)
        simulator.fault("/event_types", delay=delay, times=None)
        slowly_answered = _first_and_again(download, rounds // 2)
        simulator.clear_faults()
        simulator.clear_requests()
        writes = _writes()
        calls = sum(call["path"] == "/event_types" for call in simulator.requests())
    first, again = f"First sync of {count:,} event types", "The same when nothing is new"
    to = "to downloading and parsing them"
    slowly = f"where a page takes {1000 * delay:.0f} ms"
    return [
        at_most(f"{first}, {to}, where Calendly answers at once", at_once[0], MARK),
        at_most(f"{again}, {to}, where Calendly answers at once", at_once[1], MARK),
        at_most(f"{first}, {to}, {slowly}", slowly_answered[0], MARK),
        at_most(f"{again}, {to}, {slowly}", slowly_answered[1], MARK),
        exactly("SQL statements with which that sync writes event types", writes, 0),
        exactly("Calls to Calendly of a sync, for its list", calls, count // 100),
    ]


def _first_and_again(download: Side, rounds: int) -> tuple[float, float]:
    """The cost of a sync into an empty mirror, and of one that changes nothing."""
    empty = Side(sync, lambda times: EventType.objects.all().delete())
    first = ratio(empty, download, rounds=rounds, times=1, clock=time.perf_counter)
    return first, ratio(Side(sync), download, rounds=rounds, times=1, clock=time.perf_counter)


@contextmanager
def _account(count: int) -> Iterator[Simulator]:
    """An account with so many event types, at a simulator that never says "too many requests"."""
    process, url = start_simulator()
    simulator = Simulator(url)
    account = {"TOKEN": TOKEN, "BASE_URL": url, "SCOPE": "organization"}
    try:
        simulator.reset(seed=False)
        simulator.event_types(count=count)
        simulator.limits(per_minute=1_000_000)
        with override_settings(WAGTAIL_CALENDLY={"ACCOUNTS": {"default": account}}):
            yield simulator
            accounts.calendly().close()
    finally:
        simulator.http.close()
        stop_simulator(process)


def _download(simulator: Simulator, organization: str, count: int) -> None:
    query = {"organization": organization, "count": "100"}
    seen = 0
    while True:
        answer = simulator.api("GET", "/event_types", params=query)
        page = Page.model_validate_json(answer.content)
        seen += len(page.collection)
        if page.pagination.next_page_token is None:
            break
        query["page_token"] = page.pagination.next_page_token
    assert seen == count


def _writes() -> int:
    with CaptureQueriesContext(connection) as captured:
        report = sync()
    assert report.unchanged == report.seen
    table = EventType._meta.db_table
    return sum(
        table in query["sql"] and not query["sql"].startswith("SELECT") for query in captured
    )
