"""The public list of what can be booked."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale

from tests.api.conftest import Visitor, code, make_event_type, make_session_type
from wagtail_calendly.snippets.models import CancellationPolicy, SessionType

pytestmark = pytest.mark.django_db

PAYMENTS = {"PAYMENTS": {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": ["whsec_1"]}}


def test_a_session_type_is_told_without_its_scheduling_address(
    visitor: Visitor, session_type: SessionType
) -> None:
    response = visitor.ask("session_type", session_type.pk)
    said = response.json()
    assert (said["title"], said["duration"], said["host"]) == ("First talk 1", 30, "Ada Host")
    assert (said["price"], said["locale"]) == (None, "en")
    assert said["url"] == f"/calendly/sessions/{session_type.pk}-first-talk-1/"
    assert "calendly.com" not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_price_is_told_with_all_that_is_agreed_and_no_address(
    order: str, visitor: Visitor, site: object, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | PAYMENTS
    tiers = [("tier", {"hours": 24, "percent": 100})]
    policy = CancellationPolicy.objects.create(name="Fair", tiers=tiers)
    columns = {"price": 6000, "currency": "EUR", "deposit": 2000, "payment_order": order}
    row = make_session_type(**columns, cancellation_policy=policy)
    response = visitor.ask("session_type", row.pk)
    assert response.json()["price"] == {
        "amount": 6000,
        "currency": "EUR",
        "display": "€20 now, the rest of €60 later",
        "deposit": 2000,
        "adds_tax": False,
        "payment_order": order,
        "cancellation_policy": [
            "Cancel until 24 hours before the start: you get everything back.",
            "Later: nothing.",
            "If we cancel, you always get everything back.",
        ],
    }
    for answer in (response, visitor.ask("session_types")):
        assert row.event_type.scheduling_url not in answer.content.decode()
        assert "calendly.com" not in answer.content.decode()


def test_without_a_policy_nothing_is_given_back(
    visitor: Visitor, site: object, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | PAYMENTS
    row = make_session_type(price=6000, currency="EUR")
    price = visitor.ask("session_type", row.pk).json()["price"]
    assert (price["deposit"], price["payment_order"]) == (None, "after")
    assert price["cancellation_policy"][0] == "If you cancel, you get nothing back."


def test_rich_text_is_told_as_html(visitor: Visitor, session_type: SessionType) -> None:
    session_type.description = '<p>See <a href="https://example.org">this</a></p>'
    session_type.save()
    assert visitor.ask("session_type", session_type.pk).json()["description"] == (
        '<p>See <a href="https://example.org">this</a></p>'
    )


@pytest.mark.parametrize(
    "hidden",
    [
        {"live": False},
        {"price": 6000, "currency": "EUR"},
        {"event_type": {"active": False}},
        {"event_type": {"missing_since": "2026-01-01T00:00:00Z"}},
        {"event_type": {"booking_method": "poll"}},
        {"event_type": {"is_paid": True}},
    ],
)
def test_what_cannot_be_booked_is_not_told(
    visitor: Visitor, session_type: SessionType, hidden: dict[str, object]
) -> None:
    columns = dict(hidden)
    event_type = columns.pop("event_type", {})
    row = make_session_type(event_type=make_event_type(**event_type), **columns)
    assert [item["id"] for item in visitor.ask("session_types").json()["items"]] == [
        session_type.pk
    ]
    response = visitor.ask("session_type", row.pk)
    assert (response.status_code, code(response)) == (404, "not_found")


def test_one_language_can_be_asked_for(visitor: Visitor, session_type: SessionType) -> None:
    german = Locale.objects.get_or_create(language_code="de")[0]
    row = make_session_type(locale=german)
    assert visitor.ask("session_types").json()["total"] == 2
    said = visitor.ask("session_types", locale="de").json()
    assert [item["id"] for item in said["items"]] == [row.pk]
    assert visitor.ask("session_types", locale="fr").json() == {"total": 0, "items": []}


def test_pages_are_bounded(visitor: Visitor, site: object) -> None:
    event_type = make_event_type()
    for _number in range(5):
        make_session_type(event_type=event_type)
    first = visitor.ask("session_types", limit=2).json()
    rest = visitor.ask("session_types", limit=100, offset=2).json()
    assert (first["total"], len(first["items"]), len(rest["items"])) == (5, 2, 3)
    response = visitor.ask("session_types", limit=101)
    assert (response.status_code, code(response)) == (400, "invalid")
    assert response.json()["error"]["details"][0]["where"] == "query.limit"


def test_the_number_of_queries_does_not_grow(
    visitor: Visitor, site: object, django_assert_num_queries: object
) -> None:
    event_type = make_event_type()
    for _number in range(5):
        make_session_type(event_type=event_type)
    with django_assert_num_queries(1):  # type: ignore[operator]
        visitor.ask("session_types")


@pytest.mark.parametrize("key", ["0", "-1", "x", "99999999999999999999", "1%00"])
def test_keys_that_are_none_are_refused(visitor: Visitor, key: str) -> None:
    response = visitor.get(f"/calendly/api/session-types/{key}")
    assert response.status_code in {400, 404}
    assert code(response)


def test_nothing_is_cached(visitor: Visitor, session_type: SessionType) -> None:
    assert "no-store" in visitor.ask("session_types")["Cache-Control"]
