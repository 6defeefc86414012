"""What is tried again and what is not: first through a transport, then over a real connection."""

from __future__ import annotations

import itertools
import json
import socket
import time

import httpx
import pytest
import stamina

from tests.calendly.conftest import answer, payload
from tests.fixtures.loopback import hang, hang_up, reply
from wagtail_calendly.calendly import (
    CalendlyClient,
    CalendlyInvalidRequest,
    CalendlyNotFound,
    CalendlyRateLimited,
    CalendlyUnavailable,
    NewInvitee,
    RateBudget,
)

API = "https://api.calendly.com"
EVENT = f"{API}/scheduled_events/EV"

READS = {
    "get": lambda client: client.current_user(),
    "delete": lambda client: client.delete_no_show(f"{API}/invitee_no_shows/NS"),
}
ACTS = {
    "scheduling link": lambda client: client.create_scheduling_link(f"{API}/event_types/ET"),
    "cancel": lambda client: client.cancel_event(EVENT),
    "book": lambda client: client.create_invitee(
        NewInvitee(
            event_type=f"{API}/event_types/ET",
            start_time="2027-01-05T10:00:00Z",
            email="v@e.org",
            timezone="UTC",
        )
    ),
    "no-show": lambda client: client.create_no_show(f"{EVENT}/invitees/IN"),
    "subscribe": lambda client: client.create_webhook_subscription(
        url="https://site.example/",
        events=[],
        organization="O",
        scope="organization",
        signing_key="k",
    ),
}
UNCERTAIN = [
    httpx.Response(500),
    httpx.Response(503, headers={"Retry-After": "1"}),
    httpx.ReadTimeout("secret"),
    httpx.WriteTimeout("secret"),
    httpx.ReadError("secret"),
    httpx.RemoteProtocolError("secret"),
]
UNSENT = [httpx.ConnectError("secret"), httpx.ConnectTimeout("secret"), httpx.PoolTimeout("secret")]


def again(answer):
    """A fresh copy: a response can be read by one test only."""
    if isinstance(answer, httpx.Response):
        return httpx.Response(answer.status_code, headers=answer.headers)
    return answer


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("failure", UNCERTAIN + UNSENT, ids=repr)
@pytest.mark.parametrize("ask", READS.values(), ids=READS)
def test_what_can_be_repeated_is_tried_again(client, far_end, ask, failure):
    far_end.answers = [again(failure), again(failure), answer("user")]
    ask(client)
    assert len(far_end.requests) == 3


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("failure", UNCERTAIN, ids=repr)
@pytest.mark.parametrize("ask", ACTS.values(), ids=ACTS)
def test_what_would_act_twice_is_sent_once(client, far_end, ask, failure):
    far_end.answers = [again(failure), answer("invitee", 201)]
    with pytest.raises(CalendlyUnavailable) as caught:
        ask(client)
    assert len(far_end.requests) == 1
    assert not caught.value.unsent
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("failure", UNSENT, ids=repr)
def test_what_was_certainly_not_sent_is_sent_again(client, far_end, failure):
    far_end.answers = [failure, answer("scheduling_link", 201)]
    assert client.create_scheduling_link(f"{API}/event_types/ET").booking_url
    assert len(far_end.requests) == 2


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("ask", [*READS.values(), ACTS["cancel"]], ids=[*READS, "cancel"])
def test_a_429_is_waited_for_within_the_time_allowed(client, far_end, ask):
    refused = httpx.Response(429, headers={"X-RateLimit-Reset": "9"})
    far_end.answers = [refused, answer("user")]
    ask(client)
    assert len(far_end.requests) == 2


@pytest.mark.usefixtures("no_waiting")
def test_a_429_that_asks_for_more_time_is_told_at_once(client, far_end):
    far_end.answers = [httpx.Response(429, headers={"X-RateLimit-Reset": "11"})]
    with pytest.raises(CalendlyRateLimited) as caught:
        client.current_user()
    assert (len(far_end.requests), caught.value.retry_after) == (1, 11)


@pytest.mark.usefixtures("no_waiting")
def test_background_work_has_the_time_to_wait_for_the_next_window(far_end):
    one_window_a_look = itertools.count(step=61.0).__next__
    client = CalendlyClient("t", transport=far_end, budget=RateBudget(clock=one_window_a_look))
    refused = httpx.Response(429, headers={"X-RateLimit-Reset": "60"})
    far_end.answers = [refused, answer("user")]
    client.for_background().current_user()
    assert len(far_end.requests) == 2


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize(
    ("status", "kind"), [(400, CalendlyInvalidRequest), (404, CalendlyNotFound)]
)
def test_a_clear_no_is_not_asked_again(client, far_end, status, kind):
    far_end.answers = [httpx.Response(status, json={})]
    with pytest.raises(kind):
        client.current_user()
    assert len(far_end.requests) == 1


@pytest.mark.usefixtures("no_waiting")
def test_it_gives_up_in_the_end(client, far_end):
    far_end.answers = [httpx.Response(500) for _ in range(20)]
    with pytest.raises(CalendlyUnavailable):
        client.current_user()
    assert len(far_end.requests) == 5


def test_without_a_retry_budget_there_is_one_attempt(far_end):
    far_end.answers = [httpx.Response(500), answer("user")]
    with pytest.raises(CalendlyUnavailable):
        CalendlyClient("t", transport=far_end, retry_budget=0).current_user()
    assert len(far_end.requests) == 1


def test_stamina_can_be_switched_off(client, far_end):
    stamina.set_active(False)
    try:
        far_end.answers = [httpx.Response(500), answer("user")]
        with pytest.raises(CalendlyUnavailable):
            client.current_user()
    finally:
        stamina.set_active(True)


def test_time_that_is_used_up_sends_nothing(client, far_end):
    hurried = client.within(0)
    with pytest.raises(CalendlyUnavailable) as caught:
        hurried.current_user()
    assert caught.value.unsent
    assert far_end.requests == []


def test_nobody_waits_for_an_attempt_that_comes_too_late(client, far_end):
    far_end.answers = [httpx.Response(500), answer("user")]
    with pytest.raises(CalendlyUnavailable) as caught:
        client.within(0.19).current_user()  # less than the shortest pause
    assert not caught.value.unsent
    assert len(far_end.requests) == 1


def test_within_is_a_limit_for_all_calls_together(client, far_end):
    far_end.answers = [answer("user"), answer("user")]
    hurried = client.within(3)
    hurried.current_user()
    assert far_end.last.extensions["timeout"]["read"] <= 3
    client.current_user()
    assert far_end.last.extensions["timeout"]["read"] == 10


# Over a real connection

USER = json.dumps(payload("user")).encode()


@pytest.fixture
def quick(server):
    with CalendlyClient("t", base_url=server.url, timeout=0.3, retry_budget=5) as client:
        yield client


def test_a_real_answer(quick, server):
    server.handlers = [reply(200, USER, **{"X-RateLimit-Limit": "500"})]
    assert quick.current_user().name == "Ada Host"


@pytest.mark.survives("foreign-address")
def test_a_real_redirect_is_not_followed(quick, server):
    server.handlers = [reply(302, b"", Location="/users/me")]
    with pytest.raises(Exception, match="not understood"):
        quick.current_user()
    assert len(server.paths) == 1


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize(
    "fault", [hang, hang_up, reply(502, b"<html>"), reply(200, b"{", **{"Content-Length": "9"})]
)
def test_a_real_fault_is_overcome(quick, server, fault):
    server.handlers = [fault, reply(200, USER)]
    assert quick.current_user().name == "Ada Host"
    assert len(server.paths) == 2


@pytest.mark.survives("calendly-fails")
@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("fault", [hang, hang_up])
def test_a_real_fault_never_makes_two_links(quick, server, fault):
    server.handlers = [fault]
    with pytest.raises(CalendlyUnavailable) as caught:
        quick.create_scheduling_link(f"{API}/event_types/ET")
    assert len(server.paths) == 1
    assert not caught.value.unsent


def test_a_silent_server_costs_no_more_than_the_time_allowed(server):
    server.handlers = [hang]
    started = time.monotonic()
    with (
        CalendlyClient("t", base_url=server.url, timeout=10).within(0.4) as client,
        pytest.raises(CalendlyUnavailable),
    ):
        client.current_user()
    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there(quick):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    client = CalendlyClient("t", base_url=f"http://127.0.0.1:{port}", retry_budget=0)
    with client, pytest.raises(CalendlyUnavailable, match="cannot be reached") as caught:
        client.current_user()
    assert caught.value.unsent


def test_proxies_of_the_environment_are_not_used(quick, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.handlers = [reply(200, USER)]
    assert quick.current_user().name == "Ada Host"
