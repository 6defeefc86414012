"""Personal data in the admin: shown, exported and erased by who may, and the address in no URL."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.factories import AppointmentFactory, ConfirmedBookingFactory
from wagtail_calendly.bookings.models import Appointment, Booking

EMAIL = "canary@example.org"
INDEX = "personal_data:index"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_to_ask(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {}


@pytest.fixture
def eraser(signed_in: Callable[..., Client]) -> Client:
    return signed_in("erase")


def past(**said: Any) -> Booking:
    created = timezone.now() - timedelta(days=40)
    said = {"email": EMAIL, "name": "Canary", "invitee_created_at": created, **said}
    return ConfirmedBookingFactory(**{f"appointment__{name}": said[name] for name in said})


def post(client: Client, name: str = "index", **said: str) -> Any:
    url = reverse(f"personal_data:{name}")
    assert "@" not in url
    return client.post(url, {"email": EMAIL, **said})


def test_what_is_kept_is_shown_and_exported(eraser: Client) -> None:
    booking = past()
    AppointmentFactory(booking=None, email=EMAIL.upper())
    page = post(eraser)
    assert booking.terms.session_type.title in page.content.decode()
    assert [*page.context["bookings"]] == [booking]
    assert len(page.context["unlinked"]) == 1
    file = post(eraser, "export")
    assert file["Content-Disposition"].startswith('attachment; filename="personal-data-2')
    assert "no-store" in file["Cache-Control"]
    assert json.loads(file.content)["bookings"][0]["appointments"][0]["name"] == "Canary"
    noted = ModelLogEntry.objects.filter(action="wagtail_calendly.person.exported")
    assert {entry.user.username for entry in noted} == {"staff-erase"}


def test_nothing_happens_before_it_is_confirmed_and_then_for_good(eraser: Client) -> None:
    past()
    page = post(eraser, "erase")
    assert "1 booking no longer says whose it is." in page.content.decode()
    assert Appointment.objects.get().name == "Canary"
    done = eraser.post(
        reverse("personal_data:erase"), {"email": EMAIL, "shown": page.context["shown"]}
    )
    assert done.url == f"{reverse('personal_data:done')}?asked=0&paid=0"
    assert "Data deletion" in eraser.get(done.url).content.decode()
    assert Appointment.objects.get().name == ""
    assert "Nothing is kept" in post(eraser).content.decode()


def test_what_has_changed_since_it_was_shown_is_shown_again(eraser: Client) -> None:
    past()
    shown = post(eraser, "erase").context["shown"]
    past()
    answer = post(eraser, "erase", shown=shown)
    assert answer.url == reverse("personal_data:index")
    assert Appointment.objects.filter(name="Canary").count() == 2


@pytest.mark.survives("erased-too-soon")
def test_somebody_with_a_session_to_come_is_not_erased_and_the_step_is_shown(
    eraser: Client,
) -> None:
    ConfirmedBookingFactory(appointment__email=EMAIL)
    page = post(eraser).content.decode()
    assert "A session is still to come." in page
    assert reverse("personal_data:erase") not in page
    shown = post(eraser, "erase").context["shown"]
    page = eraser.post(
        reverse("personal_data:erase"), {"email": EMAIL, "shown": shown}, follow=True
    )
    assert "still needed" in page.content.decode()
    assert Appointment.objects.get().email == EMAIL


def test_one_booking_is_erased_from_its_page(signed_in: Callable[..., Client]) -> None:
    booking, other = past(), past()
    client = signed_in("view", "erase")
    url = reverse("bookings:erase", args=[booking.pk])
    assert url in client.get(reverse("bookings:inspect", args=[booking.pk])).content.decode()
    shown = client.get(url).context["shown"]
    page = client.post(url, {"shown": shown}, follow=True)
    assert "Personal data erased" in page.content.decode()
    assert url not in page.content.decode()
    assert set(Appointment.objects.values_list("booking", "name")) == {
        (booking.pk, ""),
        (other.pk, "Canary"),
    }
    listed = client.get(reverse("bookings:index")).content.decode()
    assert "Erased" in listed


@pytest.mark.parametrize("permissions", [("view",), ("view", "manage", "refund", "configure")])
def test_who_may_not_erase_sees_and_does_nothing_of_it(
    signed_in: Callable[..., Client], permissions: tuple[str, ...]
) -> None:
    booking = past()
    client = signed_in(*permissions)
    for name in ("index", "export", "erase"):
        answer = post(client, name, shown="1-1-0")
        assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))
    refused = client.post(reverse("bookings:erase", args=[booking.pk]), {"shown": ""})
    assert refused.url == reverse("wagtailadmin_home")
    assert reverse(INDEX) not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert Appointment.objects.get().name == "Canary"


def test_many_bookings_take_no_more_queries(
    eraser: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        past()
    with django_assert_max_num_queries(40):
        assert len(post(eraser).context["bookings"]) == 10
