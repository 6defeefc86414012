"""What search engines read: the sessions of a block as schema.org offers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from wagtail_calendly.blocks.cards import path
from wagtail_calendly.payments import money
from wagtail_calendly.snippets.models import SessionType

#: Nothing an editor writes can end the script element or begin another.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(sessions: Sequence[SessionType]) -> SafeString:
    """JSON-LD for a script element of type application/ld+json; empty without sessions.

    Such an element is data, not script: a content security policy does not block it.
    https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element
    """
    if not sessions:
        return SafeString("")
    graph = {"@context": "https://schema.org", "@graph": [_offer(each) for each in sessions]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - the translation above leaves no markup


def _offer(session: SessionType) -> dict[str, Any]:
    service = {"@type": "Service", "name": session.title, "description": session.summary}
    offer = {
        "@type": "Offer",
        "url": path(session) if session.pk else "",
        "price": "0",
        "availability": "https://schema.org/InStock",
        "itemOffered": {key: value for key, value in service.items() if value},
    }
    if session.currency:
        offer["priceCurrency"] = session.currency
    if session.is_priced:
        offer |= _price(session)
    return {key: value for key, value in offer.items() if value}


def _price(session: SessionType) -> dict[str, Any]:
    """The whole price, of which a deposit is a part; `price` is as a machine writes decimals."""
    price = str(money.to_decimal(session.price, session.currency))
    if not session.adds_tax:
        return {"price": price}
    specification = {
        "@type": "PriceSpecification",
        "price": price,
        "priceCurrency": session.currency,
        "valueAddedTaxIncluded": False,
    }
    return {"price": price, "priceSpecification": specification}
