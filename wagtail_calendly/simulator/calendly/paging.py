"""Collections in pages with opaque tokens."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.params import Field, integer
from wagtail_calendly.simulator.calendly.state import API

DEFAULT_COUNT = 20


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode().rstrip("=")


def page_token(value: Any) -> int:
    try:
        padded = value + "=" * (-len(value) % 4)
        word, _, offset = base64.urlsafe_b64decode(padded).decode().partition(":")
        if word == "offset":
            return int(offset)
    except (TypeError, ValueError):
        pass
    raise ValueError("is not a valid page token")


PAGING = {"count": Field(integer(1, 100)), "page_token": Field(page_token)}


def paginate(
    call: Call,
    items: Sequence[Any],
    asked: dict[str, Any],
    shape: Callable[[Any], dict[str, Any]],
) -> Response:
    """The page asked for; `asked` is the checked query."""
    count, offset = asked.get("count", DEFAULT_COUNT), asked.get("page_token", 0)
    following = _token(offset + count) if offset + count < len(items) else None
    preceding = _token(max(0, offset - count)) if offset else None
    shown = items[offset : offset + count]
    pagination = {
        "count": len(shown),
        "next_page": _address(call, following),
        "previous_page": _address(call, preceding),
        "next_page_token": following,
        "previous_page_token": preceding,
    }
    return JSONResponse({"collection": [shape(item) for item in shown], "pagination": pagination})


def _address(call: Call, token: str | None) -> str | None:
    if token is None:
        return None
    query = {**call.request.query_params, "page_token": token}
    return f"{API}{call.request.url.path}?{urlencode(query)}"


def resource(shape: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse({"resource": shape}, status_code=status)
