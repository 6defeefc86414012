"""What keeps a session from being booked: pure, complete, and in words that help."""

from __future__ import annotations

from typing import Any

import pytest

from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.offer import advice, is_bookable, obstacles

PAYMENTS = {"PAYMENTS": {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": ["whsec_1"]}}
FINE: dict[str, Any] = {"account": "default", "active": True, "duration": 30}


def offered(event_type: dict[str, Any] | None = None, **columns: Any) -> SessionType:
    """A session type in memory: nothing here may ask the database."""
    row = EventType(**{**FINE, **(event_type or {})})
    return SessionType(**{"live": True, "event_type": row, **columns})


def test_what_is_live_active_and_free_can_be_booked() -> None:
    assert obstacles(offered()) == []
    assert is_bookable(offered())


@pytest.mark.parametrize(
    ("code", "session_type"),
    [
        ("draft", offered(live=False)),
        ("event_type_unset", SessionType(live=True)),
        ("event_type_missing", offered({"missing_since": "2027-01-01"})),
        ("event_type_inactive", offered({"active": False})),
        ("poll", offered({"booking_method": "poll"})),
        ("paid_at_calendly", offered({"is_paid": True})),
        ("account", offered({"account": "nobody"})),
        ("payment_provider", offered(price=100, currency="EUR")),
    ],
)
def test_each_obstacle_is_named_and_explained(code: str, session_type: SessionType) -> None:
    found = obstacles(session_type)
    assert [obstacle.code for obstacle in found] == [code]
    assert len(str(found[0].message)) > 20
    assert not is_bookable(session_type)


def test_without_a_token_nothing_can_be_booked(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": {"TOKEN": ""}}}
    assert [obstacle.code for obstacle in obstacles(offered())] == ["account"]


@pytest.mark.priced
def test_a_price_can_be_asked_once_payments_can_be_taken(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | PAYMENTS
    assert is_bookable(offered(price=100, currency="EUR"))
    group = {"kind": "group"}
    assert is_bookable(offered(group, price=100, currency="EUR", payment_order="before"))
    paid_after = obstacles(offered(group, price=100, currency="EUR"))
    assert [obstacle.code for obstacle in paid_after] == ["group_paid_after"]
    assert is_bookable(offered(group))


@pytest.mark.parametrize(
    ("secret", "price", "policy", "says"),
    [
        (False, 0, None, []),
        (True, 0, None, ["secret at Calendly"]),
        (False, 100, 1, ["without paying"]),
        (True, 100, 1, []),
        (True, 100, None, ["no cancellation policy"]),
    ],
)
def test_advice_says_what_would_be_better(
    secret: bool, price: int, policy: int | None, says: list[str]
) -> None:
    columns = {
        "summary": "A line.",
        "price": price,
        "currency": "EUR",
        "cancellation_policy_id": policy,
    }
    found = advice(offered({"secret": secret}, **columns))
    assert len(found) == len(says)
    assert all(words in text for words, text in zip(says, found, strict=True))
