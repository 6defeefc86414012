"""Staff settle a reason for attention: by trying again what was given up, or by saying that it is seen to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import again, by_staff
from wagtail_calendly.bookings.models import Attention, Effect
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction
from wagtail_calendly.desk.actions.forms import NoForm


class TryAgainView(BookingAction):
    """Try again what was given up, mails included."""

    name = "try_again"
    label = gettext_lazy("Try again what was given up")
    icon = "resubmit"
    answers = frozenset({"effect_failed"})
    form_class = NoForm
    refusal = gettext_lazy("Nothing is given up any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return bool(held.facts.dead)

    def sentences(self, said: dict[str, Any]) -> list[str]:
        what = ", ".join(str(one.get_kind_display()) for one in self._dead())
        return [
            _("This was given up and is tried again: %(what)s.") % {"what": what},
            _("What is not needed any more is left out, and nothing happens twice."),
        ]

    def act(self, said: dict[str, Any]) -> str:
        again.effects_of(self.booking, user=self.user)
        if self._dead():
            return _("It was tried again, and failed again.")
        return _("It is tried again. What became of it is told below.")

    def _dead(self) -> list[Effect]:
        return list(self.booking.effects.filter(state=Effect.State.DEAD))


class AcknowledgeView(BookingAction):
    """One reason is seen to; nothing else changes."""

    name = "acknowledge"
    label = gettext_lazy("Nothing more to do")
    icon = "check"
    refusal = gettext_lazy("Nobody waits for that any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return bool(held.decision.attention)

    def is_open(self) -> bool:
        return self.kwargs["code"] in self.held.decision.attention

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _("This is not shown as needing attention any more: %(reason)s.")
            % {"reason": Attention(self.kwargs["code"]).label},
            _("Nothing else changes: neither the money nor the appointment."),
        ]

    def shown(self, said: dict[str, Any]) -> str:
        return " ".join(self.held.decision.about(self.kwargs["code"]))

    def act(self, said: dict[str, Any]) -> str:
        by_staff.acknowledge(
            self.booking, code=self.kwargs["code"], user=self.user, reason=said["reason"]
        )
        return _("It needs no attention any more.")
