"""Staff write something down about a booking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import notes
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction
from wagtail_calendly.desk.actions.forms import ReasonForm

LONGEST = 2000


class NoteForm(ReasonForm):
    """The note; what happens does not depend on it."""

    reason = None
    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    @property
    def asks_first(self) -> bool:
        return False


class NoteView(BookingAction):
    """Add a note; there is always room for one."""

    name = "note"
    label = gettext_lazy("Add a note")
    icon = "comment-add"
    form_class = NoteForm

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return True

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _(
                "It is kept with the booking, with your name and the time; the invitee never sees it."
            ),
            _("It is deleted when the personal data of this booking is erased."),
        ]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Keep the note")

    def act(self, said: dict[str, Any]) -> str:
        notes.add(self.booking, text=said["text"], user=self.user)
        return _("The note is kept.")
