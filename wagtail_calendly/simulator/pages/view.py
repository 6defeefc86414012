"""Renders templates: the environment, its filters, and what every page knows of its frame."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
COLORS = {"background_color": "surface", "text_color": "ink", "primary_color": "primary"}

environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def day(moment: datetime, zone: str) -> str:
    """Tuesday, 5 January 2027."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A}, {local.day} {local:%B %Y}"


def clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def place(location: dict[str, Any]) -> str:
    """Where an event type is held, in a few words."""
    kind: str = location["kind"]
    named = {
        "ask_invitee": "Where you choose",
        "inbound_call": "You call us",
        "outbound_call": "We call you",
        "google_conference": "Google Meet",
        "microsoft_teams_conference": "Microsoft Teams",
    }
    words = kind.removesuffix("_conference").capitalize()
    return location.get("location") or named.get(kind, words)


environment.filters |= {"day": day, "clock": clock, "place": place}


def render(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """A page. No X-Frame-Options, as these pages live in frames."""
    page = environment.get_template(template).render(
        world=request.app.state.world, frame=Frame(request), **context
    )
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def notice(
    request: Request, status: int, title: str, text: str, link: tuple[str, str] | None = None
) -> Response:
    """A page that says what happened and perhaps where to go: `link` is (address, words)."""
    return render(request, "notice.html", {"title": title, "text": text, "link": link}, status)


class Frame:
    """What the address says about being embedded: messages, colors, parts to hide."""

    def __init__(self, request: Request) -> None:
        query = request.query_params
        self.embedded = bool(query.get("embed_domain"))
        self.hide_details = query.get("hide_event_type_details") == "1"
        self.hide_banner = query.get("hide_gdpr_banner") == "1"
        self.style = "; ".join(
            f"--{name}: #{found[1]}"
            for parameter, name in COLORS.items()
            if (found := COLOR.fullmatch(query.get(parameter, "")))
        )
        primary = COLOR.fullmatch(query.get("primary_color", ""))
        if primary:
            self.style += f"; --on-primary: {_readable_on(primary[1])}"
        if query.get("background_color"):
            # Chosen colors are meant for one scheme: following the system would mix two.
            self.style += "; color-scheme: light"


def _readable_on(color: str) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    return "#000" if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#fff"
