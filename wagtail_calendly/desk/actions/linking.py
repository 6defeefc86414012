"""Staff say to which booking an appointment belongs that came without one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings.acts import given
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.desk.actions.booking import moment
from wagtail_calendly.desk.actions.confirming import ConfirmedView
from wagtail_calendly.desk.actions.forms import ReasonForm


class LinkForm(ReasonForm):
    """Which of the bookings that wait for a time."""

    reason = None
    booking = forms.ChoiceField(label=gettext_lazy("Booking"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: list[Booking], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = {str(booking.pk): booking for booking in candidates}
        choices = [(pk, _in_words(booking)) for pk, booking in self.candidates.items()]
        self.fields["booking"].choices = choices  # type: ignore[attr-defined]

    @property
    def asks_first(self) -> bool:
        return True

    def clean_booking(self) -> Booking:
        return self.candidates[self.cleaned_data["booking"]]


class LinkView(ConfirmedView):
    """Give an appointment to a booking of its event type that has none."""

    name = "link"
    label = gettext_lazy("Link to a booking")
    icon = "link"
    form_class = LinkForm
    refusal = gettext_lazy(
        "It belongs to a booking by now, or no booking of its event type waits for a time."
    )

    @cached_property
    def appointment(self) -> Appointment:
        rows = Appointment.objects.select_related("event_type")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def candidates(self) -> list[Booking]:
        return given.candidates(self.appointment)

    def is_open(self) -> bool:
        return given.is_free(self.appointment) and bool(self.candidates)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "candidates": self.candidates}

    def sentences(self, said: dict[str, Any]) -> list[str]:
        start, booking = self.appointment.start_time, said["booking"]
        words = {
            "name": self.appointment.name or _("This appointment"),
            "start": moment(start) if start else "",
            "booking": _in_words(booking),
        }
        found = [_("%(name)s, %(start)s, is the time of this booking: %(booking)s.") % words]
        if booking.terms.charge and booking.payment_status in ("unpaid", "processing"):
            found.append(_("It is not paid, so the booking then needs your attention."))
        return [*found, _("Calendly and the invitee are not told. This cannot be undone.")]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Link them")

    def act(self, said: dict[str, Any]) -> str:
        given.give(self.appointment, said["booking"], user=self.user)
        del self.appointment
        return _("The appointment belongs to the booking now.")

    def back_url(self) -> str:
        if self.appointment.booking_id:
            return reverse("bookings:inspect", args=[self.appointment.booking_id])
        return reverse("unlinked_appointments:index")

    def about(self) -> str:
        return self.appointment.name or str(_("Unlinked appointment"))


def _in_words(booking: Booking) -> str:
    """Enough to tell one from another: session, how it stands, since when, the end of its reference."""
    return _("%(session)s, %(status)s, begun %(begun)s (…%(reference)s)") % {
        "session": booking.terms.session_type.title,
        "status": booking.get_status_display(),
        "begun": moment(booking.created_at),
        "reference": booking.reference[-6:],
    }
