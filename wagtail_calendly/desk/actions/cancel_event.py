"""Staff cancel a whole group session, for everybody who is booked on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_calendly.bookings.acts import events
from wagtail_calendly.bookings.models import Status
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction, session_of
from wagtail_calendly.desk.permissions import REFUND, may
from wagtail_calendly.snippets.price_words import amount


class CancelEventView(BookingAction):
    """Everybody is listed first, with what they get back: all that they paid."""

    name = "cancel_event"
    label = gettext_lazy("Cancel for everybody")
    icon = "cross"
    is_serious = True
    template_name = "wagtail_calendly/desk/cancel_event.html"
    refusal = gettext_lazy(
        "It is over or being canceled already, or it would give back money, which you may not do."
    )

    @staticmethod
    def is_possible(held: Standing) -> bool:
        current = held.decision.current
        return bool(
            held.facts.terms.is_group
            and held.is_cancelable
            and current
            and not held.facts.asked_for_all(current.event)
        )

    def is_open(self) -> bool:
        gives_back = any(place.given_back for place in self.places)
        return super().is_open() and (may(self.request.user, REFUND) or not gives_back)

    @cached_property
    def places(self) -> list[events.Place]:
        return events.places(self._event)

    @property
    def _event(self) -> str:
        current = self.held.decision.current
        return current.event if current else ""

    def sentences(self, said: dict[str, Any]) -> list[str]:
        count = len(self.places)
        told = ngettext(
            "Calendly cancels %(session)s and tells the %(count)d invitee.",
            "Calendly cancels %(session)s for everybody and tells all %(count)d invitees.",
            count,
        )
        return [
            told % {"session": session_of(self.held), "count": count},
            _(
                "Everybody gets back all that they paid here, whatever the cancellation policy says."
            ),
            _("This cannot be undone."),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            session=session_of(self.held),
            places=[(place, *_money(place)) for place in self.places],
        )

    def shown(self, said: dict[str, Any]) -> str:
        return " ".join(f"{place.appointment.pk}/{place.given_back}" for place in self.places)

    def act(self, said: dict[str, Any]) -> str:
        events.cancel(self._event, user=self.user, reason=said["reason"])
        del self.held
        if self.booking.status == Status.CANCELED:
            return _("The session is canceled for everybody. The money is on its way back.")
        return _("It is being canceled. Calendly has not confirmed it yet; we keep asking.")


def _money(place: events.Place) -> tuple[str, str]:
    """What was paid, and what of it is given back now."""
    payment = place.payment
    if payment is None:
        return "–", "–"
    return amount(payment.captured, payment.currency), amount(place.given_back, payment.currency)
