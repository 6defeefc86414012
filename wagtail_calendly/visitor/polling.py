"""Asking again, politely: a fragment that waits, asks our server, and is replaced by itself or by news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FIRST_DELAY = 5
LONGEST_DELAY = 30
GROWS = 1.1
#: About an hour of waiting; after that the visitor asks, by a link.
MOST_TRIES = 120


@dataclass(frozen=True)
class Poll:
    """Where to ask, what the visitor sees now, and how often they were asked for already."""

    path: str
    seen: str = ""
    tries: int = 0
    reference: str = ""

    @property
    def url(self) -> str:
        given: dict[str, Any] = {"reference": self.reference, "seen": self.seen}
        query = {name: value for name, value in given.items() if value} | {"tries": self.tries}
        return f"{self.path}?{urlencode(query)}"

    @property
    def delay(self) -> int:
        """Seconds until the next question."""
        return min(LONGEST_DELAY, int(FIRST_DELAY * GROWS**self.tries))

    @property
    def is_over(self) -> bool:
        return self.tries >= MOST_TRIES


def read(request: HttpRequest) -> Poll:
    """The poll that this request is."""
    tries = request.GET.get("tries", "")
    return Poll(
        path=request.path,
        seen=request.GET.get("seen", "")[:80],
        tries=min(int(tries), MOST_TRIES) if tries.isascii() and tries.isdigit() else 0,
        reference=request.GET.get("reference", "")[:64],
    )


def nothing_new(request: HttpRequest, poll: Poll) -> HttpResponse:
    """Only the poll itself is replaced: the page does not move under the visitor."""
    later = Poll(poll.path, poll.seen, poll.tries + 1, poll.reference)
    response = render(request, "wagtail_calendly/visitor/poll.html", {"poll": later})
    response["HX-Retarget"] = "this"
    response["HX-Reswap"] = "outerHTML"
    return response


def stop() -> HttpResponse:
    """Nothing will come of asking again. 286 is htmx's word for it."""
    response = HttpResponse(status=286)
    response["HX-Reswap"] = "none"
    return response
