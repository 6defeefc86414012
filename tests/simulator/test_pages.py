"""The pages as plain forms and links, as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from html import unescape

import pytest

BASE = "/ada-host/consultation"
VISITOR = {"name": "Vi Sitor", "email": "vi@example.org", "question_1": "Birds"}


def links(page, css_class: str) -> list[str]:
    return [unescape(url) for url in re.findall(f'class="{css_class}" href="([^"]+)"', page.text)]


def to_a_time(simulator, url: str) -> str:
    """From the calendar to the address of the first time of the first free day."""
    day = links(simulator.http.get(url), "day")[0]
    return links(simulator.http.get(day.partition("#")[0]), "time")[0]


def test_choosing_a_day_and_time_keeps_what_the_address_says(simulator):
    url = f"{BASE}?utm_content=ref-1&utm_source=wagtail&embed_domain=x&timezone=America/New_York"
    form = to_a_time(simulator, url)
    done = simulator.http.post(form, data=VISITOR)
    assert done.status_code == 303
    assert "embed_domain=x" in done.headers["Location"]
    assert "utm_" not in done.headers["Location"]
    page = simulator.http.get(done.headers["Location"])
    assert "You are booked" in page.text
    assert "calendly.event_scheduled" in page.text
    user = {"user": simulator.user["uri"]}
    [event] = simulator.api("GET", "/scheduled_events", params=user).json()["collection"]
    path = event["uri"].removeprefix("https://api.calendly.com") + "/invitees"
    [invitee] = simulator.api("GET", path).json()["collection"]
    assert invitee["tracking"]["utm_content"] == "ref-1"
    assert invitee["tracking"]["utm_source"] == "wagtail"
    assert invitee["timezone"] == "America/New_York"
    assert invitee["questions_and_answers"] == [
        {"question": "What shall we talk about?", "answer": "Birds", "position": 0}
    ]


@pytest.mark.parametrize(
    "query",
    [
        "name=Vi+Sitor&email=vi%40example.org&a1=Birds",
        "first_name=Vi&last_name=Sitor&email=vi%40example.org&a1=Birds",
    ],
)
def test_the_address_fills_the_form(simulator, query):
    page = simulator.http.get(to_a_time(simulator, f"{BASE}?{query}"))
    assert 'value="Vi Sitor"' in page.text
    assert 'value="vi@example.org"' in page.text
    assert ">Birds</textarea>" in page.text


def test_choices_are_filled_by_number(simulator):
    page = simulator.http.get(to_a_time(simulator, "/ada-host/project-start?a2=2&a3=1,3"))
    checked = re.findall(r'value="([^"]+)" checked', page.text)
    assert checked == ["A relaunch", "Editors", "Management"]


def test_missing_and_wrong_fields_are_said_and_nothing_is_lost(simulator):
    form = to_a_time(simulator, BASE)
    page = simulator.http.post(form, data={"name": "Vi", "email": "nonsense"})
    assert page.status_code == 422
    assert "Not booked yet" in page.text
    assert 'value="Vi"' in page.text
    assert simulator.http.get("/control/deliveries").json() == []


def test_what_people_type_is_text(simulator):
    hostile = "<script>x</script>\"'"
    form = to_a_time(simulator, f"{BASE}?name={hostile}")
    page = simulator.http.post(form, data={"name": hostile, "email": ""})
    assert "<script>x" not in page.text


def test_a_time_that_was_taken_meanwhile(simulator):
    form = to_a_time(simulator, BASE)
    assert simulator.http.post(form, data=VISITOR).status_code == 303
    late = simulator.http.post(form, data=VISITOR)
    assert late.status_code == 409
    assert "Choose another time" in late.text


def test_pages_may_be_framed_and_are_not_kept(simulator):
    page = simulator.http.get(BASE)
    assert "X-Frame-Options" not in page.headers
    assert "Content-Security-Policy" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'(?:src|href)="(https?:[^"]+)"', page.text)
    assert addresses == []


def test_only_colors_are_taken_as_colors(simulator):
    page = simulator.http.get(f"{BASE}?primary_color=ff0000&text_color=red;x:url(//evil)")
    assert "--primary: #ff0000" in page.text
    assert "url(//evil)" not in page.text.split("<head>")[0]


def test_parts_can_be_hidden(simulator):
    page = simulator.http.get(f"{BASE}?hide_event_type_details=1&hide_gdpr_banner=1")
    assert "A first talk" not in page.text
    assert "stand-in" not in page.text


@pytest.mark.parametrize("month", ["2026-01", "nonsense", "9999-12", "0001-01"])
def test_any_month_can_be_asked_for(simulator, month):
    assert simulator.http.get(f"{BASE}?month={month}").status_code == 200


def test_an_inactive_type_says_so_politely(simulator):
    page = simulator.http.get("/ada-host/summer-school")
    assert page.status_code == 200
    assert "is not available" in page.text


def test_the_host_page_hides_secret_and_inactive_types(simulator):
    simulator.event_types(slug="support", secret=True)
    page = simulator.http.get("/ada-host")
    assert "30 Minute Consultation" in page.text
    assert "Support Call" not in page.text
    assert "Summer School" not in page.text


def test_a_group_shows_its_seats_until_it_is_full(simulator):
    start = simulator.book("workshop", email="n0@example.org")["event"]["start_time"]
    for number in range(1, 7):
        simulator.book("workshop", email=f"n{number}@example.org", start_time=start)
    url = f"/ada-host/workshop?date={start[:10]}"
    assert "1 seat left" in simulator.http.get(url).text
    simulator.book("workshop", email="n7@example.org", start_time=start)
    assert "1 seat left" not in simulator.http.get(url).text


def test_moving_through_the_page(simulator):
    simulator.webhooks("hold")
    simulator.subscribe("http://127.0.0.1:9/")
    invitee = simulator.book()["invitee"]
    form = to_a_time(simulator, invitee["reschedule_url"])
    done = simulator.http.post(form, data={"reason": "Train"})
    page = simulator.http.get(done.headers["Location"])
    assert "Your booking was moved" in page.text
    assert "calendly.event_scheduled" not in page.text
    told = [delivery["event"] for delivery in simulator.deliveries()]
    assert told == ["invitee.created", "invitee.canceled", "invitee.created"]
    assert simulator.http.get(invitee["reschedule_url"]).status_code == 409


def test_canceling_through_the_page(simulator):
    invitee = simulator.book()["invitee"]
    asked = simulator.http.get(invitee["cancel_url"])
    assert "Cancel this booking?" in asked.text
    done = simulator.http.post(invitee["cancel_url"], data={"reason": "Ill"})
    assert done.status_code == 303
    assert "is canceled" in simulator.http.get(invitee["cancel_url"]).text
    path = invitee["uri"].removeprefix("https://api.calendly.com")
    canceled = simulator.api("GET", path).json()["resource"]
    assert canceled["cancellation"]["reason"] == "Ill"
    assert canceled["cancellation"]["canceler_type"] == "invitee"
    assert simulator.http.post(invitee["cancel_url"]).status_code == 303


def test_what_is_over_can_be_neither_moved_nor_canceled(simulator):
    invitee = simulator.book(start_time="2026-01-05T10:00:00Z")["invitee"]
    assert "is over" in simulator.http.post(invitee["cancel_url"], follow_redirects=True).text
    assert simulator.http.get(invitee["reschedule_url"]).status_code == 409
    path = invitee["uri"].removeprefix("https://api.calendly.com")
    assert simulator.api("GET", path).json()["resource"]["status"] == "active"


@pytest.mark.parametrize(
    "path",
    [
        "/nobody",
        "/nobody/consultation",
        "/ada-host/nothing",
        "/ada-host/consultation/yesterday",
        "/ada-host/consultation/0001-01-01T00:00:00+09:00",
        "/ada-host/consultation/9999-12-31T23:59:59-09:00",
        "/d/none/consultation",
        "/reschedulings/none",
        "/cancellations/none",
        "/confirmations/none",
        "/a/b/c/d",
    ],
)
def test_unknown_addresses_get_a_page(simulator, path):
    page = simulator.http.get(path)
    assert page.status_code == 404
    assert "<h1>" in page.text
