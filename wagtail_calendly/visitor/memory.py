"""What the visitor's server session remembers: the references minted for them, and what each was for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wagtail_calendly.bookings import reference as references
from wagtail_calendly.exceptions import InvalidReference
from wagtail_calendly.visitor.asked import Consent, Embed

KEY = "wagtail_calendly"
#: Readable by the boot module: only where it is set does it ask whether there is something to resume.
MARKER = "wc_resume"
#: An unused reference is offered again for this long.
YOUNG = timedelta(hours=12)
#: Enough for several tabs; bounded, so that a session row stays small.
MOST = 10


@dataclass(frozen=True)
class Choice:
    """A session that the visitor chose, and the reference that their booking will carry."""

    reference: str
    session_type_id: int
    embed: Embed = "inline"
    consent: Consent = "click"
    tracking: dict[str, str] = field(default_factory=dict)

    @property
    def parsed(self) -> references.Reference:
        """Raises `InvalidReference` once the key that signed it is gone."""
        return references.read(self.reference)

    def is_young(self, now: datetime) -> bool:
        return now - self.parsed.minted_at < YOUNG


def choices(request: HttpRequest) -> list[Choice]:
    """All that this visitor chose lately, newest last. Reads only: no cookie is set."""
    return [choice for item in request.session.get(KEY, []) if (choice := _read(item))]


def current(request: HttpRequest) -> Choice | None:
    """What the visitor chose last."""
    return next(reversed(choices(request)), None)


def held(request: HttpRequest, reference: str) -> Choice | None:
    """The choice with this reference, if it was minted for this visitor."""
    return next((c for c in choices(request) if c.reference == reference), None)


def holds(request: HttpRequest, reference: str) -> bool:
    """Whether this reference was minted for this visitor."""
    return held(request, reference) is not None


def remember(request: HttpRequest, choice: Choice) -> None:
    """Make this the current choice; the oldest are forgotten."""
    others = [c for c in choices(request) if c.reference != choice.reference]
    request.session[KEY] = [asdict(c) for c in [*others, choice]][-MOST:]


def mark(response: HttpResponse) -> HttpResponse:
    """Tell the boot module that there is something to resume. Says nothing about the visitor."""
    response.set_cookie(
        MARKER,
        "1",
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def unmark(response: HttpResponse) -> HttpResponse:
    """There is nothing to resume."""
    response.delete_cookie(MARKER, path=settings.SESSION_COOKIE_PATH, samesite="Lax")
    return response


def _read(item: Any) -> Choice | None:
    """A remembered choice; None where an older release or another key wrote it."""
    try:
        choice = Choice(**item)
        references.read(choice.reference)
    except (TypeError, AttributeError, InvalidReference):
        return None
    return choice
