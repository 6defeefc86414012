"""What keeps a session from being booked: pure, complete, and in words that help."""

from __future__ import annotations

from typing import Any

import pytest

from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.offer import advice, is_bookable, obstacles

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


@pytest.mark.parametrize(
    ("secret", "price", "advised"), [(False, 0, 0), (True, 0, 1), (False, 100, 1), (True, 100, 0)]
)
def test_secret_is_for_priced_sessions(secret: bool, price: int, advised: int) -> None:
    assert len(advice(offered({"secret": secret}, price=price, currency="EUR"))) == advised
