"""Staff erase the person of one booking."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.models import Status
from wagtail_calendly.bookings.privacy import erasing
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction
from wagtail_calendly.desk.actions.forms import NoForm
from wagtail_calendly.desk.permissions import ERASE

OVER = (Status.COMPLETED, Status.NO_SHOW, Status.CANCELED, Status.EXPIRED, Status.ABANDONED)


class EraseView(BookingAction):
    """Erase whom this booking is about; other bookings of the same person stay as they are."""

    name = "erase"
    label = gettext_lazy("Erase personal data")
    icon = "bin"
    is_serious = True
    form_class = NoForm
    permission_required = ERASE
    refusal = gettext_lazy(
        "It is erased already, or still needed: its session is to come, its money is not settled, or it needs "
        "attention."
    )

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return held.booking.erased_at is None and held.decision.status in OVER

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _("Names, addresses, answers, phone numbers, links and notes are erased for good."),
            _("Dates, amounts and statuses stay, without saying whose they are."),
            _("The person’s page of the booking can no longer be opened."),
            _("What Calendly or Stripe tell of this booking later is kept without the person."),
            _(
                "At Calendly nothing is deleted. Personal data → Erase does that for all of a person."
            ),
        ]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Erase for good")

    def act(self, said: dict[str, Any]) -> str:
        erasing.booking(self.booking, user=self.user)
        return _("The person is erased from this booking.")
