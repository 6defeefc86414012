"""That a session was opened is counted once, by the panel's script, with nothing about the visitor."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wagtail_calendly.bookings.models import Booking, DailyTotal
from wagtail_calendly.visitor import memory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser() -> Client:
    """A browser whose forms are checked for their token."""
    return Client(enforce_csrf_checks=True)


def form_of(page: str) -> dict[str, str]:
    """What the panel's unseen form would send; empty where there is none."""
    form = page.partition("data-wc-opened")[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]+)"', form))


def test_opening_a_session_is_counted_by_the_panels_script_alone(
    browser: Client, address: str, session_type: Any
) -> None:
    page = browser.get(f"{address}?page=7&utm_source=news", headers=HTMX).text
    assert not DailyTotal.objects.exists()
    assert browser.post(reverse("wagtail_calendly:opened"), form_of(page)).status_code == 204
    row = DailyTotal.objects.get()
    assert (row.opened, row.session_type_id, row.page_id) == (1, session_type.pk, 7)
    assert (row.utm_source, row.utm_medium, row.currency) == ("news", "", "")
    assert not Booking.objects.exists()


def test_a_session_looked_at_again_is_not_counted_again(browser: Client, address: str) -> None:
    assert form_of(browser.get(address, headers=HTMX).text)
    assert not form_of(browser.get(address, headers=HTMX).text)


def test_it_never_writes_the_visitors_session(browser: Client, address: str) -> None:
    """Two answers at once would lose the reference that one of them wrote."""
    sent = form_of(browser.get(address, headers=HTMX).text)
    before = browser.session[memory.KEY]
    browser.post(reverse("wagtail_calendly:opened"), sent)
    assert browser.session[memory.KEY] == before


@pytest.mark.survives("made-up-openings")
def test_what_this_visitor_never_got_is_not_counted(browser: Client, address: str) -> None:
    sent = form_of(browser.get(address, headers=HTMX).text)
    opened = reverse("wagtail_calendly:opened")
    assert browser.post(opened, {"reference": sent["reference"]}).status_code == 403
    assert Client().post(opened, {"reference": sent["reference"]}).status_code == 204
    assert Client().post(opened, {"reference": "x" * 5000}).status_code == 204
    assert browser.get(opened).status_code == 405
    assert not DailyTotal.objects.exists()


@pytest.mark.survives("made-up-openings")
@pytest.mark.usefixtures("within_a_minute")
def test_nobody_is_counted_beyond_the_limit_and_may_still_book(
    browser: Client, address: str, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"VISITOR_POSTS_PER_MINUTE": 2}
    sent = form_of(browser.get(address, headers=HTMX).text)
    for _ in range(5):
        assert browser.post(reverse("wagtail_calendly:opened"), sent).status_code == 204
    assert DailyTotal.objects.get().opened == 2
    booked = browser.post(reverse("wagtail_calendly:booked"), sent, headers=HTMX)
    assert booked.status_code == 200
