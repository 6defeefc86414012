"""The admin of what is offered, as people with and without permission meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from wagtail.models import Locale

from tests.fixtures.simulator import Simulator
from tests.snippets.conftest import make_event_type
from wagtail_calendly.bookings.models import Booking, Connection
from wagtail_calendly.snippets.models import CancellationPolicy, EventType, SessionType
from wagtail_calendly.snippets.terms import terms_for

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]
Login = Callable[..., Client]

EVENT_TYPES = "wagtail_calendly_event_types"
SESSIONS = "wagtailsnippets_wagtail_calendly_sessiontype"


def text(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def fields(session_type: SessionType | None = None, **given: Any) -> dict[str, Any]:
    """What the form of a session type posts."""
    return {
        "title": "A first talk",
        "slug": "a-first-talk",
        "summary": "",
        "description": "null",
        "event_type": "",
        "image": "",
        "price": "",
        "currency": "",
        "payment_order": "after",
        "deposit": "",
        "hold_minutes": "30",
        "link_days": "30",
        "cancellation_policy": "",
        "accent_color": "",
        "hide_event_type_details": "on",
        **given,
    }


def told(response: Any) -> list[str]:
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


# Event types


def test_lists_event_types_with_what_matters(admin: Client, make_session_type: Make) -> None:
    used = make_session_type(title="My session").event_type
    make_event_type(name="Gone", missing_since="2027-01-01T00:00Z")
    page = text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    for words in (
        str(used),
        "30 min",
        "Ada Host",
        "One-on-one",
        "My session",
        "Gone from Calendly",
    ):
        assert words in page


def test_the_list_costs_the_same_for_many(admin: Client, make_session_type: Make) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(admin.get(reverse(f"{EVENT_TYPES}:index")))
        return len(queries)

    make_session_type()
    cost()
    few = cost()
    for _number in range(20):
        make_session_type()
    assert cost() == few


@pytest.mark.parametrize(
    ("query", "found"),
    [({"q": "wanted"}, True), ({"q": "nobody"}, False), ({"kind": "group"}, True),
     ({"kind": "solo"}, False), ({"gone": "true"}, False), ({"gone": "false"}, True),
     ({"used": "true"}, False), ({"active": "true"}, True)],
)  # fmt: skip
def test_finds_event_types(query: dict[str, str], found: bool, admin: Client) -> None:
    make_event_type(name="Wanted", kind="group")
    assert ("Wanted" in text(admin.get(reverse(f"{EVENT_TYPES}:index"), query))) is found


@pytest.mark.parametrize("action", ["add", "edit", "delete", "copy", "history", "usage"])
def test_there_is_no_address_to_change_a_mirror(action: str, event_type: EventType) -> None:
    for arguments in ([], [event_type.pk]):
        with pytest.raises(NoReverseMatch):
            reverse(f"{EVENT_TYPES}:{action}", args=arguments)


def test_shows_one_with_its_description_cleaned(admin: Client) -> None:
    row = make_event_type(description_html="<p>Fine</p><script>alert(1)</script>")
    page = text(admin.get(reverse(f"{EVENT_TYPES}:inspect", args=[row.pk])))
    assert "<p>Fine</p>" in page
    assert "alert(1)" not in page


def test_an_empty_list_says_why(admin: Client, settings: Any) -> None:
    assert "Sync now to see yours" in text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    settings.WAGTAIL_CALENDLY = {}
    page = text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    assert "no Calendly account is connected" in page
    assert "Sync now</em>" not in page


# Sync now


def test_sync_now_reads_calendly_and_says_what_it_found(
    admin: Client, account: Simulator, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = admin.post(reverse(f"{EVENT_TYPES}:sync"))
    assert response.status_code == 302
    page = text(admin.get(response.url))
    assert f"{EventType.objects.count()} new" in page
    assert "30 Minute Consultation" in page
    assert "data-under-way" not in page


def test_a_sync_that_waits_shows_progress(admin: Client, account: Simulator) -> None:
    admin.post(reverse(f"{EVENT_TYPES}:sync"))
    panel = admin.get(reverse(f"{EVENT_TYPES}:sync_progress"))
    assert "data-under-way" in text(panel)
    assert "no-store" in panel["Cache-Control"]
    assert "Sync now</em>" not in text(panel)


def test_a_sync_that_fails_says_so_and_can_be_asked_for_again(
    admin: Client, account: Simulator, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    account.token(valid=False)
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse(f"{EVENT_TYPES}:sync"))
    page = text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    assert "The sync failed" in page
    assert "Sync now</em>" in page


def test_a_sync_that_went_silent_can_be_asked_for_again(admin: Client) -> None:
    note = {"state": "running", "noted_at": "2020-01-01T00:00:00+00:00", "seen": 100}
    Connection.objects.create(account="default", last_sync=note)
    page = text(admin.get(reverse(f"{EVENT_TYPES}:index")))
    assert "Check that a worker runs" in page
    assert "Sync now</em>" in page


def test_sync_takes_its_own_permission_and_a_post(
    editor: Login, account: Simulator, admin: Client
) -> None:
    viewer = editor("view_eventtype")
    assert "Sync now</em>" not in text(viewer.get(reverse(f"{EVENT_TYPES}:index")))
    assert viewer.post(reverse(f"{EVENT_TYPES}:sync")).url == reverse("wagtailadmin_home")
    assert admin.get(reverse(f"{EVENT_TYPES}:sync")).status_code == 405
    assert not Connection.objects.exclude(last_sync={}).exists()


def test_who_may_sync_sees_the_button(editor: Login, account: Simulator) -> None:
    syncer = editor("view_eventtype", "sync_eventtype")
    assert "Sync now</em>" in text(syncer.get(reverse(f"{EVENT_TYPES}:index")))


def test_without_permission_nothing_is_shown(editor: Login, event_type: EventType) -> None:
    stranger = editor()
    home = reverse("wagtailadmin_home")
    for name, arguments in (("index", []), ("inspect", [event_type.pk]), ("sync_progress", [])):
        assert stranger.get(reverse(f"{EVENT_TYPES}:{name}", args=arguments)).url == home
    assert stranger.get(reverse(f"{SESSIONS}:list")).url == home


def test_nobody_outside_the_admin_reaches_it(client: Client) -> None:
    for name in ("index", "sync_progress"):
        assert "/login/" in client.get(reverse(f"{EVENT_TYPES}:{name}")).url
    assert "/login/" in client.post(reverse(f"{EVENT_TYPES}:sync")).url


# The chooser


def test_the_chooser_says_what_there_is_to_know(admin: Client) -> None:
    row = make_event_type(name="Paid one", is_paid=True)
    make_event_type(name="Vanished", missing_since="2027-01-01T00:00Z")
    answer = text(admin.get(reverse("wagtail_calendly_event_type_chooser:choose")))
    for words in ("Paid one", "30 min", "Ada Host", "One-on-one", "Paid at Calendly"):
        assert words in answer
    assert "Vanished" not in answer
    chosen = text(admin.get(reverse("wagtail_calendly_event_type_chooser:chosen", args=[row.pk])))
    assert reverse(f"{EVENT_TYPES}:inspect", args=[row.pk]) in chosen


def test_the_chooser_searches_name_and_host(admin: Client) -> None:
    make_event_type(name="Wanted")
    make_event_type(name="Other", host_name="Grace")
    results = reverse("wagtail_calendly_event_type_chooser:choose_results")
    assert "Other" not in text(admin.get(results, {"q": "want"}))
    assert "Other" in text(admin.get(results, {"q": "grace"}))


# Session types


def test_publishing_from_the_form_writes_price_and_terms(
    admin: Client, event_type: EventType, english: Locale
) -> None:
    posted = fields(event_type=event_type.pk, price="60", currency="eur")
    response = admin.post(
        reverse(f"{SESSIONS}:add"), {**posted, "action-publish": "Publish"}, follow=True
    )
    session = SessionType.objects.get()
    assert session.live
    assert terms_for(session).price == 6000
    assert "cannot take payments yet" in text(response)


def test_the_form_hides_what_a_choice_makes_needless(
    admin: Client, make_session_type: Make
) -> None:
    page = text(admin.get(reverse(f"{SESSIONS}:edit", args=[make_session_type().pk])))
    assert 'data-controller="w-rules"' in page
    assert page.count('data-w-rules-target="show"') == 4
    for rule in ('{"payment_order": ["after"]}', '{"payment_order": ["before"]}'):
        assert escape(rule) in page


def test_an_offer_is_published_as_it_was_typed_and_shown_so_again(
    admin: Client, english: Locale
) -> None:
    policy = CancellationPolicy.objects.create(name="Fair")
    posted = fields(
        event_type=make_event_type(kind="group", secret=True).pk, price="5000", currency="JPY",
        deposit="2000", payment_order="before", link_days="7", cancellation_policy=policy.pk,
        adds_tax="on", allows_promotion_codes="on",
    )  # fmt: skip
    admin.post(reverse(f"{SESSIONS}:add"), {**posted, "action-publish": "Publish"})
    session = SessionType.objects.get()
    agreed = terms_for(session)
    assert (agreed.price, agreed.deposit, agreed.link_days) == (5000, 2000, 7)
    assert (agreed.adds_tax, agreed.allows_promotion_codes) == (True, True)
    page = text(admin.get(reverse(f"{SESSIONS}:edit", args=[session.pk])))
    for value in ('value="5000"', 'value="2000"', '<option value="JPY" selected>'):
        assert value in page
    assert "¥2,000 plus tax now, the rest of ¥5,000 later" in text(
        admin.get(reverse(f"{SESSIONS}:list"))
    )


def test_versions_are_compared_by_amounts_as_people_write_them(
    admin: Client, make_session_type: Make
) -> None:
    session = make_session_type(price=4950, currency="EUR")
    first = session.save_revision()
    session.price, session.deposit = 6000, 2000
    second = session.save_revision()
    url = reverse(f"{SESSIONS}:revisions_compare", args=[session.pk, first.pk, second.pk])
    page = text(admin.get(url))
    for words in ("€49.50", "€60", "€20"):
        assert words in page
    assert "4950" not in page


def test_a_draft_may_be_unfinished(admin: Client, english: Locale) -> None:
    response = admin.post(reverse(f"{SESSIONS}:add"), fields())
    session = SessionType.objects.get()
    assert (session.live, session.event_type) == (False, None)
    assert any("no event type" in words for words in told(response))


def test_publishing_needs_an_event_type(admin: Client, english: Locale) -> None:
    text(admin.post(reverse(f"{SESSIONS}:add"), {**fields(), "action-publish": "Publish"}))
    assert not SessionType.objects.exists()


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"booking_method": "poll"}, "meeting poll"), ({"is_paid": True}, "twice")],
)
def test_a_hopeless_event_type_is_refused_in_the_form(
    columns: dict[str, Any], words: str, admin: Client, english: Locale
) -> None:
    posted = fields(event_type=make_event_type(**columns).pk)
    assert words in text(admin.post(reverse(f"{SESSIONS}:add"), posted))
    assert not SessionType.objects.exists()


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"active": False}, "switched off"), ({"missing_since": "2027-01-01T00:00Z"}, "gone from"),
     ({"secret": True}, "secret")],
)  # fmt: skip
def test_what_is_only_doubtful_is_published_and_remarked(
    columns: dict[str, Any], words: str, admin: Client, english: Locale
) -> None:
    posted = fields(event_type=make_event_type(**columns).pk)
    response = admin.post(reverse(f"{SESSIONS}:add"), {**posted, "action-publish": "Publish"})
    assert SessionType.objects.get().live
    assert any(words in message for message in told(response))


def test_autosaving_says_nothing_that_a_later_page_would_show(
    admin: Client, make_session_type: Make
) -> None:
    session = make_session_type(event_type=make_event_type(active=False))
    response = admin.post(
        reverse(f"{SESSIONS}:edit", args=[session.pk]),
        fields(event_type=session.event_type_id),
        headers={"Accept": "application/json"},
    )
    assert response.status_code == 200
    assert told(response) == []


def test_the_list_says_whether_visitors_can_book(admin: Client, make_session_type: Make) -> None:
    make_session_type()
    make_session_type(event_type=make_event_type(active=False))
    page = text(admin.get(reverse(f"{SESSIONS}:list")))
    for words in ("Bookable", "Event type switched off", "Free"):
        assert words in page


def test_dragging_changes_the_order(admin: Client, make_session_type: Make) -> None:
    first, second = make_session_type(title="First"), make_session_type()
    translated = first.copy_for_translation(Locale.objects.create(language_code="fr"))
    translated.title = "Premier"
    translated.save()
    url = reverse(f"{SESSIONS}:reorder", args=[first.pk])
    text(admin.post(f"{url}?position=1"))
    assert list(SessionType.objects.all()) == [translated, first, second]
    text(admin.post(reverse(f"{SESSIONS}:reorder", args=[second.pk]) + "?position=0"))
    assert list(SessionType.objects.all()) == [second, translated, first]


def test_a_copy_begins_with_a_free_slug(admin: Client, make_session_type: Make) -> None:
    session = make_session_type(slug="talk")
    page = text(admin.get(reverse(f"{SESSIONS}:copy", args=[session.pk])))
    assert 'value="talk-2"' in page


def test_what_was_booked_is_kept(admin: Client, make_session_type: Make) -> None:
    session = make_session_type(title="Booked one")
    Booking.objects.create(reference="r" * 52, terms=terms_for(session))
    response = admin.post(reverse(f"{SESSIONS}:delete", args=[session.pk]))
    assert response.status_code == 302
    assert any("Booked one" in words for words in told(response))
    assert SessionType.objects.filter(pk=session.pk).exists()


def test_what_was_never_booked_can_go(admin: Client, make_session_type: Make) -> None:
    session = make_session_type()
    admin.post(reverse(f"{SESSIONS}:delete", args=[session.pk]))
    assert not SessionType.objects.exists()


def test_translating_in_the_admin_keeps_the_offer(
    admin: Client, make_session_type: Make, german: Locale
) -> None:
    session = make_session_type()
    url = reverse(
        "simple_translation:submit_snippet_translation",
        args=["wagtail_calendly", "sessiontype", session.pk],
    )
    assert admin.post(url, {"locales": [german.pk]}).status_code == 302
    translated = session.get_translation(german)
    assert (translated.event_type, translated.slug) == (session.event_type, session.slug)


# Settings


def test_the_settings_of_a_site_are_edited_with_a_page_chooser(admin: Client) -> None:
    from wagtail.models import Page, Site

    from wagtail_calendly.snippets.settings import BookingSettings

    site = Site.objects.get()
    url = reverse("wagtailsettings:edit", args=["wagtail_calendly", "bookingsettings", site.pk])
    assert "page-chooser" in text(admin.get(url)) or "Choose a page" in text(admin.get(url))
    page = Page.objects.get(depth=2)
    posted = {
        "accent_color": "#0a6c74", "corner_radius": "8", "layout": "list", "embed_mode": "popup",
        "consent_text": "null", "privacy_page_id": page.pk, "contact_email": "", "contact_phone": "",
        "staff_email": "", "mail_texts-count": "0",
    }  # fmt: skip
    assert admin.post(url, posted).status_code == 302
    assert BookingSettings.for_site(site).privacy_page == page
    assert "does not exist" in text(admin.post(url, {**posted, "privacy_page_id": 99999}))
