"""What the measured site offers: sessions, and pages that show them."""

from __future__ import annotations

from typing import Any

from tests.factories import SessionTypeFactory, default_site
from tests.host.models import HostPage
from wagtail_calendly.models import SessionType

SESSIONS = 6


def sessions(**fields: Any) -> list[SessionType]:
    """As many live sessions as the measured block shows."""
    return [SessionTypeFactory(**fields) for _ in range(SESSIONS)]


def page(kind: str, value: Any, title: str = "Book") -> HostPage:
    """A live page with one block: "booking" with its sessions, or "html" with its text."""
    if kind == "booking":
        value = {
            "heading": "Talk with us",
            "introduction": "",
            "sessions": value,
            "all_sessions": False,
            "layout": "cards",
            "embed_mode": "inline",
            "consent": "click",
        }
    new = HostPage(title=title, slug=f"{kind}-page", body=[(kind, value)])
    default_site().root_page.add_child(instance=new)
    return HostPage.objects.get(pk=new.pk)


def path_of(page: HostPage) -> str:
    return f"/{page.slug}/"
