"""Fills a site that offers sessions with all that its staff may meet, and says where each of it is."""

from __future__ import annotations

from wagtail.models import Site

from tests.fixtures.simulator import Simulator
from tests.tour.cast import Parts, Stage, all_parts, today
from tests.tour.weeks import live_through
from wagtail_calendly.bookings import numbers
from wagtail_calendly.bookings.models import Connection, Effect
from wagtail_calendly.snippets import creating
from wagtail_calendly.snippets.models import CancellationPolicy, EventType, SessionType
from wagtail_calendly.snippets.sync import sync


def fill(stage: Stage, simulator: Simulator, *, pages: list[int], weeks: int) -> Parts:
    """The keys of the rows that screens are about, by name; `weeks` of ordinary bookings lie behind them."""
    live_through(stage, [stage.free, stage.priced, stage.group], pages, weeks)
    today(stage)
    parts = all_parts(stage) | _offers(stage, simulator)
    numbers.recount(stage.now)
    Connection.objects.update(last_delivery_at=stage.now)
    return parts | {
        "effect": Effect.objects.get(booking=parts["given_up"], state=Effect.State.DEAD).pk,
        "disputes": "disputed",
        "page": stage.page_id,
        "today": stage.now.date().isoformat(),
    }


def _offers(stage: Stage, simulator: Simulator) -> Parts:
    """What changed at Calendly since an editor looked: one event type is another by now, one is gone."""
    gone, new = (EventType.objects.get(slug=slug) for slug in ("project-start", "summer-school"))
    draft, _lost = (
        _draft(stage, event_type, title)
        for event_type, title in (
            (stage.free.event_type, "Half an hour in the evening"),
            (gone, "Project kick-off on site"),
        )
    )
    renamed = stage.priced.event_type
    simulator.event_types(slug=renamed.slug, name="Website Review, new edition", duration=75)
    simulator.event_types(slug=gone.slug, deleted=True)
    sync()
    return {
        "plain": stage.group.event_type.pk,
        "gone": gone.pk,
        "new": new.pk,
        "draft": draft.pk,
        "session_type": stage.priced.pk,
        "policy": CancellationPolicy.objects.all()[0].pk,
        "site": Site.objects.get(is_default_site=True).pk,
    }


def _draft(stage: Stage, event_type: EventType, title: str) -> SessionType:
    draft = creating.draft_of(event_type, stage.free.locale)
    draft.title = title
    draft.save()
    draft.save_revision(user=stage.user)
    return draft
