"""Brings our mirror of Calendly's event types up to date; never touches what editors wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_calendly import accounts
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import CalendlyError, WebhookEnvelope, schemas
from wagtail_calendly.signals import event_types_synced
from wagtail_calendly.snippets import drift, notice
from wagtail_calendly.snippets.columns import columns_of
from wagtail_calendly.snippets.event_types import EventType

DELETED = "event_type.deleted"
#: How many of each kind a stored report names.
SHOWN = 25


@dataclass
class SyncReport:
    """What a sync found, by event type URI; `changed` says which of our columns."""

    created: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    pages: int = 0

    @property
    def seen(self) -> int:
        """How many event types Calendly listed."""
        return len(self.created) + len(self.changed) + self.unchanged

    def summary(self) -> dict[str, Any]:
        """The report as JSON for people: all numbers, and the first few of each list."""
        return {
            "pages": self.pages,
            "seen": self.seen,
            "counts": {
                "created": len(self.created),
                "changed": len(self.changed),
                "unchanged": self.unchanged,
                "missing": len(self.missing),
                "returned": len(self.returned),
            },
            "created": self.created[:SHOWN],
            "changed": dict(list(self.changed.items())[:SHOWN]),
            "missing": self.missing[:SHOWN],
            "returned": self.returned[:SHOWN],
        }


Progress = Callable[[SyncReport], None]


def sync(
    alias: str = "default", *, now: datetime | None = None, progress: Progress | None = None
) -> SyncReport:
    """Read all event types of an account and mirror them, a page of 100 at a time.

    The report and the time are kept on the account's `Connection`, page by page. When a page fails, what
    was read stays, nothing is marked missing, and Calendly's error is raised. Raises `NotConfigured`.
    """
    now = now or timezone.now()
    report = SyncReport()
    client = accounts.calendly(alias).for_background()
    health.connection(alias)
    known = _present(alias)
    seen: set[str] = set()
    _note(alias, "running", report)
    try:
        scope = health.scope(alias, client=client)
        for page in client.event_type_pages(user=scope.user, organization=scope.organization):
            seen |= _mirror(alias, page, report)
            _note(alias, "running", report)
            if progress:
                progress(report)
    except CalendlyError as error:
        _note(alias, "failed", report, problem=str(error))
        if isinstance(error, health.TROUBLE):
            health.problem(alias, error)
        raise
    report.missing = _mark_missing(known, seen, now)
    _note(alias, "done", report)
    Connection.objects.filter(account=alias).update(last_sync_at=now)
    health.well(alias)
    event_types_synced.send_robust(sender=SyncReport, account=alias, report=report)
    return report


def announce(alias: str) -> None:
    """Note that a sync was asked for, so that the admin shows it before a worker begins."""
    health.connection(alias)
    _note(alias, "waiting", SyncReport())


def apply(envelope: WebhookEnvelope, *, account: str) -> None:
    """Mirror what an `event_type.*` webhook says; one that is older than the mirror is ignored.

    Its payload has no description, so ours stays. What is deleted stays deleted, whatever arrives late.
    """
    said = envelope.event_type()
    row = EventType.objects.filter(uri=said.uri)
    if envelope.event == DELETED:
        _lose(row, said.deleted_at or envelope.created_at, said.updated_at or envelope.created_at)
        return
    if said.updated_at and row.exclude(missing_since=None).filter(
        remote_updated_at__gte=said.updated_at
    ):
        return
    columns = columns_of(said, account)
    del columns["description_html"]
    _write({said.uri: columns}, SyncReport())


def _mirror(alias: str, page: Iterable[schemas.EventType], report: SyncReport) -> set[str]:
    """Mirror one page. Returns the URIs that exist at Calendly."""
    said = {item.uri: columns_of(item, alias) for item in page if item.deleted_at is None}
    _write(said, report)
    report.pages += 1
    return set(said)


def _write(said: dict[str, dict[str, Any]], report: SyncReport) -> None:
    """Write only what differs: one SELECT and one upsert, so that two syncs at once do no harm."""
    with transaction.atomic():
        rows = EventType.objects.filter(uri__in=said).order_by("uri").select_for_update()
        mirrored = {row.uri: row for row in rows}
        fresh = [
            EventType(uri=uri, **columns)
            for uri, columns in sorted(said.items())
            if _differs(mirrored.get(uri), uri, columns, report)
        ]
        if fresh:
            _changing([(mirrored[row.uri], said[row.uri]) for row in fresh if row.uri in mirrored])
            EventType.objects.bulk_create(
                fresh,
                update_conflicts=True,
                unique_fields=["uri"],
                update_fields=list(next(iter(said.values()))),
            )


def _differs(row: EventType | None, uri: str, columns: dict[str, Any], report: SyncReport) -> bool:
    """Whether what Calendly says is new to us; tells the report."""
    if row is None:
        report.created.append(uri)
        return True
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    if not changed or _is_older(columns, row):
        report.unchanged += 1
        return False
    if row.missing_since:
        report.returned.append(uri)
    report.changed[uri] = changed
    return True


def _is_older(columns: dict[str, Any], row: EventType) -> bool:
    said, ours = columns["remote_updated_at"], row.remote_updated_at
    return bool(said and ours and said < ours)


def _present(alias: str) -> dict[str, int]:
    """Primary keys by URI of what we believe to exist at Calendly."""
    rows = EventType.objects.filter(account=alias, missing_since=None)
    return dict(rows.values_list("uri", "pk"))


def _mark_missing(known: dict[str, int], seen: set[str], now: datetime) -> list[str]:
    """Mark what existed before this sync and was not listed. Returns its URIs."""
    gone = sorted(set(known) - seen)
    if gone:
        _lose(EventType.objects.filter(pk__in=[known[uri] for uri in gone]), now)
    return gone


def _lose(rows: QuerySet[EventType], at: datetime, updated_at: datetime | None = None) -> None:
    """Mark as gone from Calendly those of these that are not yet."""
    columns = {"missing_since": at} | ({"remote_updated_at": updated_at} if updated_at else {})
    with transaction.atomic():
        lost = list(rows.filter(missing_since=None).order_by("uri").select_for_update())
        _changing([(row, columns) for row in lost])
        rows.filter(pk__in=[row.pk for row in lost]).update(**columns)


def _changing(changes: list[tuple[EventType, dict[str, Any]]]) -> None:
    """What must be known of event types (as they are, their new columns) before they change."""
    if changes:
        drift.note(changes)
        notice.of_event_types(row.pk for row, _columns in changes)


def _note(alias: str, state: str, report: SyncReport, **more: Any) -> None:
    """Keep on the Connection how far the sync is; the admin shows it."""
    note = {"state": state, "noted_at": timezone.now().isoformat(), **report.summary(), **more}
    Connection.objects.filter(account=alias).update(last_sync=note)
