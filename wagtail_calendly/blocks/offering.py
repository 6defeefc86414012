"""All that a booking block's template prints: cards, layout, look, warnings for editors, contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail_calendly.blocks.cards import Card, card
from wagtail_calendly.blocks.selection import Selection
from wagtail_calendly.blocks.site import SiteDefaults
from wagtail_calendly.blocks.structured_data import json_ld
from wagtail_calendly.snippets.look import Layout


@dataclass(frozen=True)
class Offering:
    """For the block's template."""

    cards: list[Card]
    layout: str
    embed: str
    consent: str
    warnings: list[str]
    contact_email: str
    contact_phone: str
    heading_level: int
    title_level: int
    json_ld: str

    @property
    def sessions(self) -> list[Any]:
        """The session types of the cards; the assets need their colours."""
        return [each.session for each in self.cards]


def offering(
    selection: Selection,
    value: Mapping[str, Any],
    *,
    site: SiteDefaults,
    page: Any,
    heading_level: int,
    for_editor: bool,
) -> Offering:
    """Put together what a block's value, the site's defaults and the selected sessions say.

    Titles of sessions stand one level below the block's heading, or take its place without one.
    Warnings are for editors; pages that visitors get carry none.
    """
    embed = value["embed_mode"] or site.embed_mode
    consent = value["consent"] or "click"
    cards = [
        card(
            session,
            page_id=getattr(page, "pk", None),
            locale_id=getattr(page, "locale_id", None),
            embed=embed,
            consent=consent,
        )
        for session in selection.shown
    ]
    return Offering(
        cards=cards,
        layout=_layout(value["layout"] or site.layout, len(cards)),
        embed=embed,
        consent=consent,
        warnings=selection.withheld if for_editor else [],
        contact_email=site.contact_email,
        contact_phone=site.contact_phone,
        heading_level=heading_level,
        title_level=min(6, heading_level + bool(value["heading"])),
        json_ld=json_ld(selection.shown),
    )


def _layout(wanted: str, count: int) -> str:
    """A site that opens single sessions directly still shows several as cards."""
    return Layout.CARDS.value if wanted == Layout.DIRECT and count != 1 else str(wanted)
