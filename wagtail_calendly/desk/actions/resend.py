"""Staff have a mail sent once more: the way to pay, to choose a time, what was paid or given back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import resending
from wagtail_calendly.bookings.mails import Mail
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction
from wagtail_calendly.desk.actions.forms import ReasonForm


class MailForm(ReasonForm):
    """Which mail; where there is one only, nothing is asked."""

    reason = None
    mail = forms.ChoiceField(label=gettext_lazy("Mail"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: list[Mail], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["mail"]
        field.choices = [(mail.value, mail.label) for mail in offered]  # type: ignore[attr-defined]
        field.initial = offered[0].value
        if len(offered) == 1:
            field.widget = forms.HiddenInput()


class ResendView(BookingAction):
    """Send a mail again that was sent before and still says what is so."""

    name = "resend"
    label = gettext_lazy("Send a mail again")
    icon = "mail"
    form_class = MailForm
    refusal = gettext_lazy(
        "No mail can be sent again now: none is true any more, or it was sent a moment ago."
    )

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return bool(resending.offered(held))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": resending.offered(self.held)}

    def sentences(self, said: dict[str, Any]) -> list[str]:
        words = {"mail": Mail(said["mail"]).label, "address": self._address(said)}
        found = [_("The mail “%(mail)s” goes to %(address)s, as things stand now.") % words]
        if said["mail"] == Mail.COMPLETE_PAYMENT:
            found.append(_("It leads to the page where the invitee pays."))
        return [*found, _("The same mail can be sent again after ten minutes, three times a day.")]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Send it again")

    def shown(self, said: dict[str, Any]) -> str:
        return self._address(said)

    def act(self, said: dict[str, Any]) -> str:
        address = self._address(said)
        if resending.send_again(self.booking, Mail(said["mail"]), user=self.user):
            return _("Sent to %(address)s.") % {"address": address}
        return _("The mail server did not take it yet; we keep trying.")

    def _address(self, said: dict[str, Any]) -> str:
        return resending.masked_address(self.booking, Mail(said["mail"]))
