"""The bookings list in daily use: what search finds, ready-made views, and how far it is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from tests.desk.conftest import paid_booking
from tests.desk.many import many_bookings
from tests.factories import ConfirmedBookingFactory, default_site
from wagtail_calendly.bookings.models import Booking, Payment
from wagtail_calendly.desk.bookings import invitee_name
from wagtail_calendly.desk.finding import MOST, found_by
from wagtail_calendly.desk.paging import AHEAD, FarPaginator

pytestmark = pytest.mark.django_db

INDEX = "/admin/calendly/bookings/"


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in("view")


def names(client: Client, **asked: Any) -> list[str]:
    return [invitee_name(one) for one in client.get(INDEX, asked).context["object_list"]]


def found(words: str) -> list[str]:
    return [invitee_name(one) for one in Booking.objects.filter(found_by(words))]


def test_a_name_is_found_by_how_its_words_begin_and_a_mail_by_how_it_begins(
    clerk: Client,
) -> None:
    ConfirmedBookingFactory(
        appointment__name="Ána María García", appointment__email="AM.Garcia@Maria.Example"
    )
    ConfirmedBookingFactory(appointment__name="Bob", appointment__email="bob@x.org")
    for words in (
        "ána",
        "Ána  MARÍA",
        "maría g",
        "García",
        "am.garcia@",
        " Am.Garcia@Maria.Example ",
    ):
        assert found(words) == ["Ána María García"], words
    for words in ("García Ána", "gar, ána", "ána g", "Maria.example", "@maria.EXAMPLE"):
        assert found(words) == ["Ána María García"], words
    for words in ("arcía", "garcía bob", "example", "maria.exam", "%", "_", "\\", "'", "."):
        assert found(words) == [], words
    assert "Search by how names" in clerk.get(INDEX, {"q": "arcía"}).content.decode()


def test_a_booking_is_found_by_what_stripe_calls_its_payment(clerk: Client) -> None:
    booking = paid_booking()
    paid_booking()
    assert clerk.get(INDEX, {"q": f"pi_{booking.pk}xx"}).context["paginator"].count == 0
    Payment.objects.filter(booking=booking).update(payment_intent="pi_3Nabc")
    [found] = clerk.get(INDEX, {"q": "pi_3Nabc"}).context["object_list"]
    assert found == booking


@pytest.mark.survives("million-bookings")
def test_the_newest_are_found_where_very_many_begin_alike(clerk: Client) -> None:
    made = many_bookings(MOST + 10, name="Ada Common")
    ConfirmedBookingFactory(appointment__name="Bob", created_at=now() + timedelta(days=1))
    response = clerk.get(INDEX, {"q": "comm"})
    assert response.context["object_list"][0] == made[-1]
    assert response.context["paginator"].count == MOST + 10


def test_a_page_filter_and_dates_narrow_the_list(clerk: Client) -> None:
    page = default_site().root_page
    ConfirmedBookingFactory(page_id=page.pk, appointment__name="Here")
    ConfirmedBookingFactory(page_id=page.pk + 1, appointment__name="There")
    response = clerk.get(INDEX, {"page": page.pk})
    assert [invitee_name(one) for one in response.context["object_list"]] == ["Here"]
    assert page.title in response.content.decode()


def test_accounts_are_offered_where_there_are_several(clerk: Client, settings: Any) -> None:
    assert "account" not in clerk.get(INDEX).context["filters"].form.fields
    accounts = settings.WAGTAIL_CALENDLY["ACCOUNTS"]
    settings.WAGTAIL_CALENDLY = {"ACCOUNTS": {**accounts, "berlin": {"TOKEN": "t"}}}
    ConfirmedBookingFactory(account="berlin", appointment__name="Berliner")
    ConfirmedBookingFactory(appointment__name="Other")
    assert names(clerk, account="berlin") == ["Berliner"]


def test_ready_made_views_are_links_and_say_which_is_shown(clerk: Client) -> None:
    for days, name in ((0, "Today"), (3, "Soon"), (30, "Later")):
        start = now() + timedelta(days=days, minutes=1)
        ConfirmedBookingFactory(appointment__start_time=start, appointment__name=name)
    first = clerk.get(INDEX)
    links = {view.label: view.query for view, _ in first.context["saved_views"]}
    assert names(clerk, **links["Next 7 days"])[-1] == "Soon"
    assert names(clerk, **links["Needs attention"]) == []
    assert names(clerk, **links["All"]) == ["Later", "Soon", "Today"]
    [shown] = [view.label for view, is_shown in first.context["saved_views"] if is_shown]
    assert shown == "All"
    page = clerk.get(INDEX, links["Today"]).content.decode()
    assert (
        f'starts_at_to={localdate()}&amp;ordering=starts_at" class="button button-small" aria-current'
        in page
    )


def test_to_the_calendar_and_back_the_filters_stay(clerk: Client) -> None:
    asked = {"status": ["confirmed", "completed"], "q": "ada"}
    page = clerk.get(INDEX, asked)
    button, _downloads = page.context["header_buttons"]
    calendar = clerk.get(button.url, follow=True)
    assert parse_qs(calendar.request["QUERY_STRING"]) == asked | {"q": ["ada"]}
    [back] = calendar.context["header_buttons"]
    assert parse_qs(back.url.partition("?")[2]) == asked | {"q": ["ada"]}


@pytest.mark.survives("million-bookings")
def test_a_long_list_is_counted_no_farther_than_anybody_pages() -> None:
    many_bookings(70)

    class Near(FarPaginator):
        counted = 20

    near = Near(Booking.objects.all(), 2)
    near.get_page(1)
    assert (near.count, near.is_cut) == (2 * (1 + AHEAD), True)
    assert near.items_count_label == "more than 22 bookings"
    far = Near(Booking.objects.all(), 2)
    assert far.get_page(30).number == 30
    assert (far.count, far.is_cut, far.items_count_label) == (70, False, "70 bookings")
    assert Near(Booking.objects.all(), 2).get_page("no").number == 1
