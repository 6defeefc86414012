"""Faults on demand: errors, delays, broken connections and cut bodies instead of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from wagtail_calendly.simulator.wire import App, Message, Receive, Scope, Send, answer, break_off

BAD_GATEWAY = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"

ErrorBody = Callable[[str, int, str], bytes]


@dataclass(frozen=True)
class Instead:
    """What a fault answers with, for a vendor that keeps its answers; `performed`: the work is done."""

    status: int
    body: bytes
    performed: bool


@dataclass
class Fault:
    """What goes wrong with the next `times` requests that match; `times` None means until removed.

    `match` is a method, a path prefix, or both ("GET /scheduled_events"); without it every API
    call matches. `perform` has the request worked on before its answer is replaced or lost; with
    `begun` Stripe keeps the error under the request's idempotency key though nothing was done.
    `code` is the vendor's own for the status, as Stripe's `lock_timeout` for 429.
    """

    match: str = ""
    status: int | None = None
    body: str | None = None
    delay: float = 0.0
    times: int | None = 1
    drop_connection: bool = False
    html: bool = False
    truncate: bool = False
    perform: bool = False
    begun: bool = False
    code: str = ""

    def applies(self, method: str, path: str, *, is_api: bool) -> bool:
        if not self.match:
            return is_api
        wanted, _, prefix = self.match.rpartition(" ")
        if not prefix.startswith("/"):
            wanted, prefix = prefix, "/" if is_api else "\0"
        return path.startswith(prefix) and wanted.upper() in ("", method)

    @property
    def replaces(self) -> bool:
        return self.drop_connection or self.html or self.begun or self.status is not None


class Faults:
    """The faults in force, first come first served."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.active.append(fault)

    def clear(self) -> None:
        self.active.clear()

    def take(self, method: str, path: str, *, is_api: bool) -> Fault | None:
        """The first matching fault, counted down."""
        found = next((f for f in self.active if f.applies(method, path, is_api=is_api)), None)
        if found and found.times is not None:
            found.times -= 1
            if found.times <= 0:
                self.active.remove(found)
        return found


class FaultLayer:
    """Lets faults happen in front of `app`; the control pages are out of their reach."""

    def __init__(
        self, app: App, faults: Faults, *, is_api: Callable[[str], bool], error_body: ErrorBody
    ) -> None:
        self.app, self.faults, self.is_api, self.error_body = app, faults, is_api, error_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/control"):
            return await self.app(scope, receive, send)
        path = scope["path"]
        fault = self.faults.take(scope["method"], path, is_api=self.is_api(path))
        if fault is None:
            return await self.app(scope, receive, send)
        await asyncio.sleep(fault.delay)
        if fault.truncate:
            return await self._cut(scope, receive, send)
        if not fault.replaces:
            return await self.app(scope, receive, send)
        instead = self._instead(fault, path)
        if fault.perform or fault.begun:
            # Lost on the way, or broken by a proxy, the vendor's own answer was the true one.
            if not fault.drop_connection and not fault.html:
                scope["answered_instead"] = instead
            await self.app(scope, receive, _nowhere)
        if fault.drop_connection:
            return await break_off(scope)
        kind = "text/html; charset=utf-8" if fault.html else "application/json"
        await answer(send, instead.status, instead.body, kind)

    def _instead(self, fault: Fault, path: str) -> Instead:
        if fault.html:
            return Instead(fault.status or HTTPStatus.BAD_GATEWAY, BAD_GATEWAY, fault.perform)
        status = fault.status or HTTPStatus.INTERNAL_SERVER_ERROR
        body = self.error_body(path, status, fault.code)
        if fault.body is not None:
            body = fault.body.encode()
        return Instead(status, body, fault.perform)

    async def _cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The true answer, broken off in the middle of its body."""

        async def half(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                message = {**message, "body": body[: len(body) // 2], "more_body": True}
            await send(message)

        await self.app(scope, receive, half)
        await break_off(scope)


async def _nowhere(message: Message) -> None:
    """Swallows an answer that the client is not to see."""
