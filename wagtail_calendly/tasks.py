"""Background tasks: wake-ups only. What they forget or lose, `calendly_work` finds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django_tasks import task

from wagtail_calendly import signals
from wagtail_calendly.bookings import effects, examine, inbox
from wagtail_calendly.snippets import purging, sync


@task()
def perform_effects(effect_ids: list[int]) -> int:
    """Perform those of these effects that are due."""
    return effects.perform_due(ids=effect_ids)


@task()
def work_delivery(delivery_id: int) -> str:
    """Work on one webhook delivery; returns its state."""
    return inbox.work_on(delivery_id).state


@task()
def sync_event_types(alias: str = "default") -> dict[str, Any]:
    """Sync an account's event types; returns the report's summary."""
    return sync.sync(alias).summary()


@task()
def examine_connections() -> None:
    """Ask both vendors how all accounts stand."""
    examine.everything()


@task()
def purge_pages(session_type_ids: list[int], page_ids: list[int]) -> int:
    """Purge these pages and those that show these session types; returns how many."""
    return purging.purge(session_type_ids, page_ids)


def connect() -> None:
    """Listen for effects and for changes of what is offered; called when Django is ready."""
    signals.effects_due.connect(_enqueue, dispatch_uid="wagtail_calendly.tasks")
    signals.offer_changed.connect(_purge, dispatch_uid="wagtail_calendly.tasks.purge")


def _purge(session_type_ids: list[int], page_ids: list[int], **kwargs: Any) -> None:
    if purging.is_wanted():
        purge_pages.enqueue(session_type_ids, page_ids)


def _enqueue(effect_ids: list[int], due_at: datetime, **kwargs: Any) -> None:
    """Wake a worker when the effects are due. A backend that cannot wait leaves later ones to the clock."""
    if due_at <= timezone.now():
        perform_effects.enqueue(effect_ids)
    elif perform_effects.get_backend().supports_defer:
        perform_effects.using(run_after=due_at).enqueue(effect_ids)
