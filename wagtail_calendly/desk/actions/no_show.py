"""Staff note that an invitee did not come, here and at Calendly, or take that back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import no_shows
from wagtail_calendly.bookings.models import Status
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction, session_of


class NoShowView(BookingAction):
    """They did not come."""

    name = "no_show"
    label = gettext_lazy("Mark as no-show")
    icon = "circle-xmark"
    refusal = gettext_lazy("The session has not begun, was canceled, or is marked already.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return no_shows.is_markable(held)

    def sentences(self, said: dict[str, Any]) -> list[str]:
        told = _("Calendly notes that the invitee did not come to %(session)s.")
        found = [told % {"session": session_of(self.held)}]
        if self.held.keeper:
            found.append(_("What was paid is kept: nothing is given back by this."))
        return [*found, _("The invitee is not told by this site. You can take it back.")]

    def act(self, said: dict[str, Any]) -> str:
        booking = no_shows.mark(self.booking, user=self.user, reason=said["reason"])
        if booking.status == Status.NO_SHOW:
            return _("Marked as no-show, at Calendly too.")
        return not_yet()


class UndoNoShowView(BookingAction):
    """They did come."""

    name = "undo_no_show"
    label = gettext_lazy("Take back the no-show")
    icon = "circle-check"
    refusal = gettext_lazy("It is not marked as a no-show any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return no_shows.is_marked(held)

    def sentences(self, said: dict[str, Any]) -> list[str]:
        told = _("Calendly takes the mark back: the invitee came to %(session)s.")
        return [
            told % {"session": session_of(self.held)},
            _("Nothing else changes: neither the money nor the appointment."),
        ]

    def act(self, said: dict[str, Any]) -> str:
        booking = no_shows.undo(self.booking, user=self.user, reason=said["reason"])
        if booking.status == Status.NO_SHOW:
            return not_yet()
        return _("It is not a no-show any more, at Calendly either.")


def not_yet() -> str:
    return _("It is noted. Calendly has not confirmed it yet; we keep asking.")
