"""Lists: newest first, cut by cursors that are ids.

https://docs.stripe.com/api/pagination
"""

from __future__ import annotations

from typing import Any

from wagtail_calendly.simulator.stripe.access import Call
from wagtail_calendly.simulator.stripe.errors import InvalidError, MissingError
from wagtail_calendly.simulator.stripe.params import Integer, Kind, Record, Text

MOMENT = Integer(0, 10**11)


class Created:
    """`created`: one second, or `gt`, `gte`, `lt`, `lte`; parsed to a range that is inclusive."""

    limits = Record(dict.fromkeys(("gt", "gte", "lt", "lte"), MOMENT))

    def parse(self, value: Any, path: str) -> tuple[float, float]:
        if not isinstance(value, dict):
            moment = MOMENT.parse(value, path)
            return moment, moment
        given = self.limits.parse(value, path)
        low = max(given.get("gte", 0), given.get("gt", -1) + 1)
        high = min(given.get("lte", float("inf")), given.get("lt", float("inf")) - 1)
        return low, high


PAGE: dict[str, Kind] = {
    "limit": Integer(1, 100),
    "starting_after": Text(255),
    "ending_before": Text(255),
    "created": Created(),
}


def page(call: Call, asked: dict[str, Any], things: list[Any], shape: Any) -> dict[str, Any]:
    """The part of `things` (newest first) that was asked for."""
    low, high = asked.get("created", (0, float("inf")))
    things = [thing for thing in things if low <= thing.created <= high]
    if "starting_after" in asked and "ending_before" in asked:
        raise InvalidError("You can only use one of starting_after and ending_before.")
    limit, has_more = asked.get("limit", 10), False
    if "ending_before" in asked:
        end = _place(things, asked["ending_before"], "ending_before")
        shown, has_more = things[max(0, end - limit) : end], end > limit
    else:
        cursor = asked.get("starting_after")
        start = _place(things, cursor, "starting_after") + 1 if cursor else 0
        shown, has_more = things[start : start + limit], start + limit < len(things)
    return {
        "object": "list",
        "data": [shape(thing) for thing in shown],
        "has_more": has_more,
        "url": call.request.url.path,
    }


def _place(things: list[Any], id_: str, param: str) -> int:
    for place, thing in enumerate(things):
        if thing.id == id_:
            return place
    raise MissingError("object", id_, param)
