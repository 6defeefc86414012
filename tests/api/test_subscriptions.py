"""The subscription at Calendly: made, found, mended, rotated and ended, against the simulator."""

from __future__ import annotations

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks.signals import task_finished

from tests.fixtures.simulator import SIGNING_KEY, Simulator
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.models import Appointment, Connection, WebhookDelivery
from wagtail_calendly.calendly import CalendlyInvalidRequest, CalendlyPermissionError
from wagtail_calendly.exceptions import NotConfigured

pytestmark = pytest.mark.django_db

BASE = "https://www.example.org"


def hooks(calendly: Simulator, scope: str = "user") -> list[dict[str, Any]]:
    """All subscriptions of a scope that Calendly knows."""
    user = calendly.user
    query = {"organization": user["current_organization"], "scope": scope, "user": user["uri"]}
    return calendly.api("GET", "/webhook_subscriptions", params=query).json()["collection"]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("calendly_webhooks", *arguments, stdout=out)
    return out.getvalue()


def rotate(settings: Any, *keys: str) -> None:
    account = settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {"default": {**account, "WEBHOOK_SIGNING_KEYS": list(keys)}}
    }


def test_it_is_made_with_the_exact_address_and_all_events(calendly: Simulator) -> None:
    found = subscriptions.create("default", base=BASE)
    [hook] = hooks(calendly)
    segment = subscriptions.segments("default")[0]
    assert hook["callback_url"] == f"{BASE}/calendly/webhooks/calendly/default/{segment}/"
    assert set(hook["events"]) == set(subscriptions.EVENTS)
    assert (found.state, found.is_well) == ("active", True)
    row = Connection.objects.get()
    assert (row.subscription_uri, row.subscription_state) == (hook["uri"], "active")
    assert row.checked_at is not None


def test_making_it_again_makes_no_other(calendly: Simulator) -> None:
    subscriptions.create("default", base=BASE)
    assert subscriptions.create("default", base=BASE).is_well
    assert len(hooks(calendly)) == 1


def test_the_scope_is_the_accounts(calendly: Simulator, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["SCOPE"] = "organization"
    assert subscriptions.create("default", base=BASE).is_well
    assert hooks(calendly) == []
    assert len(hooks(calendly, "organization")) == 1


def test_a_member_may_have_their_own(calendly: Simulator) -> None:
    calendly.role("user")
    assert subscriptions.create("default", base=BASE).is_well


def test_a_member_may_not_have_the_organizations(calendly: Simulator, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["SCOPE"] = "organization"
    calendly.role("user")
    with pytest.raises(CalendlyPermissionError):
        subscriptions.create("default", base=BASE)


def test_a_disabled_one_is_found_and_made_anew(calendly: Simulator) -> None:
    old = subscriptions.create("default", base=BASE).subscription
    calendly.disable_subscriptions()
    assert subscriptions.check("default", base=BASE).state == "disabled"
    assert Connection.objects.get().subscription_state == "disabled"
    found = subscriptions.repair("default", base=BASE)
    assert found.is_well
    assert old is not None
    assert [hook["uri"] != old.uri for hook in hooks(calendly)] == [True]


def test_one_that_lacks_events_is_made_anew(calendly: Simulator) -> None:
    user = calendly.user
    url = subscriptions.address("default", BASE)
    body = {
        "url": url,
        "events": ["invitee.created"],
        "organization": user["current_organization"],
        "user": user["uri"],
        "scope": "user",
        "signing_key": SIGNING_KEY,
    }
    assert calendly.api("POST", "/webhook_subscriptions", json=body).status_code == 201
    assert subscriptions.check("default", base=BASE).state == "outdated"
    assert subscriptions.repair("default", base=BASE).is_well
    assert set(hooks(calendly)[0]["events"]) == set(subscriptions.EVENTS)


def test_a_new_key_leads_to_a_new_address(calendly: Simulator, settings: Any) -> None:
    old = subscriptions.create("default", base=BASE)
    rotate(settings, "new-key-" * 4, SIGNING_KEY)
    found = subscriptions.check("default", base=BASE)
    assert (found.state, len(found.others)) == ("missing", 1)
    found = subscriptions.repair("default", base=BASE)
    assert (found.state, found.others) == ("active", ())
    [hook] = hooks(calendly)
    assert hook["callback_url"] not in {old.url, ""}
    assert hook["callback_url"] == found.url


def test_only_ours_are_touched(calendly: Simulator) -> None:
    calendly.subscribe("https://www.example.org/somebody/elses/")
    calendly.subscribe("https://staging.example.org/calendly/webhooks/calendly/default/abc/")
    subscriptions.create("default", base=BASE)
    assert subscriptions.repair("default", base=BASE).others == ()
    assert subscriptions.delete("default", base=BASE) == 1
    assert len(hooks(calendly, "organization")) == 2
    assert Connection.objects.get().subscription_state == "missing"


def test_a_scope_that_was_changed_leaves_no_second_one(calendly: Simulator, settings: Any) -> None:
    subscriptions.create("default", base=BASE)
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["SCOPE"] = "organization"
    assert subscriptions.repair("default", base=BASE).is_well
    assert (len(hooks(calendly)), len(hooks(calendly, "organization"))) == (0, 1)


def test_missing_scopes_are_named(calendly: Simulator) -> None:
    calendly.token(scopes=["users:read", "webhooks:write"])
    with pytest.raises(CalendlyInvalidRequest, match="scheduled_events:read"):
        subscriptions.create("default", base=BASE)


@pytest.mark.parametrize("base", ["http://www.example.org", "ftp://x", "www.example.org"])
def test_calendly_needs_https(calendly: Simulator, base: str) -> None:
    with pytest.raises(NotConfigured, match="https"):
        subscriptions.address("default", base)


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        ("https://www.example.org/", "https://www.example.org"),
        ("https://www.example.org:8443/cms", "https://www.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_starts_with_the_origin(calendly: Simulator, base: str, origin: str) -> None:
    assert subscriptions.address("default", base).startswith(f"{origin}/calendly/webhooks/")


def test_without_url_the_admins_base_counts_then_the_default_site(
    calendly: Simulator, settings: Any, site: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://admin.example.org"
    assert subscriptions.address("default").startswith("https://admin.example.org/")
    settings.WAGTAILADMIN_BASE_URL = ""
    site.hostname, site.port = "site.example.org", 443
    site.save()
    assert subscriptions.address("default").startswith("https://site.example.org/")


def test_without_a_key_nothing_is_subscribed(calendly: Simulator, settings: Any) -> None:
    rotate(settings)
    with pytest.raises(NotConfigured, match="WEBHOOK_SIGNING_KEYS"):
        subscriptions.create("default", base=BASE)
    assert hooks(calendly) == []


# The command


def test_the_command_makes_checks_lists_and_deletes(calendly: Simulator) -> None:
    said = run("create", "--url", BASE)
    assert "Calendly delivers here" in said
    assert "active" in run("check", "--url", BASE)
    listed = run("list", "--url", BASE)
    assert "* active" in listed
    assert subscriptions.segments("default")[0] not in said + listed
    assert "Deleted: 1" in run("delete", "--url", BASE)
    assert "None" in run("list", "--url", BASE)


def test_the_command_fails_while_calendly_does_not_deliver(calendly: Simulator) -> None:
    with pytest.raises(CommandError, match="create"):
        run("check", "--url", BASE)
    run("create", "--url", BASE)
    calendly.disable_subscriptions()
    with pytest.raises(CommandError, match="repair"):
        run("check", "--url", BASE)
    assert "active" in run("repair", "--url", BASE)


def test_the_command_says_what_stands_in_the_way(calendly: Simulator, settings: Any) -> None:
    rotate(settings, SIGNING_KEY)
    settings.WAGTAIL_CALENDLY["ACCOUNTS"]["default"]["TOKEN"] = ""
    with pytest.raises(CommandError, match="no token"):
        run("create", "--url", BASE)


# The whole way


@pytest.mark.django_db(transaction=True)
def test_what_is_booked_at_calendly_arrives(
    calendly: Simulator, live_server: Any, site: Any
) -> None:
    worked = threading.Event()  # the answer is sent before the work

    def finished(**kwargs: Any) -> None:
        worked.set()

    task_finished.connect(finished)
    assert subscriptions.create("default", base=live_server.url).is_well
    calendly.webhooks("duplicate")
    calendly.book()
    assert [item["state"] for item in calendly.deliveries(wait=20)] == ["delivered"] * 2
    assert worked.wait(20)
    assert WebhookDelivery.objects.get().state == WebhookDelivery.State.DONE
    assert Appointment.objects.count() == 1
