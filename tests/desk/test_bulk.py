"""Several bookings at once: each by the rules of one, none left half done, and a summary of both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import ModelLogEntry

from tests.desk.conftest import paid_booking
from tests.desk.many import many_bookings
from tests.factories import ConfirmedBookingFactory
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Request,
    Tombstone,
)
from wagtail_calendly.desk.bulk.confirming import BookingBulkAction

pytestmark = pytest.mark.django_db


def _url(action: str, *bookings: Booking, asked: str = "") -> str:
    url = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", action])
    ids = "&".join(f"id={booking.pk}" for booking in bookings) or f"{asked}&id=all"
    return f"{url}?{ids}&next=/admin/calendly/bookings/"


def _chosen(*bookings: Booking) -> str:
    return ",".join(str(booking.pk) for booking in bookings)


def _words(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "'")


def _over(**wanted: Any) -> Booking:
    start = now() - timedelta(days=3)
    return ConfirmedBookingFactory(appointment__start_time=start, **wanted)


def test_one_reason_is_seen_to_for_all_that_have_it(owner: Client) -> None:
    disputed = [paid_booking(dispute="open") for _ in range(2)]
    other = paid_booking()
    url = _url("acknowledge", *disputed, other)
    page = owner.get(url)
    assert "the payer disputes the payment" in _words(page)
    asked = _words(page)
    assert '<option value="disputed">' in asked
    assert asked.count("<option") == 1
    said = {"code": "disputed", "reason": "called", **page.context["form"].initial}
    for told in ("2 bookings need no attention for that any more.", "2 bookings were left"):
        assert told in _words(owner.post(url, said, follow=True))
    assert Request.objects.filter(kind="acknowledge", reason="called").count() == 2
    assert not Booking.objects.exclude(attention="").exists()
    assert _words(owner.get(url)).count("It needs no attention.") == 3


def test_a_mail_is_sent_again_to_those_who_had_it(owner: Client) -> None:
    told, untold = paid_booking(), paid_booking()
    Effect.objects.filter(booking=told, kind="notify").update(state="done")
    said = {"mail": "paid", "chosen": _chosen(told, untold)}
    page = owner.post(_url("resend", told, untold), said, follow=True)
    assert "1 mail is sent again." in _words(page)
    assert "1 booking was left as it is" in _words(page)
    assert list(Request.objects.values_list("booking", "code")) == [(told.pk, "paid")]
    assert Effect.objects.filter(key__contains="/again/").count() == 1


@pytest.mark.survives("bulk-unseen")
def test_all_of_a_list_are_those_it_shows_and_no_others_once_they_were_seen(
    owner: Client,
) -> None:
    few = [paid_booking(dispute="open") for _ in range(2)]
    Appointment.objects.filter(booking__in=few).update(name="Ada Lee")
    paid_booking(dispute="open")
    url = _url("acknowledge", asked="attention=needed&q=ada")
    page = owner.get(url)
    assert {one["item"] for one in page.context["items"]} == set(few)
    late = paid_booking(dispute="open")
    Appointment.objects.filter(booking=late).update(name="Ada Lee")
    owner.post(url, {"code": "disputed", **page.context["form"].initial})
    assert set(Request.objects.values_list("booking", flat=True)) == {one.pk for one in few}
    assert "Select all bookings of the list" not in _words(owner.get("/admin/calendly/bookings/"))


@pytest.mark.survives("bulk-too-many")
def test_too_many_are_refused_and_what_time_does_not_suffice_for_is_said(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = many_bookings(21)
    assert "Select all bookings of the list" in _words(owner.get("/admin/calendly/bookings/"))
    monkeypatch.setattr(BookingBulkAction, "most", 20)
    said = {"code": "disputed", "chosen": _chosen(*made)}
    for page in (
        owner.get(_url("acknowledge"), follow=True),
        owner.post(_url("acknowledge"), said, follow=True),
    ):
        assert "up to 20 bookings can be dealt with at once" in _words(page)
    monkeypatch.setattr("wagtail_calendly.desk.bulk.confirming.SECONDS", -1.0)
    said["chosen"] = _chosen(*made[:2])
    page = owner.post(_url("acknowledge"), said, follow=True)
    assert "2 bookings were not reached in time" in _words(page)
    assert not Request.objects.exists()


@pytest.mark.survives("bulk-erase")
def test_whom_bookings_are_about_is_erased_but_for_those_still_needed(signed_in: Any) -> None:
    client = signed_in("view", "erase")
    over = [_over(), _over()]
    to_come, disputed = ConfirmedBookingFactory(), paid_booking(dispute="open")
    gone = _over(erased_at=now())
    url = _url("erase")
    page = client.get(url)
    for words in ("A session is still to come.", "A payment is disputed.", "erased already."):
        assert words in _words(page)
    assert page.context["form"].initial == {"chosen": _chosen(*reversed(over))}
    told = _words(client.post(url, {"chosen": _chosen(*over, to_come, gone)}, follow=True))
    assert "2 bookings no longer say whose they are." in told
    assert "2 bookings were left as they are" in told
    for one in (to_come, disputed):
        one.refresh_from_db()
        assert one.erased_at is None
    assert not Appointment.objects.filter(booking__in=over).exclude(name="", email="").exists()
    assert Tombstone.objects.count() == 2
    entries = ModelLogEntry.objects.filter(action="wagtail_calendly.person.erased")
    assert {entry.data["because"] for entry in entries} == {"booking"}
    assert "Left as they are" in _words(client.get(_url("erase", to_come)))


@pytest.mark.parametrize("ids", ["id=999999", "id=x'--", ""])
def test_what_is_not_there_is_not_found(owner: Client, ids: str) -> None:
    paid_booking()
    url = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", "acknowledge"])
    assert owner.get(f"{url}?{ids}").status_code == 404


def test_nobody_is_offered_what_they_may_not_do(signed_in: Any) -> None:
    paid_booking()
    index = reverse("bookings:index")
    managing, erasing = (_words(signed_in("view", one).get(index)) for one in ("manage", "erase"))
    assert "data-bulk-action-checkbox" in managing
    assert ("/booking/resend/" in managing, "/booking/erase/" in managing) == (True, False)
    assert ("/booking/resend/" in erasing, "/booking/erase/" in erasing) == (False, True)
    assert "data-bulk-action" not in _words(signed_in("view").get(index))
