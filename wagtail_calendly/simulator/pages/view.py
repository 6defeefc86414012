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

from wagtail_calendly.simulator.stripe.currencies import shown

COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
COLORS = {"background_color": "surface", "text_color": "ink", "primary_color": "primary"}
LIGHT = {
    "page": "f3f1ee",
    "surface": "ffffff",
    "ink": "1d2530",
    "primary": "1a5fd0",
    "danger": "b3261e",
    "good": "1c7a3e",
}

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


environment.filters |= {"day": day, "clock": clock, "place": place, "money": shown}


def render(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """A page. No X-Frame-Options, as these pages live in frames."""
    page = environment.get_template(template).render(
        world=request.app.state.world, frame=Frame(request), **context
    )
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def notice(
    request: Request,
    status: int,
    title: str,
    text: str,
    link: tuple[str, str] | None = None,
    *,
    vendor: str = "Calendly",
) -> Response:
    """A page that says what happened and perhaps where to go: `link` is (address, words)."""
    context = {"title": title, "text": text, "link": link, "vendor": vendor}
    return render(request, "notice.html", context, status)


class Frame:
    """What the address says about being embedded: messages, colors, parts to hide."""

    def __init__(self, request: Request) -> None:
        query = request.query_params
        self.embedded = bool(query.get("embed_domain"))
        self.hide_details = query.get("hide_event_type_details") == "1"
        self.hide_banner = query.get("hide_gdpr_banner") == "1"
        given = {
            name: found[1]
            for parameter, name in COLORS.items()
            if (found := COLOR.fullmatch(query.get(parameter, "")))
        }
        self.style = _style({**LIGHT, **given}) if given else ""


def _style(colors: dict[str, str]) -> str:
    """The colors chosen on top of the light ones: following the system would mix two schemes."""
    primary, surface = _brightness(colors["primary"]), _brightness(colors["surface"])
    on_primary = "#000" if primary > 150 else "#fff"
    accent = "primary" if abs(primary - surface) > 110 else "ink"
    parts = [f"--{name}: #{color}" for name, color in colors.items()]
    parts += [f"--on-primary: {on_primary}", f"--accent: var(--{accent})", "color-scheme: light"]
    return "; ".join(parts)


def _brightness(color: str) -> float:
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue
