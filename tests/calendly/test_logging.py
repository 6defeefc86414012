"""The log says what was called, with what result and how long it took; never whose, nor with which token."""

from __future__ import annotations

import json
import logging

import httpx
import pytest

from tests.calendly.conftest import answer, payload
from tests.fixtures.loopback import reply
from wagtail_calendly.calendly import CalendlyClient, CalendlyError

LOGGER = "wagtail_calendly.calendly.connection"
API = "https://api.calendly.com"
PRIVATE = [
    "canary-token",
    "CANARY-EVENT",
    "CANARY-INVITEE",
    "canary@example.org",
    "vi@example.org",
    "canary reason",
    "cancellations",
]


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.name == LOGGER]


def test_one_line_for_each_call(client, far_end, caplog):
    caplog.set_level(logging.INFO)
    headers = {
        "X-RateLimit-Limit": "500",
        "X-RateLimit-Remaining": "499",
        "X-RateLimit-Reset": "60",
    }
    far_end.answers = [answer("invitee", **headers)]
    client.invitee(f"{API}/scheduled_events/EV/invitees/IN")
    [line] = lines(caplog)
    assert line.startswith("Calendly GET /scheduled_events/{id}/invitees/{id}: 200 in ")
    assert line.endswith(" ms, 499 calls left")


def test_each_attempt_has_its_line(client, far_end, caplog, no_waiting):
    caplog.set_level(logging.INFO)
    far_end.answers = [httpx.Response(500), httpx.ReadTimeout("x"), answer("user")]
    client.current_user()
    assert [line.split(" in ")[0].rpartition(": ")[2] for line in lines(caplog)] == [
        "500",
        "no answer",
        "200",
    ]


@pytest.fixture
def everything_logged(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "stamina"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.mark.parametrize("status", [200, 403, 500])
def test_nothing_private_is_logged_at_any_level_by_anyone(
    server, everything_logged, status, no_waiting
):
    body = payload("scheduled_events" if status == 200 else "error_insufficient_scope")
    server.handlers = [reply(status, json.dumps(body).encode())]
    event = f"{API}/scheduled_events/CANARY-EVENT"
    with CalendlyClient("canary-token", base_url=server.url) as client:
        for ask in (
            lambda: list(client.scheduled_events(user="u", invitee_email="canary@example.org")),
            lambda: client.invitee(f"{event}/invitees/CANARY-INVITEE"),
            lambda: client.cancel_event(event, "canary reason"),
        ):
            try:
                ask()
            except CalendlyError as error:
                everything_logged.handler.handle(
                    logging.makeLogRecord({"msg": f"{error!r} {error}", "levelno": 40})
                )
    assert any("CANARY-EVENT" in path for path in server.paths), "the canaries did travel"
    text = everything_logged.text + repr([vars(r) for r in everything_logged.records])
    assert "Calendly GET /scheduled_events" in text
    for private in PRIVATE:
        assert private not in text


def test_httpx_does_not_log_for_us_what_it_logs_for_others(server, everything_logged):
    # The control to the test above: an ordinary client would have told.
    server.handlers = [reply(200, b"{}")]
    httpx.get(f"{server.url}/scheduled_events/CANARY-EVENT", trust_env=False)
    assert "CANARY-EVENT" in everything_logged.text
