"""Whom several bookings are about is erased, but for those that are still needed."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.privacy import erasing, hindrances
from wagtail_calendly.desk.bulk.confirming import BookingBulkAction
from wagtail_calendly.desk.permissions import ERASE
from wagtail_calendly.exceptions import NotErasable


class EraseBulkAction(BookingBulkAction):
    """The same as erasing one; other bookings of the same persons stay as they are."""

    display_name = gettext_lazy("Erase")  # Wagtail cuts longer ones off
    action_type = "erase"
    aria_label = gettext_lazy("Erase whom the selected bookings are about")
    action_priority = 30
    permission_required = ERASE
    is_serious = True
    sentences = (
        gettext_lazy(
            "Names, addresses, answers, phone numbers, links and notes are erased for good."
        ),
        gettext_lazy("Dates, amounts and statuses stay, without saying whose they are."),
        gettext_lazy("The person’s page of the booking can no longer be opened."),
        gettext_lazy(
            "What Calendly or Stripe tell of these bookings later is kept without the person."
        ),
        gettext_lazy(
            "At Calendly nothing is deleted. Personal data → Erase does that for all of a person."
        ),
    )

    @property
    def verb(self) -> str:
        return _("Erase for good")

    def hindered(self, bookings: list[Booking]) -> dict[int, list[str]]:
        needed = hindrances.by_booking([booking.pk for booking in bookings], timezone.now())
        steps = {pk: [str(one.label) for one in found] for pk, found in needed.items()}
        erased = {one.pk: [_("It is erased already.")] for one in bookings if one.erased_at}
        return steps | erased

    def act(self, booking: Booking, said: dict[str, Any]) -> None:
        if booking.erased_at:
            raise NotErasable([])
        erasing.booking(booking, user=cast(Any, self.request.user))

    def told(self, done: int) -> str:
        text = ngettext(
            "%(count)d booking no longer says whose it is.",
            "%(count)d bookings no longer say whose they are.",
            done,
        )
        return text % {"count": done}
