"""A mail is sent once more, for several bookings."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from wagtail_calendly.bookings.acts import resending
from wagtail_calendly.bookings.mails import Mail
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.desk.bulk.confirming import BookingBulkAction, ChosenForm


class ResendForm(ChosenForm):
    """Which mail."""

    mail = forms.ChoiceField(
        label=gettext_lazy("Mail"),
        help_text=gettext_lazy(
            "It goes to those to whom it was sent before, where what it says is still so."
        ),
        choices=[(mail.value, mail.label) for mail in Mail if mail not in resending.LEFT_OUT],
    )


class ResendBulkAction(BookingBulkAction):
    """A mail is sent once more."""

    display_name = gettext_lazy("Send a mail again")
    action_type = "resend"
    aria_label = gettext_lazy("Send a mail of the selected bookings again")
    action_priority = 20
    #: Mail servers do not like more in one breath.
    most = 100
    form_class = ResendForm

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        user = cast(Any, self.request.user)
        resending.ask_for(booking, Mail(said["mail"]), user=user)

    def told(self, done: int) -> str:
        text = ngettext("%(done)d mail is sent again.", "%(done)d mails are sent again.", done)
        return text % {"done": done}
