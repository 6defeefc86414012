"""A record of every API call since the last reset: what was asked, and the answer's status."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from wagtail_calendly.simulator.wire import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    read_body,
    readable,
    replay,
)

KEPT = 10_000
SECRETS = {"signing_key"}


class RequestLog:
    """The newest calls. Of the headers only the idempotency key is kept; secrets are masked."""

    def __init__(self) -> None:
        self.calls: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def clear(self) -> None:
        self.calls.clear()

    def open(self, scope: Scope, body: bytes) -> dict[str, Any]:
        headers = Headers(scope=scope)
        query = scope["query_string"].decode(errors="replace")
        call = {
            "method": scope["method"],
            "path": scope["path"],
            "query": dict(parse_qsl(query, keep_blank_values=True)),
            "body": _masked(readable(body, headers.get("content-type", ""))),
            "idempotency_key": headers.get("idempotency-key"),
            "status": None,
        }
        self.calls.append(call)
        return call


def _masked(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {name: "…" if name in SECRETS else value for name, value in body.items()}


class RequestLogLayer:
    """Writes each API call down before it is worked on; a lost answer keeps the status None."""

    def __init__(self, app: App, log: RequestLog, *, is_api: Callable[[str], bool]) -> None:
        self.app, self.log, self.is_api = app, log, is_api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.is_api(scope["path"]):
            return await self.app(scope, receive, send)
        body = await read_body(receive)
        call = self.log.open(scope, body)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                call["status"] = message["status"]
            await send(message)

        await self.app(scope, replay(body, receive), noting)
