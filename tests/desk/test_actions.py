"""What staff do with bookings, without a vendor: who may, what is said before, and that nothing happens unasked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime, now
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from tests.desk.conftest import paid_booking, priced_terms
from tests.factories import AppointmentFactory, ConfirmedBookingFactory, SessionTypeFactory
from wagtail_calendly.bookings.models import Booking, Effect, Refund, Request, WebhookDelivery
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import EventType

pytestmark = pytest.mark.django_db

ROLES = {
    "view": ["view"],
    "manage": ["view", "manage"],
    "refund": ["view", "refund"],
    "nobody": [],
}


def _url(name: str, booking: Booking, *more: Any) -> str:
    return reverse(f"bookings:{name}", args=[booking.pk, *more])


def _words(response: Any) -> str:
    """The page, with the messages in it."""
    return response.content.decode().replace("&#x27;", "'")


@pytest.fixture
def stranger() -> Any:
    """Booked past the site, a priced session."""
    terms = priced_terms()
    return AppointmentFactory(
        booking=None, event_type=terms.event_type, name="Stranger", attention="not_through_site"
    )


def _screens(stranger: Any) -> Iterator[tuple[str, str]]:
    """Every action with the permission it needs."""
    paid = paid_booking()
    failed = paid_booking()
    Refund.objects.create(
        payment=failed.payments.get(), amount=5, state="failed", effect=f"{failed.pk}/r"
    )
    Request.objects.create(booking=failed, kind="refund", total=5, is_staff=True)
    Effect.objects.create(booking=failed, kind="refund", key=f"{failed.pk}/x", state="dead")
    settle(failed.pk, because="test")
    unpaid = ConfirmedBookingFactory(terms=priced_terms(), appointment__given_reference="x")
    held = ConfirmedBookingFactory(terms=priced_terms())
    delivery = WebhookDelivery.objects.create(digest="d", state="dead", sender="stripe")
    yield "manage", _url("cancel", paid)
    yield "refund", _url("refund", paid)
    yield "refund", _url("retry_refund", failed)
    yield "manage", _url("try_again", failed)
    yield "manage", _url("acknowledge", failed, "refund_failed")
    yield "manage", _url("ask_to_pay", unpaid)
    yield "manage", _url("extend", held)
    yield "manage", _url("waive", held)
    for name in ("accept", "ask_to_pay", "cancel"):
        yield "manage", reverse(f"unlinked_appointments:{name}", args=[stranger.pk])
    yield "manage", reverse("stalled_deliveries:try_again", args=[delivery.pk])


def test_each_action_needs_its_permission(signed_in: Callable[..., Client], stranger: Any) -> None:
    clients = {name: signed_in(*permissions) for name, permissions in ROLES.items()}
    for needed, url in _screens(stranger):
        for name, client in clients.items():
            is_allowed = needed in ROLES[name]
            shown = client.get(url)
            assert shown.status_code == (200 if is_allowed else 302), (url, name)
            if not is_allowed:
                for said in ({}, {"shown": ""}):
                    refused = client.post(url, said)
                    assert (refused.status_code, refused["Location"]) == (302, "/admin/")
    assert not Request.objects.exclude(total=5).exists()
    assert not ModelLogEntry.objects.filter(user__isnull=False).exists()


def test_looking_and_choosing_change_nothing(owner: Client) -> None:
    booking = paid_booking()
    before = Booking.objects.get(pk=booking.pk).version
    for name, said in {"cancel": {"given_back": "full"}, "refund": {"total": "60"}}.items():
        owner.get(_url(name, booking))
        page = _words(owner.post(_url(name, booking), said))
        assert "This will happen" in page
    assert not booking.requests.exists()
    assert Booking.objects.get(pk=booking.pk).version == before


def test_only_those_who_may_find_the_actions(signed_in: Callable[..., Client]) -> None:
    page = reverse("bookings:inspect", args=[paid_booking().pk])
    offered = {
        name: [one for one in ("Cancel the booking", "Give money back") if one in text]
        for name in ("view", "manage", "refund")
        if (text := _words(signed_in(*ROLES[name]).get(page)))
    }
    assert offered == {"view": [], "manage": ["Cancel the booking"], "refund": ["Give money back"]}


def test_canceling_says_exactly_what_is_given_back(owner: Client) -> None:
    booking = paid_booking()
    url = _url("cancel", booking)
    first = _words(owner.get(url))
    assert "All of it, since we cancel: €60" in first
    assert "As agreed where the invitee cancels: €30" in first
    for chosen, total, verb in (
        ("full", "", "Cancel and give back €60"),
        ("agreed", "", "Cancel and give back €30"),
        ("other", "12.50", "Cancel and give back €12.50"),
    ):
        said = {"given_back": chosen, "total": total, "reason": "agreed by phone"}
        page = _words(owner.post(url, said))
        assert f">{verb}<" in page
        assert "Calendly cancels" in page
    assert "After this, €12.50 of €60 are given back." in page
    back = _words(owner.post(url, {**said, "shown": "6000/1250", "back": "1"}))
    assert "This will happen" not in back
    assert re.search('value="other"[^>]* checked', back)
    assert 'value="12.50"' in back
    assert "agreed by phone" in back
    assert not booking.requests.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"total": "70", "reason": "x"}, "Only €60 was paid."),
        ({"total": "5", "reason": "x"}, "€10 is given back already."),
        ({"total": "", "reason": "x"}, "Say how much."),
        ({"total": "12.345", "reason": "x"}, "Round this one."),
        ({"total": "12,50", "reason": "x"}, "Write it as a number, such as 12.50."),
        ({"total": "20"}, "Say why it is another amount"),
        ({"total": "20", "given_back": "full"}, "Choose “Another amount” above for it"),
    ],
)
def test_another_amount_must_make_sense(owner: Client, said: dict[str, str], told: str) -> None:
    booking = paid_booking()
    Refund.objects.create(payment=booking.payments.get(), amount=1000, state="succeeded")
    page = _words(owner.post(_url("cancel", booking), {"given_back": "other", **said}))
    assert told in page
    assert "This will happen" not in page


def test_an_amount_is_typed_as_its_reader_writes_it(owner: Client) -> None:
    user = User.objects.get(username="staff-view-manage-refund")
    UserProfile.objects.create(user=user, preferred_language="de")
    booking = paid_booking()
    page = _words(owner.post(_url("refund", booking), {"total": "12,50"}))
    assert "12,50\xa0€" in page
    assert 'name="total" value="12,50"' in page
    assert "wie 12,50" in _words(owner.post(_url("refund", booking), {"total": "1,2,3"}))


def test_a_disputed_payment_is_not_said_to_be_given_back(owner: Client) -> None:
    booking = paid_booking(dispute="open")
    page = _words(owner.post(_url("cancel", booking), {"given_back": "full"}))
    assert "nothing is given back now" in page
    assert ">Cancel the booking</em>" in page
    assert "After this" not in page


def test_who_may_not_refund_gives_back_what_is_owed_and_no_other_amount(
    signed_in: Callable[..., Client],
) -> None:
    client, booking = signed_in("view", "manage"), paid_booking()
    assert "Another amount" not in _words(client.get(_url("cancel", booking)))
    said = {"given_back": "other", "total": "60", "reason": "x", "shown": "6000/6000"}
    client.post(_url("cancel", booking), said)
    assert not booking.requests.exists()


@pytest.mark.parametrize("shown", ["", "5000/6000", "6000/3000"])
def test_what_is_not_as_it_was_shown_is_shown_again(owner: Client, shown: str) -> None:
    booking = paid_booking()
    said = {"given_back": "full", "reason": "an odd one", "shown": shown}
    page = _words(owner.post(_url("cancel", booking), said, follow=True))
    assert "Something has changed since this was shown" in page
    assert "an odd one" in page
    assert not booking.requests.exists()


def test_a_refund_of_nothing_more_is_not_offered_as_one(owner: Client) -> None:
    booking = paid_booking()
    Refund.objects.create(payment=booking.payments.get(), amount=1000, state="succeeded")
    page = _words(owner.post(_url("refund", booking), {"total": "10"}))
    assert "€10 is given back already" in page


def test_what_is_not_possible_any_more_says_so(owner: Client) -> None:
    booking = ConfirmedBookingFactory()
    for name in ("refund", "retry_refund", "extend", "waive", "ask_to_pay", "try_again"):
        page = _words(owner.get(_url(name, booking), follow=True))
        assert "Nothing was changed." in page, name


def test_a_hold_ends_before_the_session(owner: Client) -> None:
    booking = ConfirmedBookingFactory(terms=priced_terms())
    assert booking.starts_at
    assert "date-time-chooser.js" in _words(owner.get(_url("extend", booking)))
    for until, told in {
        now() - timedelta(hours=1): "over already",
        booking.starts_at: "at least five minutes before",
    }.items():
        said = {"until": localtime(until).strftime("%Y-%m-%d %H:%M")}
        assert told in _words(owner.post(_url("extend", booking), said))


def test_a_place_in_a_group_is_given_up_at_calendly(owner: Client) -> None:
    booking = paid_booking()
    EventType.objects.update(kind="group")
    page = _words(owner.post(_url("cancel", booking), {"given_back": "full"}))
    assert "Others may be booked on" in page
    assert "Calendly cancels" not in page


def test_several_sessions_of_one_event_type_are_chosen_from(owner: Client, stranger: Any) -> None:
    url = reverse("unlinked_appointments:accept", args=[stranger.pk])
    assert "This will happen" in _words(owner.get(url))
    SessionTypeFactory(event_type=stranger.event_type, title="Dear", price=9000, currency="EUR")
    page = _words(owner.get(url))
    assert "Dear" in page
    assert "This will happen" not in page


@pytest.mark.parametrize("gone", [{"start_time": now()}, {"invitee_status": "canceled"}])
def test_what_is_over_or_canceled_is_decided_no_more(
    owner: Client, stranger: Any, gone: dict[str, Any]
) -> None:
    type(stranger).objects.update(**gone)
    for name in ("accept", "ask_to_pay", "cancel"):
        url = reverse(f"unlinked_appointments:{name}", args=[stranger.pk])
        assert owner.get(url).status_code == 302
        assert url not in _words(owner.get(reverse("unlinked_appointments:index")))


def test_unlinked_appointments_offer_the_three_things(
    signed_in: Callable[..., Client], stranger: Any
) -> None:
    urls = [
        reverse(f"unlinked_appointments:{name}", args=[stranger.pk])
        for name in ("accept", "ask_to_pay", "cancel")
    ]
    index = reverse("unlinked_appointments:index")
    manager, viewer = signed_in("view", "manage"), signed_in("view")
    assert all(url in _words(manager.get(index)) for url in urls)
    assert 'aria-label="Actions for “Stranger”"' in _words(manager.get(index))
    assert not any(url in _words(viewer.get(index)) for url in urls)


def test_a_reason_is_acknowledged_once_it_is_seen_to(owner: Client) -> None:
    booking = paid_booking(dispute="open")
    assert booking.attention == "disputed"
    url = _url("acknowledge", booking, "disputed")
    assert url in _words(owner.get(reverse("bookings:inspect", args=[booking.pk])))
    owner.post(url, {"shown": "of something else", "reason": "called the bank"})
    assert not booking.requests.exists()
    for _ in range(2):
        shown = f"{booking.payments.get().attempt} open"
        owner.post(url, {"shown": shown, "reason": "called the bank"})
    booking.refresh_from_db()
    assert booking.attention == ""
    request = booking.requests.get()
    assert (request.code, request.reason) == ("disputed", "called the bank")
    told = "said: Nothing more to do: the payer disputes the payment"
    assert told in _words(owner.get(_url("inspect", booking)))
    entry = ModelLogEntry.objects.get(action="wagtail_calendly.booking.requested")
    assert entry.data == {"kind": "acknowledge", "code": "disputed"}
    assert owner.get(_url("acknowledge", booking, "unheard-of")).status_code == 302


def test_a_delivery_set_aside_is_worked_on_again(owner: Client) -> None:
    row = WebhookDelivery.objects.create(
        digest="d", event="unheard.of", state="dead", sender="calendly", tries=9, body="{}"
    )
    url = reverse("stalled_deliveries:try_again", args=[row.pk])
    assert url in _words(owner.get(reverse("stalled_deliveries:index")))
    assert "It is worked on." in _words(owner.post(url, {"shown": ""}, follow=True))
    row.refresh_from_db()
    assert row.state == "ignored"
    assert ModelLogEntry.objects.filter(action="wagtail_calendly.work.tried_again").count() == 1


def test_work_given_up_is_listed_with_its_booking(owner: Client) -> None:
    booking = paid_booking()
    Effect.objects.create(
        booking=booking, kind="refund", key="k", state="dead", error="PaymentRefused"
    )
    page = _words(owner.get("/admin/calendly/given-up/"))
    for text in ("Give the money back", "PaymentRefused", _url("try_again", booking)):
        assert text.lower() in page.lower()
