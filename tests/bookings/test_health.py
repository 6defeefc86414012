"""What is known of an account's health: asked of the vendors by the clock, told from the database alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.bookings.conftest import HERE
from tests.factories import ConfirmedBookingFactory, SessionTypeFactory
from tests.fixtures.simulator import SIGNING_KEY, Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import diagnosis, examine, payment_endpoint, subscriptions, trial
from wagtail_calendly.bookings.diagnosis import Finding, State
from wagtail_calendly.bookings.models import (
    Appointment,
    Connection,
    Effect,
    WebhookDelivery,
)
from wagtail_calendly.bookings.reconcile import WATCH_INTERVAL, tick

AWAY = "https://staging.example.org"


def found(subject: str, section: str = "default") -> Finding:
    """What the report says of one subject."""
    [findings] = [one.findings for one in diagnosis.report() if one.key == section]
    return next(finding for finding in findings if finding.subject == subject)


def stand(section: str = "default") -> dict[str, str]:
    [findings] = [one.findings for one in diagnosis.report() if one.key == section]
    return {finding.subject: str(finding.state) for finding in findings}


def test_a_site_that_is_well_is_told_to_be(both: Simulator) -> None:
    subscriptions.create("default")
    payment_endpoint.create()
    tick()
    examine.everything()
    assert stand() == {
        "access": "ok",
        "owner": "ok",
        "scopes": "ok",
        "plan": "ok",
        "subscription": "ok",
        "delivery": "unknown",
        "sync": "ok",
        "poll": "ok",
        "budget": "ok",
    }
    assert stand("stripe") == {
        "access": "ok",
        "mode": "warning",
        "endpoint": "ok",
        "delivery": "unknown",
        "poll": "ok",
    }
    assert set(stand("site").values()) == {"ok"}
    assert both.user["name"] in found("owner").words
    assert "calls a minute" in found("budget").words


def test_before_anybody_has_looked_nothing_is_claimed(both: Simulator) -> None:
    Connection.objects.all().delete()
    states = stand()
    assert states.pop("sync") == states.pop("poll") == "warning"
    assert set(states.values()) == {"unknown"}
    assert found("worker", "site").state == State.BROKEN


@pytest.mark.survives("token-revoked")
def test_a_revoked_token_is_told_and_forgotten_once_it_is_replaced(both: Simulator) -> None:
    both.token(valid=False)
    examine.everything()
    assert found("access").state == State.BROKEN
    assert "access token" in found("access").words
    both.token(valid=True)
    examine.everything()
    assert found("access").state == State.OK


def test_missing_scopes_are_named_and_nothing_is_made_to_find_out(both: Simulator) -> None:
    both.token(scopes=["users:read", "event_types:read", "scheduled_events:write", "webhooks:read"])
    before = both.state
    examine.account("default")
    told = found("scopes")
    assert told.state == State.BROKEN
    assert "Missing: scheduling_links:write, webhooks:write" in told.words
    assert "event_types:read" in told.words.partition("Granted")[2]
    assert both.state == before


def test_a_member_does_not_reach_the_whole_organization(both: Simulator, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["SCOPE"] = "organization"
    both.role("user")
    examine.account("default")
    assert found("scopes").state == State.BROKEN
    assert "scheduled_events:read" in found("scopes").words
    assert found("scopes").step


def test_what_the_plan_lacks_is_told_until_it_is_there(both: Simulator) -> None:
    both.plan(webhooks=False)
    with pytest.raises(Exception, match="plan"):
        subscriptions.create("default")
    examine.account("default")
    assert found("plan").state == State.WARNING
    both.plan(webhooks=True)
    subscriptions.create("default")
    examine.account("default")
    assert found("plan").state == State.OK


@pytest.mark.survives("subscription-disabled")
def test_a_subscription_is_told_as_calendly_has_it(both: Simulator) -> None:
    def state() -> tuple[str, str]:
        examine.account("default")
        return str(found("subscription").state), Connection.objects.get(
            account="default"
        ).subscription_state

    assert state() == ("broken", "missing")
    both.subscribe(subscriptions.address("default", AWAY))
    assert state() == ("broken", "elsewhere")
    assert AWAY in found("subscription").words
    subscriptions.create("default")
    assert state() == ("ok", "active")
    both.disable_subscriptions()
    assert state() == ("broken", "disabled")


def test_any_of_the_sites_own_hosts_is_here(both: Simulator, settings: Any) -> None:
    subscriptions.create("default", base=HERE)
    settings.WAGTAILADMIN_BASE_URL = "https://admin.example.org"
    examine.account("default")
    assert found("subscription").state == State.BROKEN
    settings.WAGTAILADMIN_BASE_URL = f"{HERE}:8443"
    examine.account("default")
    assert found("subscription").state == State.OK


def test_an_old_key_s_address_is_to_be_repaired(both: Simulator, settings: Any) -> None:
    subscriptions.create("default")
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]
    account["WEBHOOK_SIGNING_KEYS"] = ["another-key-" * 3, SIGNING_KEY]
    examine.account("default")
    assert found("subscription").state == State.WARNING
    assert "earlier address" in found("subscription").words


def test_an_endpoint_is_told_as_stripe_has_it(both: Simulator) -> None:
    def told() -> Finding:
        examine.payments()
        return found("endpoint", "stripe")

    assert told().state == State.BROKEN
    elsewhere = both.stripe.subscribe(payment_endpoint.address(AWAY))
    assert AWAY in told().words
    both.stripe.subscribe(payment_endpoint.address(), events=["checkout.session.completed"])
    assert told().state == State.WARNING
    assert "refund.created" in told().words
    assert "API version" in told().words
    assert elsewhere


def test_a_secret_that_is_not_set_is_told(both: Simulator, settings: Any) -> None:
    payment_endpoint.create()
    payments = settings.WAGTAIL_CALENDLY["PAYMENTS"] | {"WEBHOOK_SECRETS": []}
    settings.WAGTAIL_CALENDLY |= {"PAYMENTS": payments}
    examine.payments()
    assert found("endpoint", "stripe").state == State.BROKEN
    assert "dashboard" in found("endpoint", "stripe").step


def test_a_key_that_stripe_does_not_take_is_told(both: Simulator) -> None:
    both.stripe.key(valid=False)
    examine.payments()
    assert found("access", "stripe").state == State.BROKEN
    both.stripe.key(permissions=["event_read"])
    examine.payments()
    assert found("access", "stripe").state == State.OK
    assert "permission" in found("endpoint", "stripe").words


def test_what_was_known_stays_while_nobody_answers(both: Simulator) -> None:
    examine.everything()
    both.fault("GET /users/me", status=200, body="{}")
    both.fault("GET /v1/events", status=200, body="{")
    examine.everything()
    assert found("access").state == found("access", "stripe").state == State.WARNING
    assert found("owner").state == State.OK


def test_the_clock_asks_at_once_and_then_once_an_hour(both: Simulator) -> None:
    Connection.objects.all().delete()
    now = timezone.now()
    assert tick(now).examined == 2
    assert stand()["access"] == stand("stripe")["access"] == "ok"
    assert tick(now).examined == 0
    later = now + timedelta(seconds=WATCH_INTERVAL + 60)
    assert (tick(later).examined, tick(later + timedelta(minutes=5)).examined) == (2, 0)
    assert Connection.objects.filter(examined_at=None).count() == 0


@pytest.mark.django_db
def test_what_waits_too_long_and_what_was_given_up_is_counted() -> None:
    now = timezone.now()
    booking = ConfirmedBookingFactory()
    for number, state in enumerate(["open", "dead", "dead", "done"]):
        ago = now - timedelta(hours=number + 1)
        WebhookDelivery.objects.create(digest=number, state=state, next_try_at=ago)
        Effect.objects.create(
            booking=booking,
            kind="refund",
            key=number,
            state=state,
            next_try_at=ago,
            finished_at=ago,
        )
    assert found("inbox", "site").words.startswith("1 item waits")
    assert found("inbox", "site").when == now - timedelta(hours=1)
    assert "2 deliveries" in found("inbox_failed", "site").words
    assert "2 pieces" in found("outbox_failed", "site").words
    assert found("outbox", "site").state == State.WARNING


@pytest.mark.django_db
@pytest.mark.survives("no-worker")
@pytest.mark.parametrize(
    ("minutes", "state"), [(5, "ok"), (20, "warning"), (90, "broken")], ids=str
)
def test_a_clock_that_stopped_is_told(minutes: int, state: str) -> None:
    seen = timezone.now() - timedelta(minutes=minutes)
    Connection.objects.create(account="default", worker_seen_at=seen)
    assert stand("site")["worker"] == state


@pytest.mark.django_db
def test_free_sessions_need_no_payments_and_priced_ones_do(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {}}
    assert stand("stripe") == {"access": "ok"}
    assert stand() == {"access": "broken"}
    SessionTypeFactory(price=100, currency="EUR", live=True)
    assert stand("stripe") == {"access": "broken"}


# A test delivery


def test_a_test_goes_through_the_inbox_and_books_nothing(both: Simulator) -> None:
    result = trial.send("default")
    assert (result.error, result.delivery.state) == ("", WebhookDelivery.State.IGNORED)
    assert trial.send("default").delivery.pk != result.delivery.pk
    assert not Appointment.objects.exists()
    assert found("delivery").state == State.UNKNOWN


def test_a_sample_that_cannot_be_read_is_told(both: Simulator) -> None:
    both.fault("GET /sample_webhook_data", status=200, body='{"event": "x", "payload": {}}')
    assert "expected form" in trial.send("default").error
    assert not WebhookDelivery.objects.exists()


@pytest.fixture(autouse=True)
def _closed() -> Any:
    yield
    accounts.close()
