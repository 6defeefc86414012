"""Staff give money back, or have a refund that failed made again."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.facts import facts_of
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.bookings.rules import Ledger, PaymentFacts
from wagtail_calendly.desk.actions.booking import BookingAction, of_total
from wagtail_calendly.desk.actions.forms import RefundForm
from wagtail_calendly.desk.permissions import REFUND
from wagtail_calendly.snippets.price_words import amount


class RefundView(BookingAction):
    """Give back so much in all; the booking itself stays as it is."""

    name = "refund"
    label = gettext_lazy("Give money back")
    icon = "rotate"
    is_serious = True
    permission_required = REFUND
    form_class = RefundForm
    refusal = gettext_lazy("There is no money to give back any more, or the payer disputes it.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return held.is_refundable and _left(held) > 0

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "held": self.held}

    def sentences(self, said: dict[str, Any]) -> list[str]:
        told = _("Stripe gives the money back to where it came from, which takes some days.")
        kept = _("The booking itself stays as it is. This cannot be undone.")
        return [of_total(said["total"], self._keeper), told, kept]

    def verb(self, said: dict[str, Any]) -> str:
        back = max(said["total"] - self._keeper.refunded, 0)
        return _("Give back %(amount)s") % {"amount": amount(back, self._keeper.currency)}

    def shown(self, said: dict[str, Any]) -> str:
        return f"{self._keeper.captured}/{said['total']}"

    def act(self, said: dict[str, Any]) -> str:
        booking = by_staff.refund(
            self.booking, total=said["total"], user=self.user, reason=said["reason"]
        )
        return became(booking, said["total"])

    @property
    def _keeper(self) -> PaymentFacts:
        """There is one where this is possible."""
        return cast(PaymentFacts, self.held.keeper)


class RetryRefundView(BookingAction):
    """Have what is owed and could not be given back asked for again."""

    name = "retry_refund"
    label = gettext_lazy("Try the refund again")
    icon = "resubmit"
    permission_required = REFUND
    answers = frozenset({"refund_failed"})
    refusal = gettext_lazy("No refund has failed any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return "refund_failed" in held.decision.attention and held.is_refundable

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _("Stripe is asked again to give back what it could not."),
            of_total(self._total(), cast(PaymentFacts, self.held.keeper)),
        ]

    def shown(self, said: dict[str, Any]) -> str:
        return str(self._total())

    def act(self, said: dict[str, Any]) -> str:
        booking = by_staff.refund(
            self.booking, total=self._total(), user=self.user, reason=said["reason"]
        )
        return became(booking, self._total())

    def _total(self) -> int:
        refunded = self.held.keeper.refunded if self.held.keeper else 0
        return max(self.held.decision.owed, refunded)


def _left(held: Standing) -> int:
    """What was paid and is not given back."""
    return held.keeper.captured - held.keeper.refunded if held.keeper else 0


def became(booking: Booking, total: int) -> str:
    """What became of a refund by now, in words."""
    keeper = Ledger(facts_of(booking)).keeper
    if keeper and any(one.state == "asked" for one in keeper.refunds):
        return _("It is noted. Stripe has not answered yet; we keep asking.")
    if keeper and keeper.refunded >= total:
        words = {
            "total": amount(keeper.refunded, keeper.currency),
            "captured": amount(keeper.captured, keeper.currency),
        }
        return _("%(total)s of %(captured)s are given back.") % words
    return _("It is noted, and done as soon as Stripe can be reached.")
