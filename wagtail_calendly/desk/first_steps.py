"""What is left to do until the first booking, on the admin's first page, for those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import ReferenceIndex

from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.models import Booking, Connection
from wagtail_calendly.desk.connection import NAME as CONNECTION
from wagtail_calendly.desk.permissions import CONFIGURE, may
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.pages import page_model
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.snippets.views import EVENT_TYPES, SYNC_EVENT_TYPES, VIEW_EVENT_TYPES

ADD_SESSION_TYPES = "wagtail_calendly.add_sessiontype"


@dataclass(frozen=True)
class Step:
    """One step: its name, what it is for, whether it is done, and where it is done by those who may."""

    title: str
    words: str
    is_done: bool
    url: str = ""


class FirstStepsPanel(Component):
    """The steps, with a tick for each that is done."""

    name = "wagtail_calendly_first_steps"
    template_name = "wagtail_calendly/desk/first_steps.html"
    order = 105

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        found = steps((parent_context or {})["request"].user)
        first = next((step for step in found if not step.is_done), None)
        return {"steps": found, "next": first}


def show(request: HttpRequest, panels: list[Component]) -> None:
    """For Wagtail's hook `construct_homepage_panels`."""
    if concerns(request.user) and not Booking.objects.exists():
        panels.insert(0, FirstStepsPanel())


def concerns(user: Any) -> bool:
    """Whether somebody may do at least one of the steps that are ours."""
    return (
        may(user, CONFIGURE) or user.has_perm(ADD_SESSION_TYPES) or user.has_perm(SYNC_EVENT_TYPES)
    )


def steps(user: Any) -> list[Step]:
    """All five, in their order; a query or two for each."""
    offered = SessionType.objects.filter(live=True).exists()
    is_made = offered or SessionType.objects.exists()
    pages = _pages()
    may_connect = may(user, CONFIGURE)
    may_list = user.has_perm(VIEW_EVENT_TYPES) or user.has_perm(SYNC_EVENT_TYPES)
    event_types = reverse(f"{EVENT_TYPES}:index") if may_list else ""
    return [
        Step(
            _("Connect"),
            _("Set Calendly’s token, and see that it is accepted."),
            _is_connected(),
            reverse(f"{CONNECTION}:index") if may_connect else "",
        ),
        Step(
            _("Sync"),
            _("Read from Calendly what can be booked."),
            EventType.objects.exists(),
            event_types,
        ),
        Step(
            _("Create session types"),
            _("Say in your words what visitors are offered: choose event types in their list."),
            is_made,
            event_types if user.has_perm(ADD_SESSION_TYPES) else "",
        ),
        Step(
            _("Place the block"),
            _("Add a booking block to a page."),
            pages.exists(),
            reverse("wagtailadmin_explore_root"),
        ),
        Step(
            _("Go live"),
            _("Publish the session type and the page, then book a time yourself."),
            offered and pages.live().exists(),
            reverse("wagtailadmin_explore_root"),
        ),
    ]


def _is_connected() -> bool:
    rows = Connection.objects.filter(account__in=health.configured(), problem="")
    return rows.exclude(user_uri="").exists()


def _pages() -> Any:
    """Pages with a booking block, drafts too. A block that offers all sessions refers to the booking settings."""
    Page = page_model()  # noqa: N806
    kinds = ContentType.objects.get_for_models(SessionType, BookingSettings, Page)
    references = ReferenceIndex.objects.filter(
        base_content_type=kinds[Page],
        to_content_type__in=[kinds[SessionType], kinds[BookingSettings]],
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return Page.objects.filter(Exists(references))
