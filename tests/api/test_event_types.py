"""For staff with the permission: event types and their sync."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User

from tests.api.conftest import Visitor, code, make_event_type
from tests.fixtures.simulator import Simulator
from wagtail_calendly.snippets.models import EventType

pytestmark = pytest.mark.django_db


@pytest.fixture
def syncer(visitor: Visitor) -> Visitor:
    """Somebody of the staff who may view and sync event types, and nothing else."""
    user = User.objects.create_user("syncer", is_staff=True)
    names = ["view_eventtype", "sync_eventtype"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    visitor.force_login(user)
    return visitor


def test_only_those_who_may_see_event_types(visitor: Visitor) -> None:
    make_event_type()
    assert code(visitor.ask("event_types")) == "permission_denied"
    visitor.force_login(User.objects.create_user("editor", is_staff=True))
    response = visitor.ask("event_types")
    assert (response.status_code, code(response)) == (403, "permission_denied")


def test_event_types_are_listed(syncer: Visitor) -> None:
    event_type = make_event_type(is_paid=True)
    said = syncer.ask("event_types").json()
    assert said["total"] == 1
    assert (said["items"][0]["uri"], said["items"][0]["is_paid"]) == (event_type.uri, True)


def test_only_those_who_may_sync(visitor: Visitor, calendly: Simulator) -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_eventtype"))
    visitor.force_login(user)
    response = visitor.say("sync")
    assert (response.status_code, code(response)) == (403, "permission_denied")
    assert not EventType.objects.exists()
    assert calendly.requests() == []


def test_a_sync_can_be_started(syncer: Visitor, calendly: Simulator) -> None:
    response = syncer.say("sync", account="default")
    assert response.status_code == 202
    assert response.json()["state"] == "done"
    assert response.json()["counts"]["created"] == EventType.objects.count() > 0


def test_only_connected_accounts_can_be_synced(syncer: Visitor, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {"default": {"TOKEN": ""}}}
    response = syncer.say("sync", account="default")
    assert (response.status_code, code(response)) == (503, "calendly_unavailable")
    response = syncer.say("sync", account="nobody")
    assert (response.status_code, code(response)) == (404, "not_found")


def test_what_calendly_refuses_is_told_without_a_crash(
    syncer: Visitor, calendly: Simulator
) -> None:
    calendly.token(valid=False)
    response = syncer.say("sync")
    assert response.status_code == 202
    assert response.json()["state"] != "done"
