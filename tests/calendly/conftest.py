"""Stand-ins for the far end of the client: a transport that answers from a list, and a real loopback server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from hypothesis import settings

from wagtail_calendly.calendly import CalendlyClient

# A busy machine is not a fault of the code.
settings.register_profile("any-speed", deadline=None)
settings.load_profile("any-speed")

PAYLOADS = Path(__file__).resolve().parent.parent / "payloads"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def answer(name: str, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=payload(name), headers=headers)


class FarEnd(httpx.BaseTransport):
    """Gives out its answers in turn and keeps the requests; raises what is an exception."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response | Exception] = []
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    @property
    def last_json(self) -> Any:
        return json.loads(self.last.content)


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def client(far_end: FarEnd) -> Iterator[CalendlyClient]:
    with CalendlyClient("secret-token", transport=far_end) as client:
        yield client


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Retries happen as in life, up to five attempts, but without the pauses."""
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture
def one_attempt() -> Iterator[None]:
    """Nothing is tried again."""
    with stamina.set_testing(True):
        yield


Handle = Callable[[BaseHTTPRequestHandler], None]


class LoopbackServer(ThreadingHTTPServer):
    """Handles one request after the other with its `handlers`; the last one stays."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.handlers: list[Handle] = []
        self.paths: list[str] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that a handler cut are meant to be cut."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        handlers = self.server.handlers
        (handlers.pop(0) if len(handlers) > 1 else handlers[0])(self)

    do_POST = do_GET  # noqa: N815 (the name http.server looks for)

    def log_message(self, *args: Any) -> None:
        """Silent."""


def reply(status: int, body: bytes, **headers: str) -> Handle:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers.get("Content-Length", 0)))
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return handle


def hang(request: BaseHTTPRequestHandler) -> None:
    """Take the request and say nothing until the test ends."""
    request.server.release.wait(30)  # type: ignore[attr-defined]
    request.close_connection = True


def hang_up(request: BaseHTTPRequestHandler) -> None:
    """Take the request and close the connection."""
    request.close_connection = True


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    server = LoopbackServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()
