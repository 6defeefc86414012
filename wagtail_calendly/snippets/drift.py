"""What changed at Calendly since an editor last looked: kept for each session type until it is accepted.

A row holds what was known before. It is written by sync, before the mirror changes, and goes when an
editor accepts the change, or when Calendly takes it back. What editors wrote is never touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.snippets.event_types import EventType

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType


class Fact(models.TextChoices):
    """What editors are told of when it changes."""

    NAME = "name", _("Name")
    DURATION = "duration", _("Duration")
    LOCATIONS = "locations", _("Location")
    QUESTIONS = "questions", _("Questions")
    ACTIVE = "active", _("Switched on")
    EXISTS = "exists", _("Exists at Calendly")


class Drift(models.Model):
    """One fact of an event type that is not any more as it was when an editor last accepted it."""

    session_type = models.ForeignKey(
        "wagtail_calendly.SessionType", on_delete=models.CASCADE, related_name="drifts"
    )
    event_type = models.ForeignKey(EventType, on_delete=models.CASCADE, related_name="drifts")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    #: As `facts_of` has it.
    accepted = models.JSONField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("change at Calendly")
        verbose_name_plural = _("changes at Calendly")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["session_type", "event_type", "fact"], name="wagtail_calendly_drift_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_type_id}/{self.fact}"

    @property
    def place(self) -> tuple[int, int, str]:
        return self.session_type_id, self.event_type_id, self.fact

    @property
    def now(self) -> Any:
        """The fact as it is at Calendly."""
        return facts_of(vars(self.event_type))[self.fact]

    @property
    def key(self) -> str:
        """This row and the value it is shown with: what changes meanwhile is not accepted unseen."""
        shown = json.dumps(self.now, sort_keys=True)
        return f"{self.pk}-{hashlib.sha256(shown.encode()).hexdigest()[:16]}"


def facts_of(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The facts in the columns of an event type, as JSON."""
    return {
        Fact.NAME.value: columns["name"],
        Fact.DURATION.value: columns["duration_options"] or [columns["duration"]],
        Fact.LOCATIONS.value: columns["locations"],
        Fact.QUESTIONS.value: columns["custom_questions"],
        Fact.ACTIVE.value: columns["active"],
        Fact.EXISTS.value: columns["missing_since"] is None,
    }


def note(changes: Iterable[tuple[EventType, Mapping[str, Any]]]) -> None:
    """Keep what editors know of event types that are about to change: (the row as it was, its new columns).

    Two reads and two writes, however many change. Belongs into the transaction of the change.
    """
    told = {row.pk: (facts_of(vars(row)), facts_of({**vars(row), **new})) for row, new in changes}
    told = {pk: (old, new) for pk, (old, new) in told.items() if old != new}
    if not told:
        return
    kept = {row.place: row for row in Drift.objects.filter(event_type__in=told)}
    users = EventType.objects.filter(pk__in=told, session_types__isnull=False)
    fresh = [
        Drift(session_type_id=session_type, event_type_id=pk, fact=fact, accepted=value)
        for pk, session_type in users.values_list("pk", "session_types").order_by("pk")
        for fact, value in told[pk][0].items()
        if value != told[pk][1][fact] and (session_type, pk, fact) not in kept
    ]
    Drift.objects.bulk_create(fresh, ignore_conflicts=True)
    back = [row.pk for row in kept.values() if row.accepted == told[row.event_type_id][1][row.fact]]
    if back:
        Drift.objects.filter(pk__in=back).delete()


def known() -> models.QuerySet[Drift]:
    """What is to be accepted, of the event types that are used now, with what it is compared with."""
    return Drift.objects.filter(event_type=models.F("session_type__event_type")).select_related(
        "event_type"
    )


def of_session_type(session_type: SessionType) -> models.QuerySet[Drift]:
    """What is to be accepted of the event type that it stands on."""
    return known().filter(session_type=session_type.pk)


def accept(keys: Iterable[str], session_types: Iterable[SessionType]) -> dict[int, list[str]]:
    """Accept what was shown of these session types, by `Drift.key`; what changed meanwhile stays.

    Returns the accepted facts by the primary key of their session type.
    """
    rows = known().filter(session_type__in=session_types)
    wanted = set(keys)
    with transaction.atomic():
        seen = [row for row in rows.select_for_update(of=("self",)) if row.key in wanted]
        Drift.objects.filter(pk__in=[row.pk for row in seen]).delete()
    accepted: dict[int, list[str]] = {}
    for row in seen:
        accepted.setdefault(row.session_type_id, []).append(row.fact)
    return accepted


def forget_others(session_type: SessionType) -> None:
    """Who chose another event type has looked at it."""
    Drift.objects.filter(session_type=session_type.pk).exclude(
        event_type=session_type.event_type_id
    ).delete()
