"""The list of session types: what it says of each, for whom, at what cost; and several of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import Locale, Workflow, WorkflowState

from tests.blocks.conftest import make_image, make_page
from tests.snippets.test_admin import SESSIONS, text, told
from tests.snippets.test_creating import bulk
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets import images, standing
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]
Login = Callable[..., Client]
LIST = f"{SESSIONS}:list"


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Pictures of its own; Wagtail caches renditions by the number of their image."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    yield
    cache.clear()


def booked(session: SessionType, *days_ago: int) -> None:
    for number, days in enumerate(days_ago):
        Booking.objects.create(
            reference=f"{session.pk}-{number}".ljust(52, "x"),
            terms=terms_for(session),
            created_at=now() - timedelta(days=days),
        )


def test_counts_bookings_and_pages(
    django_user_model: Any, make_session_type: Make, german: Locale
) -> None:
    session, other = make_session_type(), make_session_type(live=False)
    booked(session, 1, 29, 31)
    chosen = make_page({"sessions": [session]}, {"sessions": [session]})
    everywhere = make_page({"all_sessions": True})
    make_page({"all_sessions": True}, locale=german)
    root = django_user_model.objects.create_superuser("root")
    standing.note([session, other], root)
    assert session.standing.bookings == 2
    assert session.standing.usage.chosen_on == {chosen.pk}
    assert session.standing.usage.offered_on == {everywhere.pk}
    assert (other.standing.bookings, other.standing.usage.pages) == (0, set())


def test_shows_image_bookings_and_pages(
    admin: Client, make_session_type: Make, media: None
) -> None:
    session = make_session_type(image=make_image())
    images.make(session.image)
    booked(session, 1, 2)
    make_page({"sessions": [session]})
    page = text(admin.get(reverse(LIST)))
    rendition = session.image.renditions.order_by("width").first()
    for words in (rendition.url, "Booked in 30 days", "1 page</a>"):
        assert words in page


@pytest.mark.survives("offer-permissions")
def test_how_often_it_is_booked_is_for_those_who_may_see_bookings(
    editor: Login, make_session_type: Make
) -> None:
    booked(make_session_type(), 1)
    assert "Booked in 30 days" not in text(editor("view_sessiontype").get(reverse(LIST)))


@pytest.mark.survives("offer-permissions")
def test_who_sees_bookings_is_told(editor: Login, make_session_type: Make) -> None:
    make_session_type()
    viewer = editor("view_sessiontype", "view_booking")
    assert "Booked in 30 days" in text(viewer.get(reverse(LIST)))


def test_the_list_costs_the_same_for_many(
    editor: Login, make_session_type: Make, media: None
) -> None:
    image = make_image()
    images.make(image)
    # Not a superuser: Wagtail's button to translate asks for each row.
    viewer = editor("view_sessiontype", "change_sessiontype", "view_booking")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(viewer.get(reverse(LIST)))
        return len(queries)

    def one_more() -> None:
        session = make_session_type(image=image)
        booked(session, 1)
        make_page({"sessions": [session]}, {"all_sessions": True})

    one_more()
    cost()
    few = cost()
    for _number in range(6):
        one_more()
    assert cost() == few


def test_publishes_drafts_together_and_leaves_what_is_incomplete(
    admin: Client, make_session_type: Make
) -> None:
    ready = make_session_type(live=False, title="Ready")
    changed = make_session_type(title="Old words")
    changed.title = "New words"
    changed.save_revision()
    incomplete = make_session_type(live=False, title="Incomplete", event_type=None)
    url = bulk("publish", ready, changed, incomplete)
    page = text(admin.get(url))
    assert page.index("Ready") < page.index("These are left as they are") < page.index("Incomplete")
    assert "Event type: This field cannot be blank." in page
    assert "2 session types published." in told(admin.post(url))
    live = set(SessionType.objects.filter(live=True).values_list("title", flat=True))
    assert live == {"Ready", "New words"}


def test_takes_back_together(admin: Client, make_session_type: Make) -> None:
    sessions = [make_session_type() for _number in range(2)]
    assert "2 session types unpublished." in told(admin.post(bulk("unpublish", *sessions)))
    assert not SessionType.objects.filter(live=True).exists()


@pytest.mark.survives("offer-permissions")
@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_publishing_together_takes_the_permission(
    action: str, editor: Login, make_session_type: Make
) -> None:
    session = make_session_type(live=action == "unpublish")
    editor("change_sessiontype").post(bulk(action, session))
    session.refresh_from_db()
    assert session.live == (action == "unpublish")


def test_says_what_is_scheduled_or_in_moderation(
    admin: Client, django_user_model: Any, make_session_type: Make
) -> None:
    scheduled, moderated = make_session_type(live=False), make_session_type(live=False)
    scheduled.go_live_at = now() + timedelta(days=1)
    scheduled.save_revision().publish()
    root = django_user_model.objects.get()
    moderated.save_revision()
    kind = ContentType.objects.get_for_model(SessionType)
    # Not `workflow.start`: Wagtail would send mails.
    WorkflowState.objects.create(
        workflow=Workflow.objects.create(name="Four eyes"),
        object_id=moderated.pk,
        content_type=kind,
        base_content_type=kind,
        requested_by=root,
    )
    tags = re.findall(r"w-status[^>]*>\s*([\w ]+?)\s*<", text(admin.get(reverse(LIST))))
    assert {"scheduled", "in moderation"} <= set(tags)
