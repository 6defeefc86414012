"""Staff choose a time for a client, among those that Calendly gives at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from wagtail_calendly.bookings.acts import for_clients
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.desk.actions.booking import BookingAction, moment
from wagtail_calendly.desk.actions.client_form import ClientForm
from wagtail_calendly.desk.permissions import MANAGE, booking_policy
from wagtail_calendly.exceptions import NotConfigured

#: Calendly offers nothing further ahead. https://developer.calendly.com/api-docs/calendly-api/event-types
FURTHEST = timedelta(days=365)
REFUSALS = {
    "taken": gettext_lazy("That time is taken by now. Choose another one."),
    "refused": gettext_lazy(
        "Calendly refused what was filled in. Check the answers and the place, or send the link."
    ),
    "not_allowed": gettext_lazy(
        "Calendly does not allow this site to book, by its plan or its access token. Send the link."
    ),
}


class BookTimeView(BookingAction):
    """Book a time through Calendly, which invites the client by mail."""

    name = "book_time"
    label = gettext_lazy("Choose a time for the client")
    icon = "calendar-check"
    template_name = "wagtail_calendly/desk/book_time.html"
    form_class = ClientForm
    refusal = gettext_lazy("A time is chosen by now, or it must be paid first.")
    is_refused = False

    @staticmethod
    def is_possible(held: Standing) -> bool:
        return for_clients.is_bookable(held)

    def get_form_kwargs(self) -> dict[str, Any]:
        times_url = reverse("bookings:free_times", args=[self.booking.pk])
        event_type = self.booking.terms.event_type
        return {**super().get_form_kwargs(), "event_type": event_type, "times_url": times_url}

    def sentences(self, said: dict[str, Any]) -> list[str]:
        words = {
            "session": self.booking.terms.session_type.title,
            "start": moment(said["start_time"]),
            "name": said["name"],
            "email": said["email"],
        }
        booked = _("Calendly books %(session)s, %(start)s, for %(name)s.") % words
        told = _("Calendly writes to %(email)s: the invitation, and later its reminders.") % words
        return [booked, told, *self._money()]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Book this time")

    def act(self, said: dict[str, Any]) -> str:
        try:
            booked = for_clients.book(
                self.booking, details=ClientForm.details(said), user=self.user
            )
        except for_clients.NotBooked as error:
            self.refusal, self.is_refused = REFUSALS[error.code], True
            raise
        if booked.status == Status.AWAITING_SCHEDULE:
            return _("It is noted. Calendly has not confirmed it yet; we keep asking.")
        return _("The time is booked. Calendly invites the client by mail.")

    def refuse(self) -> HttpResponse:
        """Whom Calendly refused chooses another time; the client's name and answers stay."""
        if not self.is_refused:
            return super().refuse()
        messages.warning(self.request, self.refusal)
        return self.ask_again()

    def _money(self) -> list[str]:
        terms = self.held.facts.terms
        if not terms.charge or self.held.keeper or self.held.facts.asked("waive"):
            return []
        words = {"amount": self.charge(), "minutes": terms.hold // timedelta(minutes=1)}
        asked = _("A mail asks the client to pay %(amount)s within %(minutes)s minutes.") % words
        return [asked, _("If it is not paid by then, it is canceled. You can hold it longer.")]


class FreeTimesView(PermissionCheckedMixin, View):
    """A week of free times, for the page above: fetched when it is looked at, never while a page renders."""

    permission_policy = booking_policy
    permission_required = MANAGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        booking = get_object_or_404(Booking.objects.select_related("terms__event_type"), pk=pk)
        chosen = request.GET.get("chosen", "")
        since = self._since(request.GET.get("since") or chosen)
        context: dict[str, Any] = {
            "url": request.path,
            "since": since,
            "until": since + for_clients.SHOWN,
            "earlier": max(since - for_clients.SHOWN, timezone.now()),
            "is_first": since - timezone.now() < timedelta(minutes=1),
            "chosen": chosen,
            "zone": timezone.get_current_timezone_name(),
        }
        try:
            context["days"] = _by_day(for_clients.free_times(booking, since))
        except (CalendlyError, NotConfigured):
            context["is_failed"] = True
        return render(request, "wagtail_calendly/desk/free_times.html", context)

    @staticmethod
    def _since(text: str) -> datetime:
        """From the address, within what can be booked; a little before what was chosen there."""
        now = timezone.now()
        try:
            asked = parse_datetime(text)
        except ValueError:
            asked = None
        if asked is None or timezone.is_naive(asked):
            return now
        return min(max(asked - timedelta(minutes=1), now), now + FURTHEST)


def _by_day(times: Iterable[datetime]) -> list[tuple[date, list[datetime]]]:
    """In the zone of who reads it."""
    local = [timezone.localtime(time) for time in times]
    return [(day, list(of_day)) for day, of_day in groupby(local, key=datetime.date)]
