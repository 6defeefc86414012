"""The first thing a newcomer types: `make demo` starts, shows its pages, keeps its data, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(var: Path, ports: tuple[int, int]) -> Iterator[str]:
    """The running demo, as what it printed until it was ready."""
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name} | {
        "DEMO_VAR": str(var),
        "DEMO_SITE_PORT": str(ports[0]),
        "DEMO_SIMULATOR_PORT": str(ports[1]),
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail("".join(printed))
        yield "".join(printed)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, process.stdout.read()
    finally:
        process.kill()
        process.stdout.close()


def nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def payments_are_told_to(port: int) -> str:
    """The one address at which Stripe, played, tells the site of payments."""
    asked = httpx.get(
        f"http://127.0.0.1:{port}/v1/webhook_endpoints",
        headers={"Authorization": "Bearer sk_test_simulator"},
    )
    (endpoint,) = asked.json()["data"]
    return str(endpoint["url"])


@pytest.mark.timeout(400)  # on a busy machine; migrating and drawing the pictures takes most of it
def test_the_demo_starts_twice_with_the_same_data_and_stops_cleanly(tmp_path: Path) -> None:
    ports = (free_port(), free_port())
    address = f"http://localhost:{ports[0]}"
    with demo(tmp_path, ports) as printed:
        assert f"{address}/admin/" in printed
        home = httpx.get(f"{address}/en/")
        assert home.status_code == 200
        assert home.text.count("data-wc-choose") == 5
        assert "set-cookie" not in home.headers
        assert f"frame-src http://127.0.0.1:{ports[1]}" in home.headers["Content-Security-Policy"]
        assert "Wählen Sie ein Gespräch" in httpx.get(f"{address}/de/").text
        for price in ("€90", "€120", "€60 now, the rest of €240 later"):
            assert price in home.text
        assert payments_are_told_to(ports[1]).startswith(address)
        for path in ("/en/reviews/", "/en/contact/", "/admin/login/"):
            assert httpx.get(address + path).status_code == 200
    assert all(nobody_listens(port) for port in ports)

    with demo(tmp_path, ports) as printed:
        assert "only this once" not in printed
        assert httpx.get(f"{address}/en/").text.count("data-wc-choose") == 5
    assert all(nobody_listens(port) for port in ports)
