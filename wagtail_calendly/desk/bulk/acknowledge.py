"""One reason for attention is seen to, for several bookings."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.models import Attention, Booking
from wagtail_calendly.desk.bulk.confirming import BookingBulkAction, ChosenForm


class AcknowledgeForm(ChosenForm):
    """Which reason for attention, and why nothing is left to do."""

    code = forms.ChoiceField(label=gettext_lazy("Seen to"), choices=Attention.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with the booking, for staff only."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any):
        """`offered` are the codes of those reasons that one of the bookings has; any other is no mistake."""
        super().__init__(*args, **kwargs)
        choices = [(code, words) for code, words in Attention.choices if code in offered]
        self.fields["code"].widget = forms.Select(attrs={"class": "w-w-full"}, choices=choices)


class AcknowledgeBulkAction(BookingBulkAction):
    """One reason for attention is seen to."""

    display_name = gettext_lazy("Nothing more to do")
    action_type = "acknowledge"
    aria_label = gettext_lazy("Say of the selected bookings that there is nothing more to do")
    action_priority = 10
    form_class = AcknowledgeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        codes = [code for booking in self.bookings for code in booking.attention.split()]
        return {**super().get_form_kwargs(), "offered": codes}

    def hindered(self, bookings: list[Booking]) -> dict[int, list[str]]:
        return {one.pk: [_("It needs no attention.")] for one in bookings if not one.attention}

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
