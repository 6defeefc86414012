"""What staff do with several bookings at once: the same as with one, by the same rules, and told for all together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from wagtail_calendly.bookings.acts import by_staff, resending
from wagtail_calendly.bookings.mails import Mail
from wagtail_calendly.bookings.models import Attention, Booking
from wagtail_calendly.desk.permissions import MANAGE, booking_policy
from wagtail_calendly.exceptions import NotPossible

#: So many at once; a page of the listing holds fewer.
MOST = 100


class BookingBulkAction(PermissionCheckedMixin, BulkAction):
    """Something done to each booking that was ticked, where it can still be done."""

    models = [Booking]
    permission_policy = booking_policy
    permission_required = MANAGE
    template_name = "wagtail_calendly/desk/bulk.html"

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        """Do it to one. Raises `NotPossible`."""
        raise NotImplementedError

    def told(self, done: int) -> str:
        """What was done, in words."""
        raise NotImplementedError

    @classmethod
    def get_queryset(cls, model: type[Booking], object_ids: Iterable[str]) -> QuerySet[Booking]:
        """Those that were ticked. All of a listing at once is not offered."""
        numbers = [one for one in map(str, object_ids) if one.isdecimal()][:MOST]
        rows = Booking.objects.filter(pk__in=numbers).select_related("terms__session_type")
        if not rows.exists():
            raise Http404
        return rows.prefetch_related("appointments")

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[str]:
        return []

    def object_context(self, obj: Booking) -> dict[str, Any]:
        current = obj.current_appointment
        name = current.name if current else ""
        return {"item": obj, "name": name, "reasons": Attention.in_words(obj.attention)}

    def prepare_action(self, objects: list[Booking], objects_without_access: Any) -> HttpResponse:
        """Here, since what follows would be one transaction, in which no vendor may be called."""
        form = cast(forms.Form, self.cleaned_form)
        done = sum(self._is_done(booking, form.cleaned_data) for booking in objects)
        if done:
            messages.success(self.request, self.told(done))
        if left := len(objects) - done:
            text = ngettext(
                "%(left)d booking was left as it is: there it was not possible, or not needed.",
                "%(left)d bookings were left as they are: there it was not possible, or not needed.",
                left,
            )
            messages.warning(self.request, text % {"left": left})
        return redirect(self.next_url)

    def _is_done(self, booking: Booking, said: dict[str, Any]) -> bool:
        try:
            self.act(booking, said)
        except NotPossible:
            return False
        return True


class AcknowledgeForm(forms.Form):
    """Which reason for attention, and why nothing is left to do."""

    code = forms.ChoiceField(label=gettext_lazy("Seen to"), choices=Attention.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with the booking, for staff only."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AcknowledgeBulkAction(BookingBulkAction):
    """One reason for attention is seen to."""

    display_name = gettext_lazy("Nothing more to do")
    action_type = "acknowledge"
    aria_label = gettext_lazy("Say of the selected bookings that there is nothing more to do")
    action_priority = 10
    form_class = AcknowledgeForm

    def get_initial(self) -> dict[str, Any]:
        """A reason that one of them has."""
        chosen, _others = self.get_actionable_objects()
        found = next((code for one in chosen for code in one.attention.split()), "")
        return {**super().get_initial(), "code": found}

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        user = cast(Any, self.request.user)
        by_staff.acknowledge(booking, code=said["code"], user=user, reason=said["reason"])

    def told(self, done: int) -> str:
        text = ngettext(
            "%(done)d booking needs no attention for that any more.",
            "%(done)d bookings need no attention for that any more.",
            done,
        )
        return text % {"done": done}


class ResendForm(forms.Form):
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
    form_class = ResendForm

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        user = cast(Any, self.request.user)
        resending.ask_for(booking, Mail(said["mail"]), user=user)

    def told(self, done: int) -> str:
        text = ngettext("%(done)d mail is sent again.", "%(done)d mails are sent again.", done)
        return text % {"done": done}


BULK_ACTIONS = (AcknowledgeBulkAction, ResendBulkAction)
