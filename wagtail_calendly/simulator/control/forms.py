"""Reads what a control call was given, as JSON or from a form, and keeps strangers out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

LOOPBACK = ("localhost", "127.0.0.1", "::1")
FORM = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """The call makes no sense; the message says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


Switch = Callable[[Any, dict[str, Any]], Awaitable[Any]]


def control(switch: Switch) -> Callable[[Request], Awaitable[Response]]:
    """`switch(world, given)` as an endpoint; a form gets the control page back."""

    async def handler(request: Request) -> Response:
        if not is_local(request):
            return _refusal("The control answers to this machine only.", 403)
        try:
            result = await switch(request.app.state.world, await _given(request))
        except RefusedError as why:
            return _refusal(str(why), why.status)
        except (KeyError, TypeError, ValueError) as error:
            return _refusal(f"{type(error).__name__}: {error}", 400)
        if await _is_form(request):
            return RedirectResponse("/control/", status_code=303)
        return JSONResponse({"ok": True} if result is None else result)

    return handler


def is_local(request: Request) -> bool:
    """Host and, where sent, Origin must be loopback: no page elsewhere may reach in."""
    origin = request.headers.get("origin")
    hosts = [urlsplit(f"//{request.headers.get('host', '')}").hostname]
    if origin is not None:
        hosts.append(urlsplit(origin).hostname)
    return all(host in LOOPBACK for host in hosts)


def _refusal(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status_code=status)


async def _is_form(request: Request) -> bool:
    """curl's -d calls JSON a form as well; no form begins with a brace."""
    labeled = request.headers.get("content-type", "").startswith(FORM)
    return labeled and not (await request.body()).startswith(b"{")


async def _given(request: Request) -> dict[str, Any]:
    if request.method == "GET":
        return {name: _value(text) for name, text in request.query_params.items()}
    body = await request.body()
    if await _is_form(request):
        return {name: _value(text) for name, text in parse_qsl(body.decode())}
    given = json.loads(body or b"{}")
    if not isinstance(given, dict):
        raise RefusedError("The body must be a JSON object.")
    return given


def _value(text: str) -> Any:
    """Form fields are text; what reads as a number, true, false, null or a list is meant as one."""
    try:
        return json.loads(text)
    except ValueError:
        return text
