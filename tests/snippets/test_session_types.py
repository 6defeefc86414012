"""A session type as a row: its place in the list, its translations, what may be made of an event type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale, ReferenceIndex

from tests.snippets.conftest import make_event_type
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.settings import BookingSettings

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]


def test_new_ones_come_last(make_session_type: Make) -> None:
    first, second = make_session_type(title="Z"), make_session_type(title="A")
    assert list(SessionType.objects.all()) == [first, second]


def test_publishing_an_older_draft_brings_back_words_not_the_place(make_session_type: Make) -> None:
    session = make_session_type(title="First words")
    older = session.save_revision()
    session.title = "Second words"
    session.save_revision().publish()
    SessionType.objects.filter(pk=session.pk).update(sort_order=7)

    session.revisions.get(pk=older.pk).publish()

    session.refresh_from_db()
    assert (session.title, session.sort_order) == ("First words", 7)


def test_a_translation_keeps_event_type_place_and_a_slug_of_its_own(
    make_session_type: Make, german: Locale
) -> None:
    session = make_session_type(slug="talk")
    make_session_type(slug="talk", locale=german)
    make_session_type(slug="talk-2", locale=german)

    translated = session.copy_for_translation(german)
    translated.save()

    assert translated.slug == "talk-3"
    assert translated.event_type == session.event_type
    assert translated.sort_order == session.sort_order
    assert translated.translation_key == session.translation_key


def test_the_same_slug_in_another_language_stays(make_session_type: Make, german: Locale) -> None:
    assert make_session_type(slug="talk").copy_for_translation(german).slug == "talk"


@pytest.mark.parametrize(
    ("columns", "says"), [({"booking_method": "poll"}, "poll"), ({"is_paid": True}, "twice")]
)
def test_what_visitors_could_not_book_is_refused_with_the_reason(
    columns: dict[str, object], says: str, make_session_type: Make
) -> None:
    session = make_session_type(event_type=make_event_type(**columns))
    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert says in refusal.value.message_dict["event_type"][0]


@pytest.mark.parametrize("currency", ["", "ZZZ", "eur"])
def test_a_price_needs_a_currency_that_exists(currency: str, make_session_type: Make) -> None:
    session = make_session_type(price=100, currency="EUR")
    session.currency = currency
    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert "currency" in refusal.value.message_dict


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456\n", "#123456;x"])
def test_a_colour_is_six_digits(colour: str, make_session_type: Make) -> None:
    session = make_session_type()
    session.accent_color = colour
    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert "accent_color" in refusal.value.message_dict


def test_deleting_takes_its_revisions_along(make_session_type: Make) -> None:
    session = make_session_type()
    revisions = session.revisions.model.objects
    session.save_revision()
    session.terms.all().delete()
    session.delete()
    assert not revisions.exists()


def test_the_privacy_page_is_found_and_listed_where_it_is_used() -> None:
    from wagtail.models import Page, Site

    page = Page.objects.get(depth=2)
    settings = BookingSettings.for_site(Site.objects.get())
    settings.privacy_page_id = page.pk
    settings.save()

    fresh = BookingSettings.objects.get()
    assert fresh.privacy_page == page
    used = {reference.object_id for reference in ReferenceIndex.get_references_to(page)}
    assert str(fresh.pk) in used


def test_a_privacy_page_that_is_gone_is_none() -> None:
    assert BookingSettings(privacy_page_id=999_999).privacy_page is None
