"""The status page: whose it is, what it says in every status, and its calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Site

from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.visitor import words

HTMX = {"HX-Request": "true"}
HOSTILE = '"><script>alert(1)</script>'


def path_of(booking: Booking) -> str:
    return f"/calendly/bookings/{booking.token}/"


@pytest.mark.parametrize("status", Status.values)
def test_every_status_has_its_sentence(client, make_booking, status):
    response = client.get(path_of(make_booking(status)))
    assert response.status_code == 200
    assert str(words.SENTENCES[status].says) in response.text


def test_the_page_is_private(client, make_booking):
    response = client.get(path_of(make_booking()))
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    # Under "no-referrer" browsers send `Origin: null` with its forms, and CSRF would refuse them.
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies


@pytest.mark.survives("guessed-address")
def test_unknown_tokens_and_other_sites_answer_the_same_404(client, make_booking, site):
    booking = make_booking()
    Site.objects.create(hostname="other.testserver", root_page=site.root_page, port=80)
    elsewhere = client.get(path_of(booking), headers={"Host": "other.testserver"})
    unknown = client.get("/calendly/bookings/unknown/", headers={"Host": "other.testserver"})
    assert elsewhere.status_code == unknown.status_code == 404
    assert elsewhere.text.replace(booking.token, "") == unknown.text.replace("unknown", "")


@pytest.mark.survives("guessed-address")
def test_neither_number_nor_reference_opens_it(client, make_booking):
    booking = make_booking()
    for guess in (str(booking.pk), booking.reference):
        assert client.get(f"/calendly/bookings/{guess}/").status_code == 404


def test_the_page_shows_no_personal_data(client, make_booking):
    content = client.get(path_of(make_booking(said={"email": "vi@example.org"}))).text
    assert "Vi Sitor" not in content
    assert "vi@example.org" not in content


def test_both_zones_are_shown_where_they_differ(client, make_booking):
    start = datetime(2027, 1, 5, 10, tzinfo=UTC)
    content = client.get(path_of(make_booking(starts_at=start))).text
    assert "Tuesday, January 5, 2027" in content
    assert "Eastern" in content
    assert "Central European" in content


def test_the_hosts_zone_is_left_out_where_it_is_the_same(client, make_booking):
    content = client.get(path_of(make_booking(said={"timezone": "Europe/Paris"}))).text
    assert "With us it is" not in content


@pytest.mark.survives("led-elsewhere")
def test_calendlys_own_pages_are_linked_and_nothing_else(client, make_booking):
    good = {
        "reschedule_url": "https://calendly.com/reschedulings/IN",
        "cancel_url": "https://calendly.com@evil.example/cancellations/IN",
    }
    content = client.get(path_of(make_booking(said=good))).text
    assert 'href="https://calendly.com/reschedulings/IN"' in content
    assert "evil.example" not in content


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://x.example", "data:text/html,x"])
def test_only_https_places_are_links(client, make_booking, link):
    content = client.get(
        path_of(make_booking(said={"location": {"kind": "zoom", "join_url": link}}))
    )
    assert link not in content.text


@pytest.mark.survives("hostile-text")
def test_hostile_text_is_text(client, make_booking):
    content = client.get(
        path_of(make_booking(said={"location": {"kind": "physical", "location": HOSTILE}}))
    ).text
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_a_host_who_canceled_is_named(client, make_booking):
    booking = make_booking(Status.CANCELED, said={"canceler_type": "host"})
    assert str(words.CANCELED_BY_HOST.says) in client.get(path_of(booking)).text


def test_while_pending_the_page_asks_again_and_stops_when_nothing_is(client, make_booking):
    booking = make_booking(Status.PENDING)
    page = client.get(path_of(booking)).text
    assert "load delay:5s" in page
    Booking.objects.filter(pk=booking.pk).update(status=Status.CONFIRMED)
    assert "load delay" not in client.get(path_of(booking)).text


def poll_url(content: str) -> str:
    return content.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")


def test_a_question_without_news_replaces_only_itself_and_grows(client, make_booking):
    booking = make_booking(Status.PENDING)
    url = poll_url(client.get(path_of(booking)).text)
    delays = []
    for _try in range(30):
        answer = client.get(url, headers=HTMX)
        assert answer["HX-Retarget"] == "this"
        delays.append(int(answer.text.partition("delay:")[2].partition("s")[0]))
        url = poll_url(answer.text)
    assert delays == sorted(delays)
    assert delays[0] == 5
    assert delays[-1] == 30


def test_a_question_with_news_gets_the_page_anew(client, make_booking):
    booking = make_booking(Status.PENDING)
    url = poll_url(client.get(path_of(booking)).text)
    Booking.objects.filter(pk=booking.pk).update(status=Status.CONFIRMED)
    answer = client.get(url, headers=HTMX)
    assert "HX-Retarget" not in answer
    assert "Your session is booked." in answer.text


def test_after_news_it_is_asked_some_more(client, make_booking):
    """Calendly tells of a move in two halves: what just changed may change once more."""
    question = poll_url(client.get(path_of(make_booking())).text)
    news = client.get(question.replace("seen=", "seen=x"), headers=HTMX)
    assert "load delay:" in news.text
    assert "back=1" in poll_url(news.text)


def test_asking_ends(client, make_booking):
    answer = client.get(path_of(make_booking(Status.PENDING)) + "?tries=999", headers=HTMX)
    assert answer.status_code == 286


def test_the_calendar_file(client, make_booking):
    place = {"kind": "physical", "location": "Main St 1\r\nEND:VEVENT"}
    booking = make_booking(said={"location": place})
    response = client.get(path_of(booking) + "session.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert response["Cache-Control"] == "private, no-store"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["DTSTART"].dt == booking.starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
    assert event["SUMMARY"] == "First talk"
    assert booking.token not in response.text
    assert booking.reference not in response.text
    assert response.text.count("\r\nEND:VEVENT") == 1


def test_addresses_of_other_calendars_hold_nothing_personal(client, make_booking):
    said = {"location": {"kind": "outbound_call", "location": "+33600000000"}}
    booking = make_booking(said=said)
    content = client.get(path_of(booking)).text
    outside = "".join(content.split("https://calendar.google.com")[1:])
    assert "33600000000" not in outside.partition('"')[0]
    assert booking.token not in outside.partition('"')[0]


@pytest.mark.parametrize("status", [Status.CANCELED, Status.PENDING, Status.COMPLETED])
def test_no_calendar_file_without_a_time_to_come(client, make_booking, status):
    assert client.get(path_of(make_booking(status)) + "session.ics").status_code == 404


def test_a_session_that_is_past_cannot_be_moved(client, make_booking):
    past = timezone.now() - timedelta(hours=2)
    said = {"reschedule_url": "https://calendly.com/reschedulings/IN"}
    content = client.get(path_of(make_booking(starts_at=past, said=said))).text
    assert "reschedulings" not in content


def test_unknown_zones_fall_back(client, make_booking):
    assert client.get(path_of(make_booking(said={"timezone": "../etc/passwd"}))).status_code == 200
