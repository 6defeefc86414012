"""The process: its ready line, its tokens, its end; and that it stands alone."""

from __future__ import annotations

import socket
import subprocess
import sys

import httpx
import pytest

from tests.fixtures.simulator import start_simulator, stop_simulator


def test_starts_with_tokens_and_origin_and_stops_cleanly():
    process, url = start_simulator("--token", "one", "--public-origin", "http://calendar.test/")
    try:
        headers = {"Authorization": "Bearer one"}
        user = httpx.get(f"{url}/users/me", headers=headers, trust_env=False).json()["resource"]
        assert user["scheduling_url"] == "http://calendar.test/ada-host"
        usual = {"Authorization": "Bearer simulator-token"}
        refused = httpx.get(f"{url}/users/me", headers=usual, trust_env=False)
        assert refused.status_code == 401
    finally:
        assert stop_simulator(process) == 0


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "wagtail_calendly.simulator", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_else_of_the_package_is_imported():
    code = (
        "import sys, wagtail_calendly.simulator.server\n"
        "print(*(m for m in sys.modules if m.startswith('wagtail_calendly.')"
        " and not m.startswith('wagtail_calendly.simulator')), 'django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Host": "127.0.0.1.attacker.example"},
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
    ],
)
def test_control_is_for_this_machine_only(simulator, headers):
    simulator.book()
    assert simulator.http.post("/control/reset", headers=headers).status_code == 403
    assert simulator.http.get("/control/", headers=headers).status_code == 403
    assert simulator.http.get("/control/requests", headers=headers).status_code == 403


def test_control_refuses_nonsense_with_a_reason(simulator):
    for path, given in [
        ("book", {"event_type": "none"}),
        ("cancel", {"invitee": "none"}),
        ("webhooks", {"mode": "sing"}),
        ("faults", {"made_up": 1}),
        ("event_types", {"slug": "consultation", "hosts": []}),
        ("deliveries/redeliver", {"id": "none"}),
        ("role", {"role": "emperor"}),
        ("book", {}),
    ]:
        refused = simulator.http.post(f"/control/{path}", json=given)
        assert refused.status_code in (400, 404), path
        assert refused.json()["error"], path


def test_a_form_leads_back_to_the_control_page(simulator):
    done = simulator.http.post("/control/book", data={"event_type": "consultation"})
    assert (done.status_code, done.headers["Location"]) == (303, "/control/")
    page = simulator.http.get("/control/")
    assert "Vi Sitor" in page.text
