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
    """Four rows: the first sync, one that finds nothing new, its writes, its calls."""
    count = 200 if quick else 1000
    with _account(count) as simulator:
        organization = simulator.organization
        download = Side(lambda: _download(simulator, organization, count))
        rounds = 2 if quick else 15
        first = ratio(
            Side(sync, lambda times: EventType.objects.all().delete()),
            download,
            rounds=rounds,
            times=1,
            clock=time.perf_counter,
        )
        again = ratio(Side(sync), download, rounds=rounds, times=1, clock=time.perf_counter)
        simulator.clear_requests()
        writes = _writes()
        calls = sum(call["path"] == "/event_types" for call in simulator.requests())
    named = f"{count:,} event types"
    return [
        at_most(f"First sync of {named}, to downloading and parsing them", first, MARK),
        at_most(f"Sync of {named} that finds nothing new, to the same", again, MARK),
        exactly("SQL statements with which that sync writes event types", writes, 0),
        exactly("Calls to Calendly of a sync", calls, count // 100),
    ]


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
    seen, token = 0, ""
    while token is not None:
        more = {"page_token": token} if token else {}
        answer = simulator.api("GET", "/event_types", params=query | more)
        page = Page.model_validate_json(answer.content)
        seen += len(page.collection)
        token = page.pagination.next_page_token
    assert seen == count


def _writes() -> int:
    with CaptureQueriesContext(connection) as captured:
        report = sync()
    assert report.unchanged == report.seen
    table = EventType._meta.db_table
    return sum(
        table in query["sql"] and not query["sql"].startswith("SELECT") for query in captured
    )
