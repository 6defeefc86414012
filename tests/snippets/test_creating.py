"""Session types made of event types: one by a filled form, several at once as drafts; and copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from tests.snippets.conftest import make_event_type
from tests.snippets.test_admin import EVENT_TYPES, SESSIONS, fields, text, told
from wagtail_calendly.snippets.creating import draft_of
from wagtail_calendly.snippets.models import EventType, SessionType

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]

ABOUT = "<p>Forty minutes about <b>your</b> plans &amp; mine. Bring them along!</p><p>More.</p>"


def bulk(action: str, *rows: Any) -> str:
    model = rows[0]._meta.model_name
    url = reverse("wagtail_bulk_action", args=["wagtail_calendly", model, action])
    return url + "?" + "&".join(f"id={row.pk}" for row in rows)


def test_a_draft_says_what_calendly_says(english: Locale) -> None:
    row = make_event_type(name="Plans " + "x" * 200, description_html=ABOUT)
    draft = draft_of(row)
    draft.full_clean(exclude=["sort_order"])
    assert draft.title.startswith("Plans x")
    assert draft.summary == "Forty minutes about your plans & mine."
    assert "<b>your</b>" in draft.description
    assert not draft.live


def test_two_of_one_name_have_slugs_of_their_own(english: Locale) -> None:
    draft_of(make_event_type(name="Talk")).save()
    assert draft_of(make_event_type(name="Talk")).slug == "talk-2"


def test_one_click_opens_a_filled_form_that_stores_nothing(admin: Client, english: Locale) -> None:
    row = make_event_type(name="Wanted", description_html=ABOUT)
    link = reverse(f"{SESSIONS}:add") + f"?event_type={row.pk}"
    assert link in text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    page = text(admin.get(link))
    for value in ('value="Wanted"', 'value="wanted"', "Forty minutes about your plans"):
        assert value in page
    assert not SessionType.objects.exists()


@pytest.mark.parametrize("named", ["999999", "nonsense", "²"])
def test_an_address_that_names_nothing_opens_the_empty_form(
    named: str, admin: Client, english: Locale
) -> None:
    text(admin.get(reverse(f"{SESSIONS}:add"), {"event_type": named}))


def test_several_become_drafts_and_the_hopeless_are_named(admin: Client, english: Locale) -> None:
    rows = [make_event_type(name="First"), make_event_type(name="Second")]
    poll = make_event_type(name="Poll", booking_method="poll")
    gone = make_event_type(name="Gone", missing_since="2027-01-01T00:00Z")
    url = bulk("create_session_types", *rows, poll, gone)
    page = text(admin.get(url))
    assert page.index("First") < page.index("Nothing can be made of these") < page.index("Poll")
    response = admin.post(url)
    assert response.url == reverse(f"{SESSIONS}:list")
    made = SessionType.objects.order_by("title")
    assert [each.title for each in made] == ["First", "Second"]
    assert not any(each.live for each in made)
    assert all(each.latest_revision for each in made)
    assert "2 session types were made as drafts" in told(response)[0]


def test_one_alone_leads_to_its_editor(
    admin: Client, event_type: EventType, english: Locale
) -> None:
    response = admin.post(bulk("create_session_types", event_type))
    made = SessionType.objects.get()
    assert response.url == reverse(f"{SESSIONS}:edit", args=[made.pk])
    text(admin.get(response.url))


@pytest.mark.survives("offer-permissions")
def test_it_takes_the_permission_to_add_session_types(
    editor: Login, event_type: EventType, english: Locale
) -> None:
    viewer = editor("view_eventtype")
    page = text(viewer.get(reverse(f"{EVENT_TYPES}:index")))
    assert "Create session type" not in page
    viewer.post(bulk("create_session_types", event_type))
    assert not SessionType.objects.exists()


def test_who_may_add_is_offered_it(editor: Login, event_type: EventType, english: Locale) -> None:
    adder = editor("view_eventtype", "add_sessiontype")
    assert "Create session types" in text(adder.get(reverse(f"{EVENT_TYPES}:index")))
    adder.post(bulk("create_session_types", event_type))
    assert SessionType.objects.count() == 1


def test_a_copy_is_an_offer_of_its_own(
    admin: Client, make_session_type: Callable[..., SessionType]
) -> None:
    session = make_session_type(slug="talk", price=6000, currency="EUR")
    url = reverse(f"{SESSIONS}:copy", args=[session.pk])
    posted = fields(event_type=session.event_type_id, slug="talk-2", price="60", currency="EUR")
    assert admin.post(url, {**posted, "action-publish": "Publish"}).status_code == 302
    original, copy = SessionType.objects.order_by("pk")
    assert (original.slug, copy.slug) == ("talk", "talk-2")
    assert original.translation_key != copy.translation_key
    assert original.sort_order < copy.sort_order
    assert set(original.terms.all()).isdisjoint(copy.terms.all())


def test_one_sentence_is_a_summary_and_not_said_twice(english: Locale) -> None:
    draft = draft_of(make_event_type(description_html="<p>A short talk.</p>"))
    assert (draft.summary, draft.description) == ("A short talk.", "")
