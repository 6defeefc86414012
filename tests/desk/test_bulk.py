"""Several bookings at once: each by the rules of one, none left half done, and a summary of both."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.desk.conftest import paid_booking
from wagtail_calendly.bookings.models import Booking, Effect, Request

pytestmark = pytest.mark.django_db


def _url(action: str, *bookings: Booking) -> str:
    url = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", action])
    ids = "&".join(f"id={booking.pk}" for booking in bookings)
    return f"{url}?{ids}&next=/admin/calendly/bookings/"


def _words(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "'")


def test_one_reason_is_seen_to_for_all_that_have_it(owner: Client) -> None:
    disputed = [paid_booking(dispute="open") for _ in range(2)]
    other = paid_booking()
    url = _url("acknowledge", *disputed, other)
    asked = _words(owner.get(url))
    assert "the payer disputes the payment" in asked
    assert '<option value="disputed" selected>' in asked
    for told in ("2 bookings need no attention for that any more.", "3 bookings were left"):
        page = owner.post(url, {"code": "disputed", "reason": "called"}, follow=True)
        assert told in _words(page)
    assert Request.objects.filter(kind="acknowledge", reason="called").count() == 2
    assert not Booking.objects.exclude(attention="").exists()


def test_a_mail_is_sent_again_to_those_who_had_it(owner: Client) -> None:
    told, untold = paid_booking(), paid_booking()
    Effect.objects.filter(booking=told, kind="notify").update(state="done")
    page = owner.post(_url("resend", told, untold), {"mail": "paid"}, follow=True)
    assert "1 mail is sent again." in _words(page)
    assert "1 booking was left as it is" in _words(page)
    assert list(Request.objects.values_list("booking", "code")) == [(told.pk, "paid")]
    assert Effect.objects.filter(key__contains="/again/").count() == 1


@pytest.mark.parametrize("ids", ["id=all", "id=999999", "id=x'--", ""])
def test_all_of_a_listing_and_what_is_not_there_are_not_found(owner: Client, ids: str) -> None:
    paid_booking()
    url = reverse("wagtail_bulk_action", args=["wagtail_calendly", "booking", "acknowledge"])
    assert owner.get(f"{url}?{ids}").status_code == 404


def test_only_who_manages_bookings_can_tick_them(signed_in: Any) -> None:
    paid_booking()
    index = reverse("bookings:index")
    assert "data-bulk-action-checkbox" in _words(signed_in("view", "manage").get(index))
    assert "data-bulk-action" not in _words(signed_in("view").get(index))
