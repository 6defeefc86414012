"""Staff discard what was given up: a delivery, or work at the vendors. They say why, and the log keeps it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import discarding
from wagtail_calendly.bookings.models import Effect, WebhookDelivery, Work
from wagtail_calendly.desk.actions import ConfirmedView
from wagtail_calendly.desk.actions.forms import ReasonForm


class DiscardForm(ReasonForm):
    """Why it need not happen."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the log, for staff only. Write nothing personal."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DiscardView(ConfirmedView):
    """What is the same for both kinds."""

    name = "discard"
    label = gettext_lazy("Discard")
    icon = "bin"
    is_serious = True
    form_class = DiscardForm
    refusal = gettext_lazy("It is not given up any more.")
    model: type[Work]

    @cached_property
    def row(self) -> Any:
        found = self.model._default_manager.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def is_open(self) -> bool:
        return bool(self.row.state == Work.State.DEAD)


class DiscardDeliveryView(DiscardView):
    """A delivery is never worked on."""

    model = WebhookDelivery

    def sentences(self, said: dict[str, Any]) -> list[str]:
        words = {"event": self.row.event, "sender": self.row.get_sender_display()}
        return [
            _("“%(event)s” of %(sender)s is never worked on.") % words,
            _("What it tells is found by polling, where it is still so."),
        ]

    def act(self, said: dict[str, Any]) -> str:
        discarding.delivery(self.row, user=self.user, reason=said["reason"])
        return _("It is discarded.")

    def about(self) -> str:
        return _("Deliveries set aside")

    def back_url(self) -> str:
        return reverse("stalled_deliveries:index")


class DiscardEffectView(DiscardView):
    """Work stays undone, and nobody is asked to look at it any more."""

    model = Effect

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            _("This is left undone: %(what)s.") % {"what": self.row.get_kind_display()},
            _("Nothing else changes: neither the money nor the appointment."),
        ]

    def act(self, said: dict[str, Any]) -> str:
        discarding.effect(self.row, user=self.user, reason=said["reason"])
        return _("It is discarded.")

    def about(self) -> str:
        return _("Work given up")

    def back_url(self) -> str:
        return reverse("given_up:index")
