"""Scheduled events and invitees: lists, cancellation, moving, no-shows."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest


def path(uri: str) -> str:
    return urlsplit(uri).path


def listed(simulator, **params) -> list[str]:
    params = {"organization": simulator.organization, **params}
    response = simulator.api("GET", "/scheduled_events", params=params)
    return [event["uri"] for event in response.json()["collection"]]


def test_events_are_listed_by_start_and_filtered(simulator):
    early = simulator.book(email="early@example.org")
    late = simulator.book(email="late@example.org")
    simulator.cancel(early["invitee"]["uri"])
    first, second = early["event"]["uri"], late["event"]["uri"]
    assert listed(simulator) == [first, second]
    assert listed(simulator, sort="start_time:desc") == [second, first]
    assert listed(simulator, status="active") == [second]
    assert listed(simulator, invitee_email="early@example.org") == [first]
    assert listed(simulator, min_start_time=late["event"]["start_time"]) == [second]
    assert listed(simulator, max_start_time=early["event"]["start_time"]) == [first]


def test_a_host_cancels_once(simulator):
    booked = simulator.book()
    address = path(booked["event"]["uri"]) + "/cancellation"
    done = simulator.api("POST", address, json={"reason": "Ill"})
    again = simulator.api("POST", address)
    assert done.status_code == 201
    assert done.json()["resource"]["canceler_type"] == "host"
    assert (again.status_code, again.json()["message"]) == (403, "Event is already canceled")
    invitee = simulator.api("GET", path(booked["invitee"]["uri"])).json()["resource"]
    assert invitee["status"] == "canceled"
    assert invitee["cancellation"]["reason"] == "Ill"


def test_a_past_event_is_not_canceled(simulator):
    booked = simulator.book(start_time="2026-01-05T10:00:00Z")
    refused = simulator.api("POST", path(booked["event"]["uri"]) + "/cancellation")
    assert (refused.status_code, refused.json()["message"]) == (403, "Event in the past")


def test_one_of_a_group_leaves_the_event_active(simulator):
    one = simulator.book("workshop", email="one@example.org")
    start = one["event"]["start_time"]
    two = simulator.book("workshop", email="two@example.org", start_time=start)
    assert one["event"]["uri"] == two["event"]["uri"]
    left = simulator.cancel(one["invitee"]["uri"])
    assert left["event"]["status"] == "active"
    assert left["event"]["invitees_counter"] == {"total": 2, "active": 1, "limit": 8}
    address = path(one["event"]["uri"]) + "/invitees"
    active = simulator.api("GET", address, params={"status": "active"}).json()["collection"]
    assert [invitee["email"] for invitee in active] == ["two@example.org"]


def test_canceling_a_group_event_cancels_everyone(simulator):
    one = simulator.book("workshop", email="one@example.org")
    simulator.book("workshop", email="two@example.org", start_time=one["event"]["start_time"])
    simulator.api("POST", path(one["event"]["uri"]) + "/cancellation")
    address = path(one["event"]["uri"]) + "/invitees"
    everyone = simulator.api("GET", address).json()["collection"]
    assert [invitee["status"] for invitee in everyone] == ["canceled", "canceled"]


@pytest.mark.parametrize(("carry", "content"), [(False, None), (True, "ref-1")])
def test_moving_makes_a_pair_and_keeps_tracking_only_on_demand(simulator, carry, content):
    simulator.carry_tracking(carry)
    booked = simulator.book(tracking={"utm_content": "ref-1"})
    moved = simulator.reschedule(booked["invitee"]["uri"])
    old, new = moved["old"]["invitee"], moved["new"]["invitee"]
    assert (old["status"], old["rescheduled"], old["new_invitee"]) == ("canceled", True, new["uri"])
    assert (new["status"], new["rescheduled"], new["old_invitee"]) == ("active", False, old["uri"])
    assert old["event"] != new["event"]
    assert new["tracking"]["utm_content"] == content


def test_no_show_is_set_and_undone(simulator):
    invitee = simulator.book()["invitee"]["uri"]
    made = simulator.api("POST", "/invitee_no_shows", json={"invitee": invitee})
    assert made.status_code == 201
    mark = path(made.json()["resource"]["uri"])
    assert simulator.api("GET", mark).json()["resource"]["invitee"] == invitee
    assert simulator.api("GET", path(invitee)).json()["resource"]["no_show"] is not None
    assert simulator.api("DELETE", mark).status_code == 204
    assert simulator.api("GET", mark).status_code == 404
    assert simulator.api("GET", path(invitee)).json()["resource"]["no_show"] is None


def test_time_stamps_never_repeat_unless_told_to(simulator):
    stamps = [simulator.book()["invitee"]["updated_at"] for _ in range(5)]
    assert stamps == sorted(set(stamps))
    simulator.clock(coarse=True)
    coarse = simulator.book()["invitee"]
    assert coarse["updated_at"].endswith(".000000Z")


def test_the_wrong_event_does_not_show_an_invitee(simulator):
    one, two = simulator.book(), simulator.book()
    invitee = one["invitee"]["uri"].rpartition("/")[2]
    assert (
        simulator.api("GET", f"{path(two['event']['uri'])}/invitees/{invitee}").status_code == 404
    )
