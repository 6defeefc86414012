"""What the panel of a chosen session shows: the calendar, a plain link, or why neither can be offered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from wagtail_calendly import conf
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.snippets.models import EventType, SessionType
from wagtail_calendly.snippets.offer import is_bookable
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.visitor import address
from wagtail_calendly.visitor.memory import Choice

#: How many other sessions are offered where the chosen one is gone.
OTHERS = 6


@dataclass(frozen=True)
class Panel:
    """A chosen session and the way to its calendar. Templates read this and nothing else of the choice."""

    request: HttpRequest
    site: Site
    session_type: SessionType
    choice: Choice
    #: The single-use page of a session that is paid; without it the event type's own is shown.
    link: str = ""

    @cached_property
    def settings(self) -> BookingSettings:
        return settings_of(self.site)

    @cached_property
    def account(self) -> conf.Account:
        return conf.load().account(self.event_type.account)

    @property
    def event_type(self) -> EventType:
        """Bookable session types have one."""
        if self.session_type.event_type is None:
            raise ValueError("This session type has no event type.")
        return self.session_type.event_type

    @cached_property
    def has_calendar(self) -> bool:
        """Whether a frame would work: the account is well and the page is one of Calendly's."""
        troubled = (
            Connection.objects.filter(account=self.event_type.account).exclude(problem="").exists()
        )
        return not troubled and address.is_at(self.scheduling_url, self.account.booking_origins)

    @property
    def scheduling_url(self) -> str:
        return self.link or self.event_type.scheduling_url

    @property
    def tab_address(self) -> str:
        return address.tab(
            self.scheduling_url,
            reference=self.choice.reference,
            tracking=self.choice.tracking,
        )

    @property
    def frame_address(self) -> str:
        return address.frame(
            self.scheduling_url,
            reference=self.choice.reference,
            tracking=self.choice.tracking,
            host=self.request.get_host().partition(":")[0],
            embed=self.choice.embed,
            language=(get_language() or "en").partition("-")[0],
            color=self.session_type.accent_color or self.settings.accent_color,
            hide_details=self.session_type.hide_event_type_details,
        )

    @property
    def privacy_url(self) -> str:
        page = self.settings.privacy_page
        return (page.get_url(self.request) or "") if page else ""

    @property
    def origins(self) -> str:
        """Whose messages the frame may hear, as the element's attribute."""
        return " ".join(self.account.booking_origins)

    @property
    def prefill(self) -> str:
        """Name and e-mail of a visitor who is logged in, for the frame: by message, never by address."""
        user = self.request.user if hasattr(self.request, "user") else None
        if user is None or not user.is_authenticated:
            return ""
        return json.dumps({"name": user.get_full_name(), "email": getattr(user, "email", "")})


def others(session_type: SessionType | None, language: str) -> list[SessionType]:
    """Live sessions of this language that can be booked instead."""
    offered = SessionType.objects.filter(live=True, locale__language_code=language)
    if session_type is not None:
        offered = offered.exclude(pk=session_type.pk)
    return [other for other in offered[: OTHERS * 3] if is_bookable(other)][:OTHERS]


def settings_of(site: Site) -> BookingSettings:
    """The site's booking settings, unsaved where nobody saved any: a GET creates no row."""
    return BookingSettings.objects.filter(site=site).first() or BookingSettings(site=site)
