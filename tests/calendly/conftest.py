"""A stand-in for the far end of the client: a transport that answers from a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
