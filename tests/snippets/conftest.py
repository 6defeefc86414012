"""What tests of the offer start from: an account at the simulator, rows, people with permissions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import Locale

from tests.fixtures.simulator import TOKEN, Simulator
from wagtail_calendly import accounts
from wagtail_calendly.snippets.models import EventType, SessionType

numbers = itertools.count(1)


@pytest.fixture
def account(settings: Any, simulator: Simulator) -> Iterator[Simulator]:
    """The default account, its whole organization, at a fresh simulator."""
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {
            "default": {"TOKEN": TOKEN, "BASE_URL": simulator.url, "SCOPE": "organization"}
        }
    }
    yield simulator
    accounts.calendly().close()
    accounts.close()


@pytest.fixture
def english(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def german(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="de")[0]


def make_event_type(**columns: Any) -> EventType:
    number = next(numbers)
    return EventType.objects.create(
        **{
            "uri": f"https://api.calendly.com/event_types/ET{number}",
            "name": f"Consultation {number}",
            "slug": f"consultation-{number}",
            "scheduling_url": f"https://calendly.com/ada-host/consultation-{number}",
            "duration": 30,
            "host_name": "Ada Host",
            **columns,
        }
    )


@pytest.fixture
def event_type(db: None) -> EventType:
    return make_event_type()


@pytest.fixture
def make_session_type(english: Locale) -> Callable[..., SessionType]:
    """Makes live session types, free unless told otherwise."""

    def make(**columns: Any) -> SessionType:
        number = next(numbers)
        if "event_type" not in columns:
            columns["event_type"] = make_event_type()
        return SessionType.objects.create(
            **{
                "title": f"Session {number}",
                "slug": f"session-{number}",
                "locale": english,
                **columns,
            }
        )

    return make


@pytest.fixture
def admin(client: Client, django_user_model: type[User]) -> Client:
    """The admin as a superuser sees it."""
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.org", "x"))
    return client


@pytest.fixture
def editor(django_user_model: type[User]) -> Callable[..., Client]:
    """Logs in somebody who may enter the admin and has just these permissions of ours."""

    def login(*codenames: str) -> Client:
        group = Group.objects.create(name="Editors of sessions")
        wanted = Permission.objects.filter(codename__in=["access_admin", *codenames])
        assert {permission.codename for permission in wanted} >= set(codenames)
        group.permissions.set(wanted)
        user = django_user_model.objects.create_user(f"editor-{next(numbers)}", password="x")
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        return client

    return login
