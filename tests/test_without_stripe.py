"""Where the extra `[stripe]` is not installed: free sessions work, priced ones are not offered, and it is said why."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from tests.snippets.test_offer import offered
from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.snippets.offer import is_bookable, obstacles

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("stripe") is not None, reason="the extra is installed here"
)

HINT = "pip install wagtail-calendly[stripe]"


@pytest.fixture(autouse=True)
def with_a_key(settings: Any) -> None:
    settings.DEBUG = True
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {"default": {"TOKEN": "t", "WEBHOOK_SIGNING_KEYS": ["k" * 32]}},
        "PAYMENTS": {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": ["whsec_1"]},
    }


def test_sessions_with_a_price_are_not_offered_and_free_ones_are() -> None:
    assert is_bookable(offered())
    priced = offered(price=5000, currency="EUR")
    assert [obstacle.code for obstacle in obstacles(priced)] == ["payment_provider"]
    assert not conf.load().payments.is_ready


def test_a_check_says_what_to_install() -> None:
    [message] = run_checks(tags=["wagtail_calendly"])
    assert (message.id, message.hint) == ("wagtail_calendly.E005", HINT)


def test_whoever_asks_for_the_provider_is_told() -> None:
    with pytest.raises(NotConfigured, match="pip install"):
        accounts.payments()


@pytest.mark.django_db
def test_the_webhook_is_not_there_and_its_command_says_why(client: Client) -> None:
    path = payment_endpoint.path(payment_endpoint.segments()[0])
    assert client.post(path, b"{}", content_type="application/json").status_code == 404
    with pytest.raises(CommandError, match="pip install"):
        call_command("stripe_webhook", "check", url="https://www.example.org")
