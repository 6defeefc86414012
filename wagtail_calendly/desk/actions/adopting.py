"""The three things that staff can do with an appointment that belongs to no booking: accept, ask to pay, cancel."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import Button

from wagtail_calendly.bookings import requests
from wagtail_calendly.bookings.acts import by_staff
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.desk.actions.booking import moment
from wagtail_calendly.desk.actions.cancel import at_calendly, leaving_buttons
from wagtail_calendly.desk.actions.confirming import ConfirmedView
from wagtail_calendly.desk.actions.forms import AdoptForm, AdoptUntilForm
from wagtail_calendly.desk.actions.payment import asked_sentences, waived
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.price_words import amount


class AdoptingView(ConfirmedView):
    """Give an appointment a booking of its own, on the terms offered now, and decide about its payment."""

    form_class: type[AdoptForm] = AdoptForm
    refusal = gettext_lazy("It belongs to a booking by now, or it is over or canceled.")

    @cached_property
    def appointment(self) -> Appointment:
        rows = Appointment.objects.select_related("event_type")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def is_open(self) -> bool:
        return is_adoptable(self.appointment) and self.offered.exists()

    @property
    def offered(self) -> QuerySet[SessionType]:
        """What its event type is offered as; free sessions only where none has a price."""
        live = SessionType.objects.filter(event_type=self.appointment.event_type, live=True)
        priced = live.filter(price__gt=0)
        return (priced if priced.exists() else live).order_by("title")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": self.offered}

    def back_url(self) -> str:
        if self.appointment.booking_id:
            return reverse("bookings:inspect", args=[self.appointment.booking_id])
        return reverse("unlinked_appointments:index")

    def about(self) -> str:
        return self.appointment.name or str(_("Unlinked appointment"))

    def shown(self, said: dict[str, Any]) -> str:
        return self.charge(said)

    def act(self, said: dict[str, Any]) -> str:
        booking = by_staff.adopt(
            self.appointment,
            session_type=said["session_type"],
            site=said["site"],
            user=self.user,
        )
        done = self.decide(booking, said)
        del self.appointment
        return done

    def decide(self, booking: Booking, said: dict[str, Any]) -> str:
        """What is asked for once it has a booking."""
        raise NotImplementedError

    def charge(self, said: dict[str, Any]) -> str:
        chosen: SessionType = said["session_type"]
        return amount(chosen.deposit or chosen.price, chosen.currency) if chosen.price else ""

    def session(self, said: dict[str, Any]) -> str:
        starts_at = self.appointment.start_time
        return f"{said['session_type'].title}, {moment(starts_at) if starts_at else ''}"

    @property
    def is_group(self) -> bool:
        return bool(self.appointment.event_type and self.appointment.event_type.is_group)


class AcceptView(AdoptingView):
    """It stands without a payment."""

    name = "accept"
    label = gettext_lazy("Accept without payment")
    icon = "check"

    def sentences(self, said: dict[str, Any]) -> list[str]:
        listed = _("It is listed under bookings from then on.")
        if not self.charge(said):
            return [_("%(session)s is confirmed.") % {"session": self.session(said)}, listed]
        return [waived(self.session(said), self.charge(said)), listed]

    def decide(self, booking: Booking, said: dict[str, Any]) -> str:
        if requests.standing(booking.pk, timezone.now()).is_waivable:
            by_staff.waive(booking, user=self.user, reason=said["reason"])
        return _("The booking stands without a payment.")


class AskUnlinkedToPayView(AdoptingView):
    """Its invitee is asked for the money, with a deadline."""

    name = "ask_to_pay"
    label = gettext_lazy("Ask to pay")
    icon = "mail"
    form_class = AdoptUntilForm

    def is_open(self) -> bool:
        return super().is_open() and self.offered.filter(price__gt=0).exists()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "starts_at": self.appointment.start_time}

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return asked_sentences(
            self.charge(said), self.session(said), moment(said["until"]), is_group=self.is_group
        )

    def verb(self, said: dict[str, Any]) -> str:
        return _("Ask for %(amount)s") % {"amount": self.charge(said)}

    def decide(self, booking: Booking, said: dict[str, Any]) -> str:
        by_staff.ask_to_pay(booking, until=said["until"], user=self.user)
        return _("The invitee is asked for %(amount)s.") % {"amount": self.charge(said)}


class CancelUnlinkedView(AdoptingView):
    """It is canceled; nothing was paid for it."""

    name = "cancel"
    label = gettext_lazy("Cancel the appointment")
    icon = "cross"
    is_serious = True

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return [
            *at_calendly(self.session(said), is_group=self.is_group),
            _("Nothing was paid, so nothing is given back."),
            _("This cannot be undone."),
        ]

    def decide(self, booking: Booking, said: dict[str, Any]) -> str:
        by_staff.cancel(booking, total=0, captured=0, user=self.user, reason=said["reason"])
        if self.is_group:
            return _("Noted. Give up the place at Calendly within an hour, and it is done.")
        return _("The appointment is being canceled. What became of it is told below.")

    def after_buttons(self) -> list[Button]:
        return leaving_buttons(self.appointment)


ADOPTING = (AcceptView, AskUnlinkedToPayView, CancelUnlinkedView)


def is_adoptable(appointment: Appointment) -> bool:
    """Whether staff can still decide about it: it stands, is to come and belongs to nothing."""
    is_canceled = CANCELED in (appointment.invitee_status, appointment.event_status)
    return bool(
        appointment.booking_id is None
        and appointment.event_type_id
        and appointment.start_time
        and appointment.start_time > timezone.now()
        and not is_canceled
    )
