"""One booking: who, when, where, what they answered, its money, what can be done, and everything that happened."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from wagtail_calendly import conf
from wagtail_calendly.bookings import requests
from wagtail_calendly.bookings.models import Appointment, Attention, Booking, Effect
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.bookings.when import When, for_visitor
from wagtail_calendly.bookings.where import where
from wagtail_calendly.desk import money
from wagtail_calendly.desk.actions import ACTIONS, AcknowledgeView, BookingAction
from wagtail_calendly.desk.columns import SETTLED
from wagtail_calendly.desk.permissions import MANAGE, may
from wagtail_calendly.desk.timeline import timeline
from wagtail_calendly.snippets.pages import page_model


class BookingDetailView(generic.InspectView):
    """A booking as Wagtail's inspect view shows things, with our own template."""

    template_name = "wagtail_calendly/desk/booking.html"
    any_permission_required = ["view"]

    def get_object(self, queryset: QuerySet[Booking] | None = None) -> Booking:
        bookings = Booking.objects.select_related(
            "terms__session_type__locale", "terms__event_type", "site"
        ).prefetch_related(
            "appointments", "effects", "payments__refunds__payment", "requests__user", "notes__user"
        )
        return get_object_or_404(bookings, pk=self.pk)

    def get_page_title(self) -> str:
        return _("Booking")

    def get_page_subtitle(self) -> str:
        current = self.object.current_appointment
        return (current and current.name) or self.object.terms.session_type.title

    @cached_property
    def held(self) -> Standing:
        """How the booking stands when the page is asked for."""
        return requests.standing(self.object.pk, timezone.now())

    @cached_property
    def actions(self) -> list[type[BookingAction]]:
        """What this user may do with it now."""
        user = self.request.user
        return [
            action
            for action in ACTIONS
            if may(user, action.permission_required) and action.is_possible(self.held)
        ]

    def get_header_more_buttons(self) -> list[Button]:
        return [self._button(action, place) for place, action in enumerate(self.actions)]

    def _button(self, action: type[BookingAction], place: int = 0) -> Button:
        return Button(
            str(action.label),
            url=reverse(f"bookings:{action.name}", args=[self.object.pk]),
            icon_name=action.icon,
            priority=place,
        )

    def _reasons(self) -> list[dict[str, Any]]:
        """Each reason for attention, with what may settle it."""
        codes = self.object.attention.split()
        return [{"text": Attention(code).label, "buttons": self._answers(code)} for code in codes]

    def _answers(self, code: str) -> list[Button]:
        found = [self._button(action) for action in self.actions if code in action.answers]
        if may(self.request.user, MANAGE):
            url = reverse("bookings:acknowledge", args=[self.object.pk, code])
            found.append(Button(str(AcknowledgeView.label), url=url))
        for button in found:
            button.classname, button.icon_name = "button button-small button-secondary", None
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        booking = self.object
        current = booking.current_appointment
        return super().get_context_data(
            **kwargs,
            booking=booking,
            settled=booking.status in SETTLED,
            reasons=self._reasons(),
            appointment=current,
            **_moments(booking, current),
            place=current and where(current.location),
            money=money.panel(booking, self.held),
            asked=[
                (request, money.who(request), money.requested(booking, request))
                for request in booking.requests.all()
            ],
            mails=[
                (effect, money.mail_of(effect))
                for effect in booking.effects.all()
                if effect.kind == Effect.Kind.NOTIFY
            ],
            session_type_url=_session_type_url(booking),
            page=_page(booking),
            hosts=[
                host.get("name") for host in (current.hosts if current else []) if host.get("name")
            ],
            calendly_url=_calendly_url(booking),
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


def _page(booking: Booking) -> dict[str, str] | None:
    """The page that it came from; only its number is kept, so it may be gone."""
    page = page_model().objects.filter(pk=booking.page_id).first() if booking.page_id else None
    if page is None:
        return None
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return {"title": page.get_admin_display_title(), "url": url}


def _calendly_url(booking: Booking) -> str:
    """The event where Calendly's own mails to hosts lead; its documents name no address of it."""
    account = conf.load().accounts.get(booking.account)
    if not booking.calendly_event_uri or account is None or account.base_url != conf.CALENDLY_API:
        return ""
    query = urlencode({"uuid": booking.calendly_event_id})
    return f"{conf.CALENDLY_BOOKING_ORIGIN}/app/scheduled_events/user/me?{query}"
