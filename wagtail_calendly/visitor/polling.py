"""Asking again, politely: a fragment that waits, asks our server, and is replaced by itself or by news."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FIRST_DELAY = 5
LONGEST_DELAY = 30
GROWS = 1.1
#: About an hour of waiting; after that the visitor asks, by a link.
MOST_TRIES = 120
#: About two minutes, in which what was changed at Calendly arrives here.
TRIES_AFTER_RETURN = 12


@dataclass(frozen=True)
class Poll:
    """Where to ask, what the visitor sees now, and how often they were asked for already."""

    path: str
    seen: str = ""
    tries: int = 0
    reference: str = ""
    #: Nothing is pending: ask only when the visitor comes back to the page.
    is_slow: bool = False
    #: They just came back, perhaps from Calendly's own page and faster than its webhook.
    is_back: bool = False
    #: They come from the payment page, which says that they paid.
    is_paid: bool = False

    @property
    def url(self) -> str:
        given: dict[str, Any] = {
            "reference": self.reference,
            "seen": self.seen,
            "back": "1" if self.is_back else "",
            "paid": "1" if self.is_paid else "",
        }
        if not self.is_slow:
            given["tries"] = self.tries
        query = {name: value for name, value in given.items() if value != ""}
        return f"{self.path}?{urlencode(query)}"

    @property
    def trigger(self) -> str:
        """When htmx asks again. The slow interval takes over where a question was lost."""
        back = "focus from:window throttle:5s"
        return back if self.is_slow else f"load delay:{self.delay}s, every 60s, {back}"

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
        tries=min(int(tries[:6]), MOST_TRIES) if tries.isascii() and tries.isdigit() else 0,
        reference=request.GET.get("reference", "")[:64],
        is_slow="tries" not in request.GET,
        is_back="back" in request.GET,
        is_paid="paid" in request.GET,
    )


def after(poll: Poll) -> Poll:
    """The next question: for a visitor who came back it is asked some times, then again on their return."""
    if poll.is_slow:
        return replace(poll, is_slow=False, is_back=True)
    if poll.is_back and poll.tries >= TRIES_AFTER_RETURN:
        return replace(poll, is_slow=True, is_back=False, tries=0)
    is_paid = poll.is_paid and poll.tries < TRIES_AFTER_RETURN
    return replace(poll, tries=poll.tries + 1, is_paid=is_paid)


def nothing_new(request: HttpRequest, poll: Poll) -> HttpResponse:
    """Only the poll itself is replaced: the page does not move under the visitor."""
    later = after(poll)
    response = render(request, "wagtail_calendly/visitor/poll.html", {"poll": later})
    response["HX-Retarget"] = "this"
    response["HX-Reswap"] = "outerHTML"
    return response


def stop() -> HttpResponse:
    """Nothing will come of asking again. 286 is htmx's word for it."""
    response = HttpResponse(status=286)
    response["HX-Reswap"] = "none"
    return response
