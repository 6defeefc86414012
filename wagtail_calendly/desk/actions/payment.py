"""Staff decide about a payment that is missing: wait longer, ask for it, or let it go."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.models import Attention
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction, moment, session_of
from wagtail_calendly.desk.actions.forms import UntilForm

NOT_HELD = gettext_lazy("The time is not held any more, or the payment was made or let go.")


class HoldingAction(BookingAction):
    """Something that ends at a time that staff choose."""

    form_class = UntilForm
    refusal = NOT_HELD

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        current = self.held.decision.current
        return {**kwargs, "starts_at": current and current.starts_at}


class ExtendView(HoldingAction):
    """Hold an unpaid time longer."""

    name = "extend"
    label = gettext_lazy("Hold the time longer")
    icon = "time"

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return bool(held.decision.hold_until) and held.is_holdable

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _("%(session)s is held until %(until)s without being paid.")
            % {"session": session_of(self.held), "until": moment(said["until"])},
            not_paid(is_group=self.held.facts.terms.is_group),
            _("The invitee is not told; their page of the booking shows the new time."),
        ]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Hold it longer")

    def act(self, said: dict[str, Any]) -> str:
        by_staff.extend(self.booking, until=said["until"], user=self.user)
        return _("The time is held until %(until)s.") % {"until": moment(said["until"])}


class AskToPayView(HoldingAction):
    """Ask for the money of what was booked without paying."""

    name = "ask_to_pay"
    label = gettext_lazy("Ask to pay")
    icon = "mail"
    answers = frozenset({"unpaid"})

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return Attention.UNPAID in held.decision.attention and held.is_holdable

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return asked_sentences(
            self.charge(),
            session_of(self.held),
            moment(said["until"]),
            is_group=self.held.facts.terms.is_group,
        )

    def verb(self, said: dict[str, Any]) -> str:
        return _("Ask for %(amount)s") % {"amount": self.charge()}

    def act(self, said: dict[str, Any]) -> str:
        by_staff.ask_to_pay(self.booking, until=said["until"], user=self.user)
        return _("The invitee is asked for %(amount)s.") % {"amount": self.charge()}


class WaiveView(BookingAction):
    """Let the payment go."""

    name = "waive"
    label = gettext_lazy("Accept without payment")
    icon = "check"
    is_serious = True
    answers = frozenset({"unpaid", "payment_refused", "payment_slow"})
    refusal = gettext_lazy("There is no payment to wait for any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return held.is_waivable

    def sentences(self, said: dict[str, Any]) -> list[str]:
        found = [waived(session_of(self.held), self.charge())]
        if self.held.decision.current is None:
            found[0] = _("The invitee may choose a time without paying %(amount)s.") % {
                "amount": self.charge()
            }
        if any(one.state == "processing" for one in self.held.facts.payments):
            found.append(_("Money that is on its way already still arrives, and is kept."))
        elif any(one.is_payable for one in self.held.facts.payments):
            found.append(_("The payment page is closed."))
        return [*found, _("This cannot be undone.")]

    def act(self, said: dict[str, Any]) -> str:
        by_staff.waive(self.booking, user=self.user, reason=said["reason"])
        return _("The booking stands without a payment.")


def waived(session: str, charge: str) -> str:
    return _("%(session)s is confirmed. Nobody has to pay the %(amount)s any more.") % {
        "session": session,
        "amount": charge,
    }


def asked_sentences(charge: str, session: str, until: str, *, is_group: bool) -> list[str]:
    """What happens when somebody is asked for money; of a group session no place is taken away."""
    asked = _("The invitee gets a mail: please pay %(amount)s for %(session)s until %(until)s.") % {
        "amount": charge,
        "session": session,
        "until": until,
    }
    return [asked, not_paid(is_group=is_group)]


def not_paid(*, is_group: bool) -> str:
    """What happens at the end of a hold; for one of a group nothing is canceled."""
    if is_group:
        return _("If it is not paid by then, it needs attention again.")
    return _("If it is not paid by then, it is canceled at Calendly.")
