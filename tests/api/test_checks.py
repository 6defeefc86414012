"""System checks: each code with its cause, and silence where all is well."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.db import OperationalError, connection

from tests.api.conftest import make_session_type
from wagtail_calendly import checks

ACCOUNT = {"TOKEN": "canary-token", "WEBHOOK_SIGNING_KEYS": ["canary-key-" * 4]}


def found(settings: Any, **given: Any) -> list[str]:
    """The codes our checks report; none of them tells a secret."""
    settings.WAGTAIL_CALENDLY = given
    messages = run_checks(tags=["wagtail_calendly"])
    assert "canary" not in " ".join(f"{message.msg} {message.hint}" for message in messages)
    assert all(message.hint for message in messages)
    return [str(message.id).removeprefix("wagtail_calendly.") for message in messages]


def account(settings: Any, **columns: Any) -> list[str]:
    return found(settings, ACCOUNTS={"default": ACCOUNT | columns})


def test_all_is_well(settings: Any) -> None:
    assert account(settings) == []


def test_without_an_account_the_site_starts_and_is_told(settings: Any) -> None:
    assert found(settings) == ["W001"]
    assert account(settings, TOKEN="") == ["W001"]
    del settings.WAGTAIL_CALENDLY
    assert [message.id for message in run_checks(tags=["wagtail_calendly"])] == [
        "wagtail_calendly.W001"
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"ACOUNTS": {}},
        {"POLL_INTERVAL": 0},
        {"ACCOUNTS": {"default": {"TOKEN": 1}}},
        {"ACCOUNTS": {"default": {"TOKEN": "canary-token", "SCOPE": "canary"}}},
        {"ACCOUNTS": {"default": {"BASE_URL": "https://canary.example/path"}}},
    ],
)
def test_each_mistake_is_named_by_its_key(settings: Any, given: dict[str, Any]) -> None:
    assert found(settings, **given) == ["E001"]


def test_every_mistake_is_reported_at_once(settings: Any) -> None:
    assert found(settings, NOPE=1, POLL_INTERVAL=0) == ["E001", "E001"]


@pytest.mark.parametrize("keys", [[], [""]])
def test_without_signing_keys(settings: Any, keys: list[str]) -> None:
    assert account(settings, WEBHOOK_SIGNING_KEYS=keys) == ["W002"]


def test_a_key_that_can_be_guessed(settings: Any) -> None:
    assert account(settings, WEBHOOK_SIGNING_KEYS=["k" * 32, "short"]) == ["E004"]


def test_the_simulator_is_for_development(settings: Any) -> None:
    simulator = "http://127.0.0.1:8001"
    columns = {"BASE_URL": simulator, "BOOKING_ORIGINS": [simulator]}
    assert account(settings, **columns) == ["E002", "E003"]
    settings.DEBUG = True
    assert account(settings, **columns) == []


def test_urls_that_are_not_included(settings: Any) -> None:
    settings.ROOT_URLCONF = "wagtail.admin.urls"
    assert account(settings) == ["W003"]


@pytest.mark.survives("sqlite-locked")
def test_sqlite_should_wait_for_its_turn(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"timeout": 20})
    assert account(settings) == ["W004"]


def payments(settings: Any, **columns: Any) -> list[str]:
    fine = {"SECRET_KEY": "sk_test_canary", "WEBHOOK_SECRETS": ["whsec_canary"]}
    given = {key: value for key, value in (fine | columns).items() if value is not None}
    return found(settings, ACCOUNTS={"default": ACCOUNT}, PAYMENTS=given)


def test_payments_that_are_set_up_and_those_that_are_not(settings: Any) -> None:
    settings.DEBUG = True
    assert payments(settings) == []
    assert payments(settings, SECRET_KEY="rk_test_canary") == []
    assert payments(settings, SECRET_KEY="", WEBHOOK_SECRETS=[]) == []


@pytest.mark.parametrize("secrets", [[], [""], [" "]])
def test_payments_without_webhook_secrets(settings: Any, secrets: list[str]) -> None:
    settings.DEBUG = True
    assert payments(settings, WEBHOOK_SECRETS=secrets) == ["W006"]


@pytest.mark.parametrize(
    "key", ["pk_live_canary", "pk_test_canary", "canary", "sk_org_live_canary"]
)
def test_a_key_that_is_no_secret_key(settings: Any, key: str) -> None:
    assert payments(settings, SECRET_KEY=key) == ["E006"]


@pytest.mark.survives("live-and-test-mixed")
def test_real_money_is_for_the_real_site(settings: Any) -> None:
    assert payments(settings) == ["W010"]
    assert payments(settings, SECRET_KEY="rk_live_canary") == []
    settings.DEBUG = True
    assert payments(settings, SECRET_KEY="sk_live_canary") == ["W007"]


def test_a_simulated_bank_is_for_development(settings: Any) -> None:
    live, simulator = "sk_live_canary", "http://127.0.0.1:8001"
    assert payments(settings, SECRET_KEY=live, BASE_URL=simulator) == ["E007"]
    assert payments(settings, SECRET_KEY=live, CHECKOUT_ORIGINS=[simulator]) == ["E007"]
    own = ["https://checkout.stripe.com", "https://pay.example.org"]
    assert payments(settings, SECRET_KEY=live, CHECKOUT_ORIGINS=own) == []
    settings.DEBUG = True
    assert payments(settings, BASE_URL=simulator, CHECKOUT_ORIGINS=[simulator]) == []


@pytest.mark.survives("stripe-secrets-in-logs")
def test_a_log_that_would_hold_e_mail_addresses(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    with caplog.at_level("DEBUG", "stripe"):
        assert payments(settings) == ["W009"]
    monkeypatch.setenv("STRIPE_LOG", "debug")
    assert payments(settings) == ["W009"]


@pytest.mark.django_db
def test_prices_that_nobody_can_pay(settings: Any, site: Any) -> None:
    settings.DEBUG = True
    make_session_type(price=5000, currency="EUR")

    def codes() -> list[str | None]:
        return [one.id for one in run_checks(tags=[Tags.database], databases=["default"])]

    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": ACCOUNT}}
    assert codes() == ["wagtail_calendly.W008"]
    assert "wagtail_calendly.W008" not in [one.id for one in run_checks()]
    settings.WAGTAIL_CALENDLY["PAYMENTS"] = {"SECRET_KEY": "sk_test_1", "WEBHOOK_SECRETS": ["w"]}
    assert codes() == []


@pytest.mark.django_db
def test_before_the_first_migration_nobody_asks_for_prices(settings: Any) -> None:
    def no_table(execute: Any, sql: str, *args: Any) -> Any:
        raise OperationalError("no such table")

    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": ACCOUNT}}
    with connection.execute_wrapper(no_table):
        assert run_checks(tags=[Tags.database], databases=["default"]) == []


def test_the_list_of_codes_is_complete() -> None:
    folder = Path(checks.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    listed = set(re.findall(r"^wagtail_calendly\.([EW]\d{3}) ", source, re.MULTILINE))
    used = set(re.findall(r'id="wagtail_calendly\.([EW]\d{3})"', source))
    assert listed == used


def test_htmx_should_be_served(settings: Any) -> None:
    assert checks.check_apps() == []
    check = subprocess.run(
        [sys.executable, "-m", "django", "check", "--tag", "wagtail_calendly"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.hosts.without_htmx"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "wagtail_calendly.W005" in check.stderr
