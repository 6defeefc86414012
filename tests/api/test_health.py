"""The health endpoint and the doctor: who may ask, what they learn, and how programs tell good from bad."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client

from tests.api.conftest import address, be_well

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-monitoring"


@pytest.fixture
def guarded(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"HEALTH_TOKEN": TOKEN}


def ask(client: Client, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get(address("health"), headers=headers)


def staff(*codenames: str) -> Client:
    user = User.objects.create_user("somebody")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("token", ["", "wrong", f"{TOKEN}x", "ä", "Bearer"])
def test_without_the_token_nothing_is_told(client: Client, token: str) -> None:
    response = ask(client, token)
    assert response.status_code == 403
    assert list(response.json()) == ["error"]


@pytest.mark.parametrize("token", ["", " ", "x"])
def test_while_no_token_is_set_none_opens_it(client: Client, token: str) -> None:
    response = client.get(address("health"), headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 403


def test_staff_need_the_permission() -> None:
    assert ask(staff("access_admin", "view_booking")).status_code == 403
    User.objects.all().delete()
    assert ask(staff("configure_booking")).status_code == 503


@pytest.mark.usefixtures("guarded")
def test_broken_is_503_and_well_is_200(client: Client) -> None:
    broken = ask(client, TOKEN)
    assert (broken.status_code, broken.json()["state"]) == (503, "broken")
    be_well()
    well = ask(client, TOKEN)
    assert well.status_code == 200
    states = {(one["account"], one["subject"]): one["state"] for one in well.json()["findings"]}
    assert states["default", "access"] == states["site", "worker"] == "ok"
    assert "no-store" in well["Cache-Control"]


@pytest.mark.usefixtures("guarded")
@pytest.mark.survives("personal-data-shown")
def test_nothing_of_a_person_is_told(client: Client) -> None:
    be_well()
    assert "Ada" not in ask(client, TOKEN).content.decode()


def test_the_doctor_fails_when_something_is_broken() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("calendly_doctor", "--cached", stdout=out)
    assert "calendly_work was never seen" in out.getvalue()
    be_well()
    out = StringIO()
    call_command("calendly_doctor", "--cached", stdout=out)
    assert "The token is Ada Host’s" in out.getvalue()
    assert "Nothing is broken" in out.getvalue()
