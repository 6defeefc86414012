"""The bookings list and a booking's page: found, filtered, read, and for nobody who may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime, now
from wagtail.admin.admin_url_finder import AdminURLFinder

from tests.factories import (
    AppointmentFactory,
    BookingFactory,
    ConfirmedBookingFactory,
    SessionTypeFactory,
    TermsFactory,
)
from wagtail_calendly.bookings.models import Appointment, Booking, WebhookDelivery
from wagtail_calendly.desk.bookings import invitee_name

pytestmark = pytest.mark.django_db

INDEX = "/admin/calendly/bookings/"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture
def clerk() -> Client:
    """Somebody who may enter the admin and view bookings, and nothing else."""
    group = Group.objects.create(name="Front desk")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_booking"]))
    return _signed_in(group)


@pytest.fixture
def editor() -> Client:
    """Somebody who may enter the admin, but not look at bookings."""
    group = Group.objects.create(name="Only text")
    group.permissions.set(Permission.objects.filter(codename="access_admin"))
    return _signed_in(group)


def _signed_in(group: Group) -> Client:
    user = User.objects.create_user("somebody", password="secret")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def _names(response: Any) -> list[str]:
    return [invitee_name(booking) for booking in response.context["object_list"]]


def test_an_empty_list_says_how_the_first_booking_comes_about(clerk: Client) -> None:
    assert "Put a booking block on a page" in clerk.get(INDEX).content.decode()


def test_the_list_shows_who_booked_what_and_when(clerk: Client) -> None:
    booking = ConfirmedBookingFactory()
    page = clerk.get(INDEX).content.decode()
    for text in ("Vi Sitor", booking.terms.session_type.title, "confirmed"):
        assert text in page


def test_the_list_finds_by_name_mail_address_and_end_of_reference(clerk: Client) -> None:
    ada = ConfirmedBookingFactory(appointment__name="Ada Lovelace", appointment__email="ada@x.org")
    ConfirmedBookingFactory(appointment__name="Bob", appointment__email="bob@x.org")
    for words in ("lovelace", "ada@x", ada.reference, ada.reference[-6:]):
        assert _names(clerk.get(INDEX, {"q": words})) == ["Ada Lovelace"]


def test_the_list_filters(clerk: Client) -> None:
    soon = ConfirmedBookingFactory(appointment__name="Soon")
    ConfirmedBookingFactory(
        appointment__name="Gone", appointment__start_time=now() - timedelta(days=3)
    )
    ConfirmedBookingFactory(
        appointment__name="Unpaid",
        terms=TermsFactory(
            session_type=SessionTypeFactory(price=6000, currency="EUR", payment_order="before")
        ),
    )
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    title = soon.terms.session_type_id
    assert _names(clerk.get(INDEX, {"status": "completed"})) == ["Gone"]
    assert _names(clerk.get(INDEX, {"session_type": title})) == ["Soon"]
    assert sorted(_names(clerk.get(INDEX, {"starts_at_from": tomorrow}))) == ["Soon", "Unpaid"]
    assert _names(clerk.get(INDEX, {"created_at_to": "2001-01-01"})) == []
    assert _names(clerk.get(INDEX, {"attention": "needed"})) == ["Unpaid"]
    assert sorted(_names(clerk.get(INDEX, {"attention": "none"}))) == ["Gone", "Soon"]


@pytest.mark.parametrize("key", ["starts_at", "-created_at", "status", "payment_status"])
def test_the_list_can_be_ordered(clerk: Client, key: str) -> None:
    for _ in range(3):
        ConfirmedBookingFactory()
    field = key.lstrip("-")
    shown = clerk.get(INDEX, {"ordering": key}).context["object_list"]
    values = [getattr(booking, field) for booking in shown]
    assert values == sorted(values, reverse=key.startswith("-"))


def test_a_bookings_page_tells_its_whole_story(clerk: Client) -> None:
    booking = ConfirmedBookingFactory(
        tracking={"utm_source": "newsletter"},
        claimed_at=now(),
        appointment__start_time=datetime(2027, 1, 2, 8, tzinfo=UTC),
        appointment__timezone="America/New_York",
        appointment__questions_and_answers=[{"question": "What about?", "answer": "Birds"}],
    )
    page = clerk.get(reverse("bookings:inspect", args=[booking.pk])).content.decode()
    for text in (
        "Vi Sitor",
        "vi@example.org",
        "What about?",
        "Birds",
        "newsletter",
        "https://zoom.example/j/123",
        "Calendly: a time was booked.",
        "browser said that a time was booked",
        "to “confirmed”",
        "Saturday, January 2, 2027, <bdi>9:00\u202fAM–9:30\u202fAM</bdi></time> (Central European",
        "For the invitee: Saturday, January 2, 2027, <bdi>3:00\u202fAM",
        booking.reference,
    ):
        assert text in page, text


def test_no_page_shows_links_that_let_anyone_cancel(clerk: Client) -> None:
    booking = ConfirmedBookingFactory()
    for address in (INDEX, reverse("bookings:inspect", args=[booking.pk])):
        page = clerk.get(address).content.decode()
        assert "/cancellations/" not in page
        assert "/reschedulings/" not in page
        assert booking.token not in page


@pytest.mark.survives("hostile-text")
def test_what_invitees_write_stays_text(clerk: Client) -> None:
    booking = ConfirmedBookingFactory(
        appointment__name=HOSTILE,
        appointment__email=HOSTILE,
        appointment__questions_and_answers=[{"question": HOSTILE, "answer": HOSTILE}],
        appointment__location={"kind": "custom", "location": HOSTILE, "join_url": "javascript:x"},
        tracking={"utm_source": HOSTILE},
    )
    day = localtime(booking.starts_at).date()
    calendar = reverse("bookings_calendar:span", args=["week", day])
    for address in (INDEX, reverse("bookings:inspect", args=[booking.pk]), calendar, "/admin/"):
        page = clerk.get(address).content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "javascript:x" not in page


def test_unlinked_appointments_and_deliveries_set_aside_are_shown(clerk: Client) -> None:
    AppointmentFactory(booking=None, name="Stranger", attention="not_through_site")
    WebhookDelivery.objects.create(
        digest="d", event="invitee.created", state="dead", tries=8, error="KeyError", body="secret"
    )
    unlinked = clerk.get("/admin/calendly/unlinked/").content.decode()
    assert "Stranger" in unlinked
    assert "booked past this site" in unlinked
    stalled = clerk.get("/admin/calendly/deliveries/").content.decode()
    assert "KeyError" in stalled
    assert "secret" not in stalled


def test_the_lists_of_what_waits_say_when_nothing_does(clerk: Client) -> None:
    assert "Every appointment belongs" in clerk.get("/admin/calendly/unlinked/").content.decode()
    assert "Nothing was set aside" in clerk.get("/admin/calendly/deliveries/").content.decode()


@pytest.mark.parametrize(
    "address",
    [INDEX, f"{INDEX}results/", "/admin/calendly/unlinked/", "/admin/calendly/deliveries/"],
)
def test_only_those_who_may_view_bookings_do(editor: Client, address: str) -> None:
    response = editor.get(address)
    assert response.status_code == 302
    assert response["Location"] == "/admin/"


def test_a_booking_is_hidden_from_others_and_absent_from_their_menu(editor: Client) -> None:
    booking = BookingFactory()
    assert editor.get(reverse("bookings:inspect", args=[booking.pk])).status_code == 302
    assert INDEX not in editor.get("/admin/account/").content.decode()


def test_those_who_may_find_it_in_the_menu(clerk: Client) -> None:
    assert INDEX in clerk.get("/admin/account/").content.decode()


def test_the_site_history_leads_to_a_booking_whom_it_may(admin_client: Client) -> None:
    booking = ConfirmedBookingFactory()
    history = admin_client.get("/admin/reports/site-history/").content.decode()
    assert reverse("bookings:inspect", args=[booking.pk]) in history
    nobody = User.objects.create_user("nobody")
    assert AdminURLFinder(nobody).get_edit_url(booking) is None


@pytest.mark.parametrize("verb", ["new", "edit/1", "delete/1", "copy/1", "usage/1"])
def test_nobody_can_write_a_booking_by_hand(admin_client: Client, verb: str) -> None:
    assert admin_client.get(f"{INDEX}{verb}/").status_code == 404


def test_nobody_has_a_right_to_write_rows() -> None:
    models = [Booking, Appointment, WebhookDelivery]
    codenames = Permission.objects.filter(
        content_type__app_label="wagtail_calendly",
        content_type__model__in=[model._meta.model_name for model in models],
    ).values_list("codename", flat=True)
    rights = ("view", "manage", "refund", "configure", "erase")
    assert set(codenames) == {f"{right}_booking" for right in rights}
