"""Sync mirrors Calendly's event types: completely, cheaply, and without touching what editors wrote."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.fixtures.simulator import Simulator
from wagtail_calendly import signals
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import CalendlyError, schemas
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.sync import SyncReport, columns_of, sync

pytestmark = pytest.mark.django_db

URI = "https://api.calendly.com/event_types/ET"
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def writes_to_event_types(queries: CaptureQueriesContext) -> list[str]:
    table = EventType._meta.db_table
    return [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE")) and f'"{table}"' in query["sql"]
    ]


def listings(simulator: Simulator) -> list[dict[str, Any]]:
    return [call for call in simulator.requests() if call["path"] == "/event_types"]


def test_mirrors_what_calendly_says(account: Simulator) -> None:
    report = sync(now=NOW)

    said = account.event_type("consultation")
    ours = EventType.objects.get(uri=said["uri"])
    assert set(report.created) == set(EventType.objects.values_list("uri", flat=True))
    for name in ("name", "slug", "scheduling_url", "duration", "kind", "active", "is_paid"):
        assert getattr(ours, name) == said[name], name
    assert ours.host_name == said["profile"]["name"]
    assert ours.missing_since is None
    assert Connection.objects.get(account="default").last_sync_at == NOW


def test_a_second_sync_of_the_same_writes_no_event_type(account: Simulator) -> None:
    first = sync()
    with CaptureQueriesContext(connection) as queries:
        second = sync()
    assert second.unchanged == first.seen
    assert not second.created
    assert not second.changed
    assert writes_to_event_types(queries) == []


def test_a_thousand_event_types_are_ten_calls_and_the_same_statements_for_each_page(
    account: Simulator,
) -> None:
    account.reset(seed=False)
    account.event_types(
        count=1000
        - len(
            account.api(
                "GET", "/event_types", params={"organization": account.organization}
            ).json()["collection"]
        )
    )
    statements: list[int] = []
    sync()
    EventType.objects.all().delete()
    account.clear_requests()

    with CaptureQueriesContext(connection) as queries:

        def count(report: SyncReport) -> None:
            statements.append(len(queries.captured_queries))

        report = sync(progress=count)

    assert report.seen == 1000
    assert len(listings(account)) == 10
    each_page = {after - before for before, after in itertools.pairwise(statements)}
    assert len(each_page) == 1
    with CaptureQueriesContext(connection) as queries:
        assert sync().unchanged == 1000
    assert writes_to_event_types(queries) == []


def test_says_which_fields_changed_and_leaves_the_editor_s_text_alone(
    account: Simulator, make_session_type: Callable[..., SessionType]
) -> None:
    sync()
    mirrored = EventType.objects.get(slug="consultation")
    session = make_session_type(event_type=mirrored, title="My words", summary="Mine")
    account.event_types(slug="consultation", name="Theirs", duration=45)

    report = sync()

    assert set(report.changed) == {mirrored.uri}
    assert {"name", "duration", "remote_updated_at"} == set(report.changed[mirrored.uri])
    mirrored.refresh_from_db()
    session.refresh_from_db()
    assert (mirrored.name, mirrored.duration) == ("Theirs", 45)
    assert (session.title, session.summary) == ("My words", "Mine")


def test_a_type_that_is_gone_is_kept_and_marked_and_welcomed_back(account: Simulator) -> None:
    sync()
    gone = EventType.objects.get(slug="consultation")
    account.event_types(slug="consultation", deleted=True)

    assert sync(now=NOW).missing == [gone.uri]
    gone.refresh_from_db()
    assert gone.missing_since == NOW
    assert sync().missing == [], "it is reported once"

    account.event_types(slug="consultation", deleted=False)
    report = sync()
    gone.refresh_from_db()
    assert report.returned == [gone.uri]
    assert gone.missing_since is None


def test_a_failing_page_keeps_what_was_read_and_marks_nothing_missing(account: Simulator) -> None:
    account.event_types(count=150)
    sync()
    account.event_types(slug="consultation", deleted=True)
    EventType.objects.filter(slug__startswith="session-").delete()
    pages: list[int] = []

    def break_the_second_page(report: SyncReport) -> None:
        pages.append(report.seen)
        account.fault("GET /event_types", status=400, times=1)

    with pytest.raises(CalendlyError):
        sync(progress=break_the_second_page)

    note = Connection.objects.get(account="default").last_sync
    assert pages == [100]
    assert EventType.objects.filter(slug__startswith="session-").exists()
    assert not EventType.objects.exclude(missing_since=None).exists()
    assert note["state"] == "failed"
    assert note["problem"]


@pytest.mark.survives("hostile-text")
def test_hostile_html_is_cleaned_when_stored_and_when_shown(account: Simulator) -> None:
    sync()
    everything = "".join(EventType.objects.values_list("description_html", flat=True)).lower()
    for trace in ("<script", "onerror", "javascript:", "<iframe", "<svg", "<style"):
        assert trace not in everything
    assert "<p>" in everything

    dirty = EventType(description_html='<p onclick="x()">Hello<script>alert(1)</script></p>')
    assert dirty.description == "<p>Hello</p>"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//calendly.example/x"]
)
def test_an_address_that_is_none_is_not_kept(address: str) -> None:
    said = schemas.EventType(uri=URI, scheduling_url=address)
    assert columns_of(said, "default")["scheduling_url"] == ""


def test_what_is_too_long_for_its_column_is_cut(account: Simulator) -> None:
    account.event_types(slug="consultation", name="ä" * 900)
    sync()
    assert EventType.objects.get(slug="consultation").name == "ä" * 255


def test_the_scope_is_the_one_that_the_settings_name(account: Simulator, settings: Any) -> None:
    sync()
    assert "organization" in listings(account)[-1]["query"]
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["SCOPE"] = "user"
    sync()
    assert "user" in listings(account)[-1]["query"]


def test_tells_receivers_and_survives_one_that_raises(account: Simulator) -> None:
    heard: list[tuple[str, SyncReport]] = []

    def listen(account: str, report: SyncReport, **_: Any) -> None:
        heard.append((account, report))
        raise RuntimeError("a receiver of the host")

    signals.event_types_synced.connect(listen)
    try:
        report = sync()
    finally:
        signals.event_types_synced.disconnect(listen)
    assert heard == [("default", report)]


def test_without_a_token_it_says_so(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}
    with pytest.raises(NotConfigured):
        sync()


def test_no_call_is_made_inside_a_transaction(account: Simulator, transactional_db: None) -> None:
    depths: list[bool] = []
    sync(progress=lambda report: depths.append(connection.in_atomic_block))
    assert depths == [False]


def test_the_command_says_what_it_found(account: Simulator, capsys: Any) -> None:
    call_command("sync_event_types")
    assert f"{EventType.objects.count()} created" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("sync_event_types", account="nobody")


@pytest.mark.django_db(transaction=True)
def test_two_syncs_at_once_do_no_harm(account: Simulator) -> None:
    account.event_types(count=120)

    def run(_number: int) -> SyncReport:
        try:
            return sync()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))

    assert [report.seen for report in reports] == [EventType.objects.count()] * 2
    assert not EventType.objects.exclude(missing_since=None).exists()
