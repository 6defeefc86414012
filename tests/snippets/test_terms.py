"""Terms: written when something goes live, shared when the content is the same, never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.snippets.conftest import make_event_type
from wagtail_calendly.snippets.models import SessionType, Terms
from wagtail_calendly.snippets.terms import terms_for

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
