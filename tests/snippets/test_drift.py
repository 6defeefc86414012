"""What changed at Calendly is told to editors until they accept it, and goes by itself when it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import registry

from tests.fixtures.simulator import Simulator
from tests.snippets.conftest import make_event_type
from tests.snippets.test_admin import EVENT_TYPES, SESSIONS, text, told
from wagtail_calendly.snippets import drift
from wagtail_calendly.snippets.models import Drift, EventType, SessionType
from wagtail_calendly.snippets.sync import sync

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]
Login = Callable[..., Client]
CHANGES = f"{EVENT_TYPES}:changes"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def change(row: EventType, **columns: Any) -> None:
    """As sync does it."""
    drift.note([(row, columns)])
    EventType.objects.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()


def shown(session: SessionType) -> dict[str, Any]:
    return {row.fact: row.accepted for row in drift.of_session_type(session)}


@pytest.mark.survives("changed-unseen")
def test_sync_keeps_what_editors_know(account: Simulator, make_session_type: Make) -> None:
    sync()
    row = EventType.objects.get(slug="consultation")
    session = make_session_type(event_type=row)
    account.event_types(slug="consultation", name="Theirs", duration=45)
    sync()
    assert shown(session) == {"name": row.name, "duration": [row.duration]}
    account.event_types(slug="consultation", name="Theirs again", deleted=True)
    sync()
    assert shown(session)["exists"] is True
    assert shown(session)["name"] == row.name


def test_what_is_taken_back_needs_nobody(make_session_type: Make) -> None:
    row = make_event_type(name="Old")
    session = make_session_type(event_type=row)
    change(row, name="New", missing_since=LONG_AGO)
    change(row, name="Old", missing_since=None)
    assert shown(session) == {}


def test_what_changes_twice_is_told_once_against_what_was_accepted(make_session_type: Make) -> None:
    row = make_event_type(duration=30)
    session = make_session_type(event_type=row)
    change(row, duration=45)
    change(row, duration=60)
    assert shown(session) == {"duration": [30]}


def test_another_event_type_has_been_looked_at(make_session_type: Make) -> None:
    session = make_session_type(event_type=make_event_type())
    change(session.event_type, name="New")
    session.event_type = make_event_type()
    session.save()
    assert not Drift.objects.exists()


def test_shows_old_beside_new_and_accepts_one_fact(admin: Client, make_session_type: Make) -> None:
    row = make_event_type(name="Old name", custom_questions=[{"name": "Why?", "required": True}])
    session = make_session_type(event_type=row, title="Mine", summary="My words")
    change(row, name="New name", duration=45, active=False, custom_questions=[],
           locations=[{"kind": "physical", "location": "Room 1"}])  # fmt: skip
    page = text(admin.get(reverse(CHANGES)))
    for words in ("Mine", "Old name", "New name", "30 min", "45 min", "Why? (required)", "None",
                  "In person: Room 1", "On", "Off"):  # fmt: skip
        assert words in page
    name = drift.of_session_type(session).get(fact="name")
    response = admin.post(reverse(CHANGES), {"accept": name.key})
    assert told(response) == ["1 change accepted."]
    assert set(shown(session)) == {"duration", "locations", "questions", "active"}
    session.refresh_from_db()
    assert session.summary == "My words"
    entry = registry.get_logs_for_instance(session).last()
    assert str(entry.message) == "Accepted what changed at Calendly: Name"
    assert entry.user.username == "root"


def test_accepts_all_of_one_session_type(admin: Client, make_session_type: Make) -> None:
    sessions = [make_session_type() for _number in range(2)]
    for session in sessions:
        change(session.event_type, name="New", duration=45)
    keys = {f"shown-{s.pk}": [row.key for row in drift.of_session_type(s)] for s in sessions}
    admin.post(reverse(CHANGES), {**keys, "all_of": sessions[0].pk})
    assert [len(shown(session)) for session in sessions] == [0, 2]


@pytest.mark.survives("changed-unseen")
def test_what_changed_meanwhile_is_not_accepted_unseen(
    admin: Client, make_session_type: Make
) -> None:
    session = make_session_type(event_type=make_event_type(duration=30))
    change(session.event_type, duration=45)
    key = drift.of_session_type(session).get().key
    change(session.event_type, duration=60)
    response = admin.post(reverse(CHANGES), {"accept": key})
    assert shown(session) == {"duration": [30]}
    assert "changed again" in told(response)[0]


@pytest.mark.survives("offer-permissions")
def test_looking_and_accepting_are_permissions(editor: Login, make_session_type: Make) -> None:
    session = make_session_type()
    change(session.event_type, name="New")
    key = drift.of_session_type(session).get().key
    viewer = editor("view_sessiontype")
    assert "Accept" not in text(viewer.get(reverse(CHANGES)))
    assert viewer.post(reverse(CHANGES), {"accept": key}).status_code == 302
    assert shown(session)


@pytest.mark.survives("offer-permissions")
def test_who_may_not_see_session_types_sees_no_changes(editor: Login) -> None:
    stranger = editor("view_eventtype", "view_booking")
    assert reverse(CHANGES) not in text(stranger.get(reverse(f"{EVENT_TYPES}:index")))
    assert stranger.get(reverse(CHANGES)).url == reverse("wagtailadmin_home")


def test_the_list_of_session_types_says_what_to_look_at(
    admin: Client, make_session_type: Make
) -> None:
    session = make_session_type()
    assert "1 change" not in text(admin.get(reverse(f"{SESSIONS}:list")))
    change(session.event_type, name="New")
    page = text(admin.get(reverse(f"{SESSIONS}:list")))
    assert "1 change" in page
    assert f'href="{reverse(CHANGES)}"' in page
    assert f'href="{reverse(CHANGES)}"' in text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    assert f"{reverse(CHANGES)}?session_type={session.pk}" in page


# Another event type instead


def replace_url(row: EventType) -> str:
    return reverse(f"{EVENT_TYPES}:replace", args=[row.pk])


def test_a_gone_event_type_offers_a_replacement(admin: Client, make_session_type: Make) -> None:
    gone, other = make_event_type(name="Vanished"), make_event_type(name="Stands in")
    session = make_session_type(title="Mine", event_type=gone)
    change(gone, missing_since=LONG_AGO)
    assert replace_url(gone) in text(admin.get(reverse(CHANGES)))
    assert replace_url(gone) in text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    page = text(admin.get(replace_url(gone)))
    assert "Mine" in page
    assert "used on 0 pages" in page
    response = admin.post(replace_url(gone), {"event_type": other.pk})
    assert "1 session type is now made of “Stands in”." in told(response)
    session.refresh_from_db()
    assert (session.live, session.event_type, session.has_unpublished_changes) == (
        True,
        other,
        False,
    )
    assert not Drift.objects.exists()
    entry = registry.get_logs_for_instance(session).get(
        action="wagtail_calendly.session_type.replaced"
    )
    assert str(entry.message) == "Put “Stands in” in the place of the event type “Vanished”"


def test_what_is_drafted_stays_a_draft(admin: Client, make_session_type: Make) -> None:
    session, other = make_session_type(title="Public"), make_event_type()
    session.title = "Drafted"
    session.save_revision()
    session.refresh_from_db()
    admin.post(replace_url(session.event_type), {"event_type": other.pk})
    session.refresh_from_db()
    draft = session.get_latest_revision_as_object()
    assert (session.title, session.event_type) == ("Public", other)
    assert (draft.title, draft.event_type) == ("Drafted", other)


def test_what_is_made_of_it_in_a_draft_only_is_found(
    admin: Client, make_session_type: Make
) -> None:
    gone, other, chosen = (make_event_type() for _ in range(3))
    drafted = make_session_type(title="Drafted")
    drafted.event_type, drafted.title = gone, ""
    drafted.save_revision(clean=False)
    turned_away = make_session_type(title="Turned away", event_type=gone)
    turned_away.event_type = chosen
    turned_away.save_revision()
    change(gone, missing_since=LONG_AGO)
    assert replace_url(gone) in text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    before = SessionType.objects.get(pk=drafted.pk).event_type

    said = told(admin.post(replace_url(gone), {"event_type": other.pk}))

    assert f"2 session types are now made of “{other}”." in said
    rows = [SessionType.objects.get(pk=each.pk) for each in (drafted, turned_away)]
    assert [row.event_type for row in rows] == [before, other]
    drafts = [row.get_latest_revision_as_object() for row in rows]
    assert [draft.event_type for draft in drafts] == [other, chosen]
    assert all(row.live and row.has_unpublished_changes for row in rows)


def test_what_does_not_fit_is_left_and_said(admin: Client, make_session_type: Make) -> None:
    session = make_session_type(title="Priced", price=6000, currency="EUR")
    group = make_event_type(kind="group")
    before = session.event_type
    response = admin.post(replace_url(before), {"event_type": group.pk})
    session.refresh_from_db()
    assert session.event_type == before
    assert "“Priced” was left as it is." in told(response)[0]


def test_nothing_chosen_changes_nothing(admin: Client, make_session_type: Make) -> None:
    session = make_session_type()
    text(admin.post(replace_url(session.event_type), {"event_type": ""}))
    session.refresh_from_db()
    assert session.event_type


@pytest.mark.survives("offer-permissions")
def test_replacing_takes_the_permission_to_publish(editor: Login, make_session_type: Make) -> None:
    session, other = make_session_type(), make_event_type()
    changer = editor("change_sessiontype", "view_eventtype")
    url = replace_url(session.event_type)
    assert changer.get(url).url == reverse("wagtailadmin_home")
    changer.post(url, {"event_type": other.pk})
    session.refresh_from_db()
    assert session.event_type != other
