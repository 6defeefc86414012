"""Who may call: tokens, scopes, roles, and the rate limit with its headers on every answer."""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator.calendly.booking import Desk
from wagtail_calendly.simulator.calendly.errors import (
    ApiError,
    InvalidParametersError,
    error_body,
    insufficient_scope,
)
from wagtail_calendly.simulator.calendly.params import Field, check
from wagtail_calendly.simulator.calendly.state import Calendly, Token, User
from wagtail_calendly.simulator.wire import App, Message, Receive, Scope, Send, answer

WINDOW = 60.0


class Call:
    """One authenticated API call."""

    def __init__(self, request: Request, calendly: Calendly, desk: Desk, token: Token) -> None:
        self.request, self.calendly, self.desk, self.token = request, calendly, desk, token

    @property
    def caller(self) -> User:
        return self.token.user

    @property
    def is_admin(self) -> bool:
        return self.caller.role in ("admin", "owner")

    def id(self, name: str = "id") -> str:
        return str(self.request.path_params[name])

    def query(self, fields: dict[str, Field]) -> dict[str, Any]:
        return check(self.request.query_params, fields)

    async def body(self, fields: dict[str, Field]) -> dict[str, Any]:
        """The JSON object sent; nothing at all counts as `{}`."""
        raw = await self.request.body()
        try:
            sent = json.loads(raw or b"{}")
        except ValueError:
            raise ApiError(400, "The request body is not valid JSON.") from None
        if not isinstance(sent, dict):
            raise InvalidParametersError([])
        return check(sent, fields)

    def may_see_user(self, uri: str) -> User:
        """A member sees only themselves, owners and admins everybody; else 403."""
        found = next((u for u in self.calendly.users.values() if u.uri == uri), None)
        if found is None or (found is not self.caller and not self.is_admin):
            raise ApiError(403)
        return found

    def may_see_organization(self, uri: str) -> None:
        if uri != self.calendly.organization or not self.is_admin:
            raise ApiError(403)


View = Callable[[Call], Awaitable[Response]]


def endpoint(view: View, *scopes: str) -> Callable[[Request], Awaitable[Response]]:
    """`view` behind a valid token that has all of `scopes`."""

    async def handler(request: Request) -> Response:
        world = request.app.state.world
        token = _authenticate(request, world.calendly)
        if not all(token.may(scope) for scope in scopes):
            raise insufficient_scope(list(scopes))
        return await view(Call(request, world.calendly, world.desk, token))

    return handler


def _authenticate(request: Request, calendly: Calendly) -> Token:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = calendly.tokens.get(value)
    if scheme.lower() != "bearer" or token is None or not token.valid:
        raise ApiError(401)
    return token


async def refuse(request: Request, error: Exception) -> Response:
    """Starlette's handler for ApiError."""
    assert isinstance(error, ApiError)  # noqa: S101 - registered for ApiError only
    return JSONResponse(error.body, status_code=error.status)


class RateLimit:
    """Requests of the last minute by token; real time, so that a clock offset frees nobody."""

    def __init__(self) -> None:
        self.calls: dict[str, deque[float]] = defaultdict(deque)

    def clear(self) -> None:
        self.calls.clear()

    def take(self, key: str, limit: int) -> tuple[bool, int, int]:
        """(allowed, remaining, seconds until the window frees a place)."""
        now = time.monotonic()
        window = self.calls[key]
        while window and window[0] <= now - WINDOW:
            window.popleft()
        allowed = len(window) < limit
        if allowed:
            window.append(now)
        oldest = window[0] if window else now
        seconds = max(1, math.ceil(WINDOW - (now - oldest)))
        return allowed, max(0, limit - len(window)), seconds


class RateLimitLayer:
    """Counts API calls, answers 429 beyond the limit, and writes X-RateLimit-* on all answers.

    https://developer.calendly.com/api-docs/overview/rate-limits
    """

    def __init__(
        self,
        app: App,
        rate: RateLimit,
        calendly: Callable[[], Calendly],
        *,
        is_api: Callable[[str], bool],
    ) -> None:
        self.app, self.rate, self.calendly, self.is_api = app, rate, calendly, is_api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.is_api(scope["path"]):
            return await self.app(scope, receive, send)
        calendly = self.calendly()
        key = Headers(scope=scope).get("authorization", "")
        limit = calendly.per_minute
        allowed, remaining, reset = self.rate.take(key, limit)
        booking_limit = calendly.invitees_per_minute
        if allowed and booking_limit is not None and _books(scope):
            limit = booking_limit
            allowed, remaining, reset = self.rate.take(f"invitees {key}", limit)

        async def limited(message: Message) -> None:
            if message["type"] == "http.response.start":
                left = 0 if message["status"] == 429 else remaining
                numbers = {"limit": limit, "remaining": left, "reset": reset}
                message["headers"] = [
                    *message.get("headers", []),
                    *((f"x-ratelimit-{k}".encode(), str(v).encode()) for k, v in numbers.items()),
                ]
            await send(message)

        if allowed:
            return await self.app(scope, receive, limited)
        await answer(limited, 429, error_body(429), "application/json")


def _books(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == "/invitees")
