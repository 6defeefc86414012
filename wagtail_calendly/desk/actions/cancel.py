"""Staff cancel a booking, and say how much is given back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import Button

from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.models import Appointment, Status
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.bookings.rules import PaymentFacts
from wagtail_calendly.bookings.where import safe_link
from wagtail_calendly.desk.actions.booking import BookingAction, of_total, session_of
from wagtail_calendly.desk.actions.forms import CancelForm
from wagtail_calendly.desk.permissions import REFUND, may
from wagtail_calendly.snippets.price_words import amount


class CancelView(BookingAction):
    """Cancel; of a group session only one's own place can be given up, by Calendly's own page."""

    name = "cancel"
    label = gettext_lazy("Cancel the booking")
    icon = "cross"
    is_serious = True
    answers = frozenset({"unpaid", "refunded_but_booked", "disputed", "payment_slow"})
    form_class = CancelForm
    refusal = gettext_lazy("There is nothing to cancel any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        is_asked = held.facts.asked("cancel") and not held.facts.terms.is_group
        return held.is_cancelable and not is_asked

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "held": self.held,
            "agreed": by_visitors.refund_if_canceled(self.booking, timezone.now()),
            "may_refund": may(self.request.user, REFUND),
        }

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            *self._calendar(),
            *self._money(said),
            _("This cannot be undone."),
        ]

    def verb(self, said: dict[str, Any]) -> str:
        keeper, back = self.held.keeper, self._back(said)
        if keeper is None or not back or keeper.dispute in ("open", "lost"):
            return _("Cancel the booking")
        shown = amount(back, keeper.currency)
        return _("Cancel and give back %(amount)s") % {"amount": shown}

    def shown(self, said: dict[str, Any]) -> str:
        return f"{self._captured()}/{self._total(said)}"

    def act(self, said: dict[str, Any]) -> str:
        canceled = by_staff.cancel(
            self.booking,
            total=self._total(said),
            captured=self._captured(),
            user=self.user,
            reason=said["reason"],
        )
        if self.held.facts.terms.is_group:
            return _("Noted. Give up the place at Calendly within an hour, and it is done.")
        if canceled.status == Status.CANCELED:
            return _("The booking is canceled.")
        return _("It is being canceled. Calendly has not confirmed it yet; we keep asking.")

    def after_buttons(self) -> list[Button]:
        return leaving_buttons(self.booking.current_appointment)

    def _captured(self) -> int:
        return self.held.keeper.captured if self.held.keeper else 0

    def _total(self, said: dict[str, Any]) -> int:
        """What is to stand refunded; before a time is chosen always all of it."""
        total: int = said.get("total", self._captured())
        return total

    def _back(self, said: dict[str, Any]) -> int:
        keeper = self.held.keeper
        return max(self._total(said) - keeper.refunded, 0) if keeper else 0

    def _calendar(self) -> list[str]:
        if self.held.decision.current is None:
            return [_("Nobody can choose a time for it any more.")]
        return at_calendly(session_of(self.held), is_group=self.held.facts.terms.is_group)

    def _money(self, said: dict[str, Any]) -> list[str]:
        keeper = self.held.keeper
        if keeper is None:
            return unpaid_sentences(self.held)
        if keeper.dispute == "lost":
            return [
                _("The payer disputed the payment and has it back: nothing more is given back.")
            ]
        if keeper.dispute == "open":
            return [_disputed(self._total(said), keeper)]
        return [of_total(self._total(said), keeper)]


def _disputed(total: int, keeper: PaymentFacts) -> str:
    """Stripe gives nothing back of it for now: https://docs.stripe.com/refunds#refund-disputed-payments"""
    words = {
        "total": amount(total, keeper.currency),
        "captured": amount(keeper.captured, keeper.currency),
    }
    text = _(
        "The payer disputes the payment, so nothing is given back now. If you win, %(total)s of %(captured)s are "
        "given back then."
    )
    return text % words


def at_calendly(session: str, *, is_group: bool) -> list[str]:
    """What happens to the appointment when it is canceled."""
    if is_group:
        return [
            _("Others may be booked on %(session)s, so this site does not cancel it.")
            % {"session": session},
            _(
                "You give up this one place yourself, on Calendly's page that is offered next. To cancel "
                "for everybody, choose “Cancel for everybody” on one of its bookings, or cancel the event in "
                "Calendly: whoever paid then gets all of it back."
            ),
        ]
    return [_("Calendly cancels %(session)s and tells the invitee.") % {"session": session}]


def unpaid_sentences(held: Standing) -> list[str]:
    """What happens to the money of a booking that was not paid, when it is canceled."""
    if not held.facts.terms.charge:
        return []
    if any(one.state in ("open", "opening", "processing") for one in held.facts.payments):
        return [
            _("The payment page is closed. Money that still arrives is given back in full."),
        ]
    return [_("Nothing was paid, so nothing is given back.")]


def leaving_buttons(appointment: Appointment | None) -> list[Button]:
    """The way to give up one place of a group session."""
    is_group = appointment and appointment.event_type and appointment.event_type.is_group
    url = safe_link(appointment.cancel_url) if appointment and is_group else ""
    attrs = {"target": "_blank", "rel": "noopener noreferrer"}
    return [Button(_("Open Calendly's page"), url=url, attrs=attrs)] if url else []
