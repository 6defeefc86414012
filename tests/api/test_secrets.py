"""Secrets never show: not in settings, logs, debug pages, fixtures or refusals."""

from __future__ import annotations

from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.test import RequestFactory
from django.views.debug import technical_500_response

from tests.api.conftest import Visitor, make_session_type
from tests.api.senders import CALENDLY
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.calendly import CalendlyClient

pytestmark = pytest.mark.django_db

TOKEN = "canary-token-0123456789"
KEY = "canary-signing-key-0123456789"
STRIPE_KEY = "sk_test_canary0123456789"
STRIPE_SECRET = "whsec_canary-0123456789"


@pytest.fixture
def secrets(settings: Any, simulator: Simulator) -> Any:
    """An account with secrets that are easy to find, at the simulator."""
    simulator.token(TOKEN, valid=True)
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {
            "default": {
                "TOKEN": TOKEN,
                "WEBHOOK_SIGNING_KEYS": [KEY],
                "BASE_URL": simulator.url,
                "BOOKING_ORIGINS": [simulator.url],
            }
        },
        "PAYMENTS": {
            "SECRET_KEY": STRIPE_KEY,
            "WEBHOOK_SECRETS": [STRIPE_SECRET],
            "BASE_URL": simulator.url,
        },
    }
    client = accounts.calendly()
    yield
    client.close()
    accounts.close()


def debug_page(settings: Any, fail: Any) -> str:
    """What Django shows a developer when this fails."""
    settings.DEBUG = True
    request = RequestFactory().get("/")
    try:
        fail()
    except Exception as error:  # noqa: BLE001 - any will do
        page = technical_500_response(request, type(error), error, error.__traceback__)
        return page.content.decode()
    raise AssertionError("nothing failed")


def clean(text: str) -> bool:
    return not any(secret in text for secret in (TOKEN, KEY, STRIPE_KEY, STRIPE_SECRET))


def test_the_debug_page_shows_settings_without_secrets(secrets: None, settings: Any) -> None:
    page = debug_page(settings, lambda: 1 / 0)
    assert "WAGTAIL_CALENDLY" in page
    assert clean(page)


def test_the_debug_page_of_wrong_settings(secrets: None, settings: Any) -> None:
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": {**account, "SCOPE": "x"}}}
    page = debug_page(settings, conf.load)
    assert "InvalidSettings" in page
    assert clean(page)


@pytest.mark.survives("secrets-shown")
def test_the_debug_page_of_a_call_to_calendly(secrets: None, settings: Any) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("the wire is cut")

    client = CalendlyClient(TOKEN, transport=httpx.MockTransport(broken))
    page = debug_page(settings, client.current_user)
    assert "the wire is cut" in page
    assert clean(page)


def test_the_debug_page_of_a_refused_call(secrets: None, settings: Any, simulator: Any) -> None:
    simulator.token(TOKEN, valid=False)
    page = debug_page(settings, lambda: subscriptions.check("default", base="https://x.example"))
    assert "CalendlyAuthenticationError" in page
    assert clean(page)


@pytest.mark.survives("stripe-secrets-in-logs")
@pytest.mark.parametrize("trouble", ["key", "fault"])
def test_the_debug_page_of_a_call_to_stripe(
    secrets: None, settings: Any, simulator: Simulator, trouble: str
) -> None:
    if trouble == "fault":
        simulator.fault("/v1/", truncate=True, times=1)
    provider = accounts.payments()
    page = debug_page(settings, lambda: provider.checkout("cs_test_1"))
    assert ("PaymentAuthenticationError" if trouble == "key" else "PaymentUnavailable") in page
    assert clean(page)


def test_the_debug_page_of_a_provider_that_cannot_be_built(secrets: None, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["PAYMENTS"]["PROVIDER"] = "nowhere.Provider"
    page = debug_page(settings, accounts.payments)
    assert "NotConfigured" in page
    assert clean(page)


def test_what_is_read_shows_no_secret(secrets: None) -> None:
    account = conf.load().account("default")
    assert clean(f"{conf.load()!r} {account} {account.model_dump()} {accounts.calendly()!r}")
    assert clean(
        f"{conf.load().payments} {conf.load().payments.model_dump()} {accounts.payments()!r}"
    )
    assert clean(account.model_dump_json())


@pytest.mark.survives("secrets-shown")
def test_the_log_of_a_busy_day_shows_no_secret(
    secrets: None, simulator: Simulator, site: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    said = simulator.event_type("consultation")
    session_type = make_session_type()
    event_type = session_type.event_type
    event_type.uri, event_type.scheduling_url = said["uri"], said["scheduling_url"]
    event_type.save()
    subscriptions.create("default", base="https://www.example.org")
    visitor = Visitor()
    reference = visitor.say("scheduling_links", session_type=session_type.pk).json()["reference"]
    simulator.webhooks("drop")
    booked = simulator.book(tracking={"utm_content": reference})
    visitor.say("confirm", reference=reference, invitee_uri=booked["invitee"]["uri"])
    CALENDLY.post(CALENDLY.body(), key="wrong-key-0123456789-0123456789")
    CALENDLY.post(CALENDLY.body(), key=KEY)
    simulator.token(TOKEN, valid=False)
    visitor.say("confirm", reference=reference, invitee_uri=f"{booked['invitee']['uri']}x")
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    text = "\n".join(record.getMessage() for record in ours)
    assert "Calendly GET" in text
    assert clean(text)
    assert booked["invitee"]["email"] not in text


@pytest.mark.survives("secrets-shown")
def test_a_dump_of_the_data_holds_no_secret(secrets: None) -> None:
    subscriptions.create("default", base="https://www.example.org")
    CALENDLY.post(CALENDLY.body(), key=KEY)
    out = StringIO()
    call_command("dumpdata", "wagtail_calendly", stdout=out)
    assert "connection" in out.getvalue()
    assert clean(out.getvalue())
    assert subscriptions.segments("default")[0] not in out.getvalue()
