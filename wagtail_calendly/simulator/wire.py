"""What ASGI layers share: read a body and hand it on, answer at once, break a connection off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from wagtail_calendly.simulator import brackets

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_transports: dict[tuple[str, int] | None, asyncio.Transport] = {}


class BreakableProtocol(H11Protocol):
    """Remembers its transport: ASGI itself has no way to hang up on a client."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _transports.pop(self.client, None)
        super().connection_lost(exc)


async def break_off(scope: Scope) -> None:
    """Close the client's connection after what is already written."""
    transport = _transports.get(scope["client"])
    if transport is None:
        return
    transport.close()
    while scope["client"] in _transports:
        await asyncio.sleep(0)


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body already read, then whatever the server says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def answer(send: Send, status: int, body: bytes, content_type: str) -> None:
    """One whole response."""
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def readable(body: bytes, content_type: str) -> Any:
    """A body as JSON or as a form where it is one, else as text; None when empty."""
    if not body:
        return None
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            return brackets.decode(body.decode())
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
