"""One session as a card shows it, and the address that its link leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from wagtail_calendly.blocks import facts, look
from wagtail_calendly.snippets import images
from wagtail_calendly.snippets.models import PaymentOrder, SessionType

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


@dataclass(frozen=True)
class CardImage:
    """An image with its size, so that nothing moves while it loads. Decorative: the title stands beside it."""

    src: str
    srcset: str
    width: int
    height: int


@dataclass(frozen=True)
class Card:
    """What the card template prints. `lang` is set where the session's language is not the page's."""

    session: SessionType
    href: str
    price: str
    facts: list[str] = field(default_factory=list)
    image: CardImage | None = None
    lang: str = ""
    accent_class: str = ""

    @property
    def is_paid_first(self) -> bool:
        """Whether its button leads to paying, and a time is chosen afterwards."""
        return (
            self.session.is_priced and self.session.payment_order == PaymentOrder.BEFORE_SCHEDULING
        )


def card(
    session: SessionType,
    *,
    page_id: int | None = None,
    locale_id: int | None = None,
    embed: str = "",
    consent: str = "",
) -> Card:
    """The card of a session on a page; no query for sessions loaded through `SessionType.objects`."""
    foreign = locale_id is not None and session.locale_id not in (None, locale_id)
    return Card(
        session=session,
        href=address(session, page_id=page_id, embed=embed, consent=consent),
        price=facts.price(session),
        facts=facts.facts(session),
        image=card_image(session.image) if session.image else None,
        lang=session.locale.language_code if foreign else "",
        accent_class=look.css_class(session.accent_color),
    )


def address(session: SessionType, *, page_id: int | None, embed: str, consent: str) -> str:
    """Where the session is booked, with what the visitor's room needs to know of the block."""
    if session._state.adding:  # a sample in a preview
        return "#"
    query = {"page": page_id, "embed": embed, "consent": consent}
    encoded = urlencode({name: value for name, value in query.items() if value})
    return path(session) + (f"?{encoded}" if encoded else "")


def path(session: SessionType) -> str:
    """The session's own page."""
    return reverse("wagtail_calendly:session", kwargs={"pk": session.pk, "slug": session.slug})


def card_image(image: AbstractImage) -> CardImage:
    """The sizes made on publishing; the original where they are missing, as after a change of focus."""
    renditions = images.existing(image)
    if not renditions:
        return CardImage(image.file.url, "", images.WIDTH, images.HEIGHT)
    # A small original is not enlarged: then both sizes have the same width.
    by_width = {rendition.width: rendition.url for rendition in renditions}
    return CardImage(
        src=renditions[0].url,
        srcset=", ".join(f"{url} {width}w" for width, url in by_width.items()),
        width=renditions[0].width,
        height=renditions[0].height,
    )
