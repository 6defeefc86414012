"""Event types, free times and single-use links."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest


def names(response) -> list[str]:
    return [item["name"] for item in response.json()["collection"]]


def test_the_seed_has_every_kind(simulator):
    params = {"organization": simulator.organization}
    found = simulator.api("GET", "/event_types", params=params).json()["collection"]
    kinds = {
        (item["kind"], item["pooling_type"], item["active"], item["is_paid"]) for item in found
    }
    assert kinds == {
        ("solo", None, True, False),
        ("solo", None, True, True),
        ("solo", None, False, False),
        ("solo", "round_robin", True, False),
        ("group", None, True, False),
    }
    hostile = simulator.event_type("site-review")["description_html"]
    assert all(word in hostile for word in ("<script>", "onerror", "javascript:"))


def test_ids_stay_the_same_from_start_to_start(simulator):
    before = [event_type["uri"] for event_type in simulator.state["event_types"]]
    simulator.reset()
    assert [event_type["uri"] for event_type in simulator.state["event_types"]] == before


def test_pages_lead_through_a_thousand_event_types(simulator):
    simulator.event_types(count=993)
    params = {"organization": simulator.organization, "count": 100}
    seen, pages = [], 0
    while params:
        page = simulator.api("GET", "/event_types", params=params).json()
        seen += [item["uri"] for item in page["collection"]]
        pages += 1
        following = page["pagination"]["next_page"]
        assert following is None or following.startswith("https://api.calendly.com/event_types?")
        params = following and parse_qs(urlsplit(following).query)
    assert (pages, len(seen), len(set(seen))) == (10, 1000, 1000)


def test_the_previous_page_leads_back(simulator):
    params = {"organization": simulator.organization, "count": 3}
    first = simulator.api("GET", "/event_types", params=params)
    token = first.json()["pagination"]["next_page_token"]
    second = simulator.api("GET", "/event_types", params={**params, "page_token": token})
    back = second.json()["pagination"]["previous_page_token"]
    again = simulator.api("GET", "/event_types", params={**params, "page_token": back})
    assert names(again) == names(first) != names(second)


def test_filters_and_order(simulator):
    params = {"user": simulator.user["uri"]}
    inactive = simulator.api("GET", "/event_types", params={**params, "active": "false"})
    assert names(inactive) == ["Summer School Interview"]
    down = simulator.api("GET", "/event_types", params={**params, "sort": "name:desc"})
    assert names(down) == sorted(names(down), reverse=True)


def test_a_deleted_type_answers_alone_but_is_not_listed(simulator):
    deleted = simulator.event_types(slug="consultation", deleted=True)
    params = {"organization": simulator.organization}
    assert deleted["name"] not in names(simulator.api("GET", "/event_types", params=params))
    path = urlsplit(deleted["uri"]).path
    assert simulator.api("GET", path).json()["resource"]["deleted_at"] is not None


def times(simulator, slug: str, window: dict[str, str]) -> list[dict]:
    params = {"event_type": simulator.event_type(slug)["uri"], **window}
    response = simulator.api("GET", "/event_type_available_times", params=params)
    assert response.status_code == 200, response.text
    return response.json()["collection"]


def test_times_are_working_hours_of_the_host(simulator, window):
    free = times(simulator, "consultation", window)
    zone = ZoneInfo("Europe/Berlin")
    local = [datetime.fromisoformat(slot["start_time"]).astimezone(zone) for slot in free]
    assert len(local) > 100
    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}
    assert min(m.hour for m in local) == 9
    assert max((m.hour, m.minute) for m in local) == (16, 30)


def test_taken_times_vanish_and_come_back(simulator, window):
    first = times(simulator, "consultation", window)[0]["start_time"]
    booked = simulator.book(start_time=first)
    assert first not in [slot["start_time"] for slot in times(simulator, "consultation", window)]
    simulator.cancel(booked["invitee"]["uri"])
    assert times(simulator, "consultation", window)[0]["start_time"] == first


def test_seats_of_a_group_event_count_down(simulator, window):
    first = times(simulator, "workshop", window)[0]
    simulator.book("workshop", start_time=first["start_time"])
    then = times(simulator, "workshop", window)[0]
    assert (first["invitees_remaining"], then["invitees_remaining"]) == (8, 7)


def test_the_address_of_a_time_opens_its_form(simulator, window):
    slot = times(simulator, "consultation", window)[0]
    page = simulator.http.get(slot["scheduling_url"])
    assert page.status_code == 200
    assert "Your details" in page.text


@pytest.mark.parametrize(
    ("start", "length", "parameter"),
    [
        (timedelta(hours=-1), timedelta(days=1), "start_time"),
        (timedelta(hours=1), timedelta(days=31, seconds=1), "end_time"),
        (timedelta(hours=1), timedelta(0), "end_time"),
    ],
)
def test_windows_that_are_refused(simulator, window, start, length, parameter):
    soon = datetime.fromisoformat(window["start_time"]) - timedelta(hours=1) + start
    params = {
        "event_type": simulator.event_type()["uri"],
        "start_time": soon.isoformat(),
        "end_time": (soon + length).isoformat(),
    }
    refused = simulator.api("GET", "/event_type_available_times", params=params)
    assert refused.status_code == 400
    assert [detail["parameter"] for detail in refused.json()["details"]] == [parameter]


def test_a_link_is_good_for_one_booking(simulator):
    body = {
        "max_event_count": 1,
        "owner": simulator.event_type()["uri"],
        "owner_type": "EventType",
    }
    made = simulator.api("POST", "/scheduling_links", json=body)
    assert made.status_code == 201
    url = made.json()["resource"]["booking_url"]
    assert url.startswith(f"{simulator.url}/d/")
    assert simulator.http.get(url).status_code == 200
    start = simulator.book()["event"]["start_time"]
    later = datetime.fromisoformat(start) + timedelta(minutes=30)
    form = {"name": "Vi", "email": "vi@example.org"}
    booked = simulator.http.post(f"{url}/{later:%Y-%m-%dT%H:%M:%SZ}?utm_content=once", data=form)
    assert booked.status_code == 303
    assert simulator.http.get(url).status_code == 410


@pytest.mark.parametrize(
    "change", [{"max_event_count": 2}, {"owner_type": "User"}, {"owner": "consultation"}]
)
def test_links_that_are_refused(simulator, change):
    good = {
        "max_event_count": 1,
        "owner": simulator.event_type()["uri"],
        "owner_type": "EventType",
    }
    refused = simulator.api("POST", "/scheduling_links", json={**good, **change})
    assert refused.status_code == 400
    assert refused.json()["details"][0]["parameter"] in change
