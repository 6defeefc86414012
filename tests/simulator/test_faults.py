"""Faults: what they hit, what they do, and that they end."""

from __future__ import annotations

import httpx
import pytest


def me(simulator) -> httpx.Response:
    return simulator.api("GET", "/users/me")


def test_a_status_for_so_many_calls(simulator):
    simulator.fault(status=500, times=2)
    assert [me(simulator).status_code for _ in range(3)] == [500, 500, 200]


def test_a_429_says_that_nothing_is_left(simulator):
    simulator.fault(status=429)
    refused = me(simulator)
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["X-RateLimit-Reset"]) >= 1


def test_only_what_matches(simulator):
    simulator.fault("GET /event_types", status=503, times=None)
    assert me(simulator).status_code == 200
    assert simulator.api("POST", "/event_types").status_code == 404
    assert simulator.api("GET", "/event_types/none").status_code == 503
    assert simulator.api("GET", "/event_types").status_code == 503
    simulator.clear_faults()
    assert simulator.api("GET", "/event_types").status_code == 400


def test_a_method_alone_matches_api_calls(simulator):
    simulator.fault("POST", status=500)
    assert me(simulator).status_code == 200
    assert simulator.api("POST", "/scheduling_links").status_code == 500


def test_pages_are_hit_only_by_name(simulator):
    simulator.fault(status=500)
    assert simulator.http.get("/ada-host/consultation").status_code == 200
    simulator.clear_faults()
    simulator.fault("/ada-host", status=500)
    assert simulator.http.get("/ada-host/consultation").status_code == 500


def test_a_body_of_choice_and_html(simulator):
    simulator.fault(status=200, body="not json")
    assert me(simulator).text == "not json"
    simulator.fault(html=True)
    refused = me(simulator)
    assert (refused.status_code, refused.headers["Content-Type"][:9]) == (502, "text/html")


def test_a_dropped_connection(simulator):
    simulator.fault(drop_connection=True)
    with pytest.raises(httpx.RemoteProtocolError):
        me(simulator)
    assert me(simulator).status_code == 200


def test_an_answer_cut_short_after_the_work_is_done(simulator):
    simulator.fault("POST /scheduling_links", truncate=True)
    body = {
        "max_event_count": 1,
        "owner": simulator.event_type()["uri"],
        "owner_type": "EventType",
    }
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.api("POST", "/scheduling_links", json=body)
    assert [call["status"] for call in simulator.requests()] == [201]


@pytest.mark.parametrize(("perform", "left"), [(True, "canceled"), (False, "active")])
def test_the_work_may_be_done_although_the_answer_is_lost(simulator, perform, left):
    booked = simulator.book()
    path = booked["event"]["uri"].removeprefix("https://api.calendly.com")
    simulator.fault("POST", drop_connection=True, perform=perform)
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.api("POST", f"{path}/cancellation")
    assert simulator.api("GET", path).json()["resource"]["status"] == left


def test_a_late_answer_runs_into_the_time_limit(simulator):
    simulator.fault(delay=0.3)
    with pytest.raises(httpx.ReadTimeout):
        simulator.api("GET", "/users/me", timeout=0.05)


def test_calls_are_logged_without_secrets(simulator):
    simulator.subscribe("http://127.0.0.1:9/")
    simulator.api("GET", "/event_types", params={"count": "5"})
    subscribed, listed = simulator.requests()
    assert (listed["method"], listed["path"], listed["status"]) == ("GET", "/event_types", 400)
    assert listed["query"] == {"count": "5"}
    assert subscribed["body"]["url"] == "http://127.0.0.1:9/"
    written = str(simulator.requests())
    assert simulator.token_value not in written
    assert simulator.signing_key not in written
    simulator.clear_requests()
    assert simulator.requests() == []
