"""How session types stand, for lists: where they are used, how often they were booked, what changed at Calendly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils import timezone
from wagtail.models import Revision, WorkflowState

from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets import drift, usage
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.usage import Usage

#: How far back bookings are counted.
DAYS = 30
#: Who may know how often something is booked.
VIEW_BOOKINGS = "wagtail_calendly.view_booking"


@dataclass(frozen=True)
class Standing:
    """What a row of the list says. `bookings` is None for who may not know."""

    usage: Usage
    changes: int
    bookings: int | None


def note(session_types: Sequence[SessionType], user: Any) -> None:
    """Give each a `standing`, and what Wagtail's status column would ask for one by one."""
    pks = [each.pk for each in session_types]
    used = usage.of_session_types(session_types)
    changes = _counted(drift.known().filter(session_type__in=pks), "session_type")
    may_know = user.has_perm(VIEW_BOOKINGS)
    booked = _booked(pks) if may_know else {}
    for each in session_types:
        each.standing = Standing(
            used[each.pk], changes.get(each.pk, 0), booked.get(each.pk, 0) if may_know else None
        )
    _note_status({str(each.pk): each for each in session_types})


def _note_status(session_types: dict[str, SessionType]) -> None:
    """Under the names that Wagtail's own lists of pages use."""
    of_ours = {
        "base_content_type": ContentType.objects.get_for_model(SessionType),
        "object_id__in": session_types,
    }
    scheduled = set(
        Revision.objects.filter(approved_go_live_at__isnull=False, **of_ours)
        .order_by()
        .values_list("object_id", flat=True)
    )
    for pk, each in session_types.items():
        each._approved_schedule = pk in scheduled
        each._current_workflow_states = []
    for state in WorkflowState.objects.active().filter(**of_ours):
        session_types[state.object_id]._current_workflow_states.append(state)


def _booked(pks: list[int]) -> dict[int, int]:
    lately = timezone.now() - timedelta(days=DAYS)
    rows = Booking.objects.filter(created_at__gte=lately, terms__session_type__in=pks)
    return _counted(rows, "terms__session_type")


def _counted(rows: QuerySet[Any], by: str) -> dict[int, int]:
    grouped = rows.order_by().values_list(by).annotate(Count("pk"))
    return dict(grouped)
