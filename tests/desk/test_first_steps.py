"""The first steps: a tick for each that is done, until the first booking, for those whom they concern."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from tests.factories import (
    ConfirmedBookingFactory,
    EventTypeFactory,
    SessionTypeFactory,
    default_site,
)
from tests.host.models import HostPage
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.desk.first_steps import steps

pytestmark = pytest.mark.django_db


def home(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def done() -> list[bool]:
    root = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("root")
    return [step.is_done for step in steps(root)]


def place(session: Any, *, live: bool) -> Page:
    default_site()
    value = {"heading": "", "sessions": [session.pk]}
    page = HostPage(
        title="Book", slug="book", live=live, body=json.dumps([{"type": "booking", "value": value}])
    )
    default_site().root_page.add_child(instance=page)
    return page


def test_each_step_is_ticked_when_it_is_done() -> None:
    assert done() == [False] * 5
    Connection.objects.create(account="default", user_uri="https://api.calendly.com/users/A")
    assert done() == [True, False, False, False, False]
    event_type = EventTypeFactory()
    assert done() == [True, True, False, False, False]
    session = SessionTypeFactory(event_type=event_type, live=False)
    assert done() == [True, True, True, False, False]
    page = place(session, live=False)
    assert done() == [True, True, True, True, False]
    page.save_revision().publish()
    assert done() == [True, True, True, True, False]
    session.save_revision().publish()
    assert done() == [True] * 5
    Connection.objects.update(problem="Calendly does not accept the access token.")
    assert done()[0] is False


def test_it_is_gone_with_the_first_booking(signed_in: Callable[..., Client]) -> None:
    client = signed_in("configure")
    assert "First steps" in home(client)
    assert reverse("calendly_connection:index") in home(client)
    ConfirmedBookingFactory()
    assert "First steps" not in home(client)


@pytest.mark.parametrize(
    ("codename", "is_shown"),
    [
        ("configure_booking", True),
        ("sync_eventtype", True),
        ("add_sessiontype", True),
        ("view_booking", False),
    ],
)
def test_only_those_whom_it_concerns_see_it(client: Client, codename: str, is_shown: bool) -> None:
    user = User.objects.create_user("somebody")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", codename]))
    client.force_login(user)
    assert ("First steps" in home(client)) is is_shown


def test_its_queries_do_not_grow() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            done()
        return len(caught)

    queries()
    few = queries()
    for _number in range(10):
        session = SessionTypeFactory()
    for number in range(3):
        page = HostPage(
            title="Book",
            slug=f"book-{number}",
            body=json.dumps([{"type": "booking", "value": {"sessions": [session.pk]}}]),
        )
        default_site().root_page.add_child(instance=page)
    assert queries() == few
