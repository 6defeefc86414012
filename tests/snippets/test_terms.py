"""Terms: written when something goes live, shared when the content is the same, never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from tests.snippets.conftest import make_event_type
from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.terms import concern, terms_for

pytestmark = pytest.mark.django_db
Make = Callable[..., SessionType]


def all_prices() -> list[int]:
    return list(Terms.objects.order_by("price").values_list("price", flat=True))


def test_a_live_session_type_has_its_terms_in_one_query(make_session_type: Make) -> None:
    session = make_session_type(price=6000, currency="EUR")
    with CaptureQueriesContext(connection) as queries:
        terms = terms_for(session)
    assert len(queries) == 1
    assert (terms.price, terms.currency, terms.event_type) == (6000, "EUR", session.event_type)


def test_a_draft_has_none_until_it_is_published(make_session_type: Make) -> None:
    session = make_session_type(live=False)
    assert all_prices() == []
    with pytest.raises(Terms.DoesNotExist):
        terms_for(session)
    session.save_revision().publish()
    session.refresh_from_db()
    assert terms_for(session).price == 0


def test_a_draft_of_a_live_one_writes_none_and_publishing_it_does(make_session_type: Make) -> None:
    session = make_session_type()
    session.price, session.currency = 4500, "EUR"
    revision = session.save_revision()
    assert all_prices() == [0]
    assert terms_for(SessionType.objects.get()).price == 0
    revision.publish()
    assert all_prices() == [0, 4500]
    assert terms_for(SessionType.objects.get()).price == 4500


def test_scheduled_publishing_writes_them_when_its_time_comes(make_session_type: Make) -> None:
    session = make_session_type(live=False)
    session.go_live_at = timezone.now() + timedelta(hours=1)
    revision = session.save_revision()
    revision.publish()
    assert all_prices() == []

    past = timezone.now() - timedelta(minutes=1)
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")

    session.refresh_from_db()
    assert session.live
    assert terms_for(session)


def test_going_back_to_an_older_price_shares_its_terms(make_session_type: Make) -> None:
    session = make_session_type(price=100, currency="EUR")
    first = terms_for(session)
    session.price = 200
    session.save()
    session.price = 100
    session.save()
    assert terms_for(session) == first
    assert all_prices() == [100, 200]


def test_another_event_type_makes_other_terms(make_session_type: Make) -> None:
    session = make_session_type()
    before = terms_for(session)
    session.event_type = make_event_type()
    session.save()
    assert terms_for(session) != before


def test_words_make_no_other_terms(make_session_type: Make) -> None:
    session = make_session_type()
    session.title, session.summary = "Other words", "More"
    session.save()
    assert Terms.objects.count() == 1


def test_they_cannot_be_changed(make_session_type: Make) -> None:
    terms = terms_for(make_session_type())
    terms.price = 1
    with pytest.raises(TypeError, match="immutable"):
        terms.save()
    assert all_prices() == [0]


#: The content of rows that sites have from before there was money, and their digests.
OLD_DIGESTS = {
    (1, 2, 0, "", "after"): "1e4151934980c9ee2106881dc9a636b1585fe1bec1e4ae32af090101f883271b",
    (
        7,
        9,
        6000,
        "EUR",
        "before",
    ): "e7366d5904d1ff242771376b86087d86ab029c095caf1f668a03078c883bf7c3",
}
MONEY = [
    {"deposit": 2000},
    {"hold_minutes": 45},
    {"link_days": 7},
    {"allows_promotion_codes": True},
    {"adds_tax": True},
]


@pytest.mark.parametrize(("content", "digest"), OLD_DIGESTS.items())
def test_rows_from_before_there_was_money_are_still_found(
    content: tuple[object, ...], digest: str
) -> None:
    old = dict(zip(Terms.CONTENT, content, strict=True))
    assert Terms.digest_of(old) == digest
    assert Terms.digest_of(old | Terms.LATER) == digest


def test_whatever_is_agreed_makes_other_terms_and_leaves_the_old_ones(
    make_session_type: Make,
) -> None:
    session = make_session_type(price=6000, currency="EUR")
    before = terms_for(session)
    for columns in MONEY:
        for name, value in columns.items():
            setattr(session, name, value)
        session.save(update_fields=list(columns))
    assert Terms.objects.count() == len(MONEY) + 1
    assert terms_for(session).deposit == terms_for(session).charge == 2000
    kept = Terms.objects.get(pk=before.pk)
    assert (kept.digest, kept.charge, kept.hold_minutes) == (before.digest, 6000, 30)


def test_a_free_session_has_the_same_terms_whatever_is_set_of_payment(
    make_session_type: Make,
) -> None:
    session = make_session_type()
    for columns in MONEY:
        for name, value in columns.items():
            setattr(session, name, value)
    session.save()
    assert Terms.objects.count() == 1
    assert terms_for(session).deposit == 0


@pytest.mark.parametrize(
    ("fields", "concerned"),
    [(None, True), (["price"], True), (["deposit", "title"], True), (["cancellation_policy"], True),
     (["event_type"], True), (["live"], True), (["title", "sort_order"], False), ([], False)],
)  # fmt: skip
def test_only_what_is_agreed_concerns_terms(fields: list[str] | None, concerned: bool) -> None:
    assert concern(fields) is concerned


def test_a_translation_has_terms_of_its_own(make_session_type: Make, german: Locale) -> None:
    session = make_session_type(price=6000, currency="EUR", deposit=2000)
    translated = session.copy_for_translation(german)
    translated.live = True
    translated.save()
    assert terms_for(translated) != terms_for(session)
    assert terms_for(translated).charge == 2000
