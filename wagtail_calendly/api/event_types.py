"""For staff: Calendly's event types as mirrored here, and the sync that keeps them so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from wagtail_calendly import accounts, conf, tasks
from wagtail_calendly.api.errors import failures
from wagtail_calendly.api.guards import staff
from wagtail_calendly.api.paging import Limit, Offset, Page
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.snippets.models import EventType

router = Router(tags=["Event types"])


class EventTypeOut(Schema):
    """An event type at Calendly. `missing_since` is set once Calendly lists it no more."""

    id: int
    account: str
    uri: str
    name: str
    slug: str
    duration: int = Field(description="Minutes")
    kind: str
    host_name: str
    active: bool
    secret: bool
    is_paid: bool
    missing_since: datetime | None


class EventTypePage(Page):
    """Some of the event types."""

    items: list[EventTypeOut]


class SyncIn(Schema):
    """Which account to sync: its alias in the settings."""

    model_config = ConfigDict(extra="forbid")

    account: Annotated[str, Field(min_length=1, max_length=50)] = "default"


class SyncOut(Schema):
    """How far the latest sync of an account is; it may be one begun before. Nothing in it is personal."""

    account: str
    state: str = Field(description="`waiting`, `running`, `done` or `failed`")
    counts: dict[str, int]
    problem: str


@router.get(
    "event-types",
    auth=staff("wagtail_calendly.view_eventtype"),
    response={200: EventTypePage, **failures(400, 403)},
    summary="List event types",
    url_name="event_types",
)
def list_event_types(request: HttpRequest, limit: Limit = 20, offset: Offset = 0) -> dict[str, Any]:
    """All that was ever synced and not deleted here."""
    rows = EventType.objects.all()
    return {"total": rows.count(), "items": list(rows[offset : offset + limit])}


@router.post(
    "event-types/sync",
    auth=staff("wagtail_calendly.sync_eventtype"),
    response={202: SyncOut, **failures(400, 403, 404, 415, 503)},
    summary="Start a sync",
    url_name="sync",
)
def start_sync(request: HttpRequest, said: SyncIn) -> Status[SyncOut]:
    """Read all event types from Calendly again, in the background where the site has a worker."""
    if said.account not in conf.load().accounts:
        raise Http404
    accounts.calendly(said.account)  # raises NotConfigured before anything is begun
    tasks.sync_event_types.enqueue(said.account)
    return Status(202, _latest(said.account))


def _latest(alias: str) -> SyncOut:
    row = Connection.objects.filter(account=alias).first()
    note: dict[str, Any] = row.last_sync if row else {}
    return SyncOut(
        account=alias,
        state=note.get("state", "waiting"),
        counts=note.get("counts", {}),
        problem=note.get("problem", ""),
    )
