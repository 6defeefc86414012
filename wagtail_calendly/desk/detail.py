"""One booking: who, when, where, what they answered, what was agreed, and everything that happened."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.views import generic

from wagtail_calendly.bookings.models import Appointment, Attention, Booking
from wagtail_calendly.bookings.when import When, for_visitor
from wagtail_calendly.bookings.where import where
from wagtail_calendly.desk.columns import SETTLED
from wagtail_calendly.desk.timeline import timeline
from wagtail_calendly.payments import money


class BookingDetailView(generic.InspectView):
    """A booking as Wagtail's inspect view shows things, with our own template."""

    template_name = "wagtail_calendly/desk/booking.html"
    any_permission_required = ["view"]

    def get_object(self, queryset: QuerySet[Booking] | None = None) -> Booking:
        bookings = Booking.objects.select_related(
            "terms__session_type__locale", "terms__event_type", "site"
        ).prefetch_related("appointments", "effects")
        return get_object_or_404(bookings, pk=self.pk)

    def get_page_title(self) -> str:
        return _("Booking")

    def get_page_subtitle(self) -> str:
        current = self.object.current_appointment
        return (current and current.name) or self.object.terms.session_type.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        booking = self.object
        current = booking.current_appointment
        terms = booking.terms
        return super().get_context_data(
            **kwargs,
            booking=booking,
            settled=booking.status in SETTLED,
            reasons=Attention.in_words(booking.attention),
            appointment=current,
            **_moments(booking, current),
            place=current and where(current.location),
            price=money.display(terms.price, terms.currency, get_language() or "en")
            if terms.price
            else _("Free"),
            session_type_url=_session_type_url(booking),
            page_url=_page_url(booking),
            timeline=timeline(booking),
        )


def _moments(booking: Booking, current: Appointment | None) -> dict[str, When | None]:
    """When it is in the reader's zone, and in the invitee's where that shows another time."""
    if not (booking.starts_at and booking.ends_at):
        return {"here": None, "there": None}
    here = for_visitor(booking.starts_at, booking.ends_at, timezone.get_current_timezone_name())
    there = for_visitor(booking.starts_at, booking.ends_at, current.timezone if current else "")
    return {"here": here, "there": None if there.says_the_same_as(here) else there}


def _session_type_url(booking: Booking) -> str:
    try:
        return reverse(
            "wagtailsnippets_wagtail_calendly_sessiontype:edit",
            args=[booking.terms.session_type_id],
        )
    except NoReverseMatch:
        return ""


def _page_url(booking: Booking) -> str:
    return reverse("wagtailadmin_pages:edit", args=[booking.page_id]) if booking.page_id else ""
