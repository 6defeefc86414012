"""Staff begin a booking for a client, and hand out the link by which the client chooses a time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from wagtail_calendly.bookings.acts import for_clients
from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.desk.actions.booking import BookingAction, moment
from wagtail_calendly.desk.actions.confirming import ConfirmedView
from wagtail_calendly.desk.actions.forms import NoForm, ReasonForm
from wagtail_calendly.snippets import price_words
from wagtail_calendly.snippets.models import PaymentOrder, SessionType, Terms
from wagtail_calendly.snippets.price_words import amount
from wagtail_calendly.visitor import address


class PricedChoiceField(forms.ModelChoiceField):
    """Session types, each with its price."""

    def label_from_instance(self, session_type: SessionType) -> str:
        return f"{session_type.title} ({price_words.in_words(session_type)})"


class ForClientForm(ReasonForm):
    """Which session, on which site, and whether it must be paid."""

    field_order = ("session_type", "site", "is_waived", "reason")

    session_type = PricedChoiceField(
        label=gettext_lazy("Session type"),
        queryset=SessionType.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "w-w-full"}),
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), empty_label=None
    )
    is_waived = forms.BooleanField(
        label=gettext_lazy("Without payment"),
        help_text=gettext_lazy("Where the session has a price, the client need not pay it."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        sites = Site.objects.order_by("-is_default_site", "hostname")
        self.fields["session_type"].queryset = offered()  # type: ignore[attr-defined]
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["site"].initial = sites.first()
        if len(sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()

    @property
    def asks_first(self) -> bool:
        return True

    def clean_session_type(self) -> SessionType:
        """One whose published terms are those that visitors see."""
        chosen: SessionType = self.cleaned_data["session_type"]
        try:
            for_clients.reference_for(chosen, Site.objects.all()[0])
        except Terms.DoesNotExist:
            told = _("It was changed and not published since. Publish it, then try again.")
            raise forms.ValidationError(told) from None
        return chosen


def offered() -> Any:
    """What clients can be booked for: live, at Calendly, and not paid there."""
    bookable = Q(event_type__active=True, event_type__is_paid=False, event_type__missing_since=None)
    return SessionType.objects.filter(bookable, live=True).order_by("title", "pk")


class ForClientView(ConfirmedView):
    """Begin a booking; whoever sends the same page twice has begun one."""

    name = "for_client"
    label = gettext_lazy("Book for a client")
    icon = "plus"
    form_class = ForClientForm
    refusal = gettext_lazy("No session type is live that could be booked. Publish one first.")
    booking: Booking | None = None

    def is_open(self) -> bool:
        return offered().exists()

    def sentences(self, said: dict[str, Any]) -> list[str]:
        chosen: SessionType = said["session_type"]
        begun = _("A booking of %(session)s begins, and you get a link for this one client.")
        by_hand = _("You send them the link, or choose a time for them yourself. No mail goes out.")
        return [begun % {"session": chosen.title}, by_hand, *_of_money(chosen, said["is_waived"])]

    def verb(self, said: dict[str, Any]) -> str:
        return _("Begin the booking")

    def shown(self, said: dict[str, Any]) -> str:
        return self._reference(said).text

    def act(self, said: dict[str, Any]) -> str:
        self.booking = for_clients.invite(
            self._reference(said),
            user=self.user,
            is_waived=said["is_waived"],
            reason=said["reason"],
        )
        return _("The booking is begun. Send the client the link, or choose a time for them.")

    def back_url(self) -> str:
        if self.booking:
            return reverse(f"bookings:{ClientLinkView.name}", args=[self.booking.pk])
        return reverse("bookings:index")

    def about(self) -> str:
        return _("Bookings")

    def get_page_subtitle(self) -> str:
        return ""

    def _reference(self, said: dict[str, Any]) -> Reference:
        known = self.request.POST.get("shown", "")
        return for_clients.reference_for(said["session_type"], said["site"], known=known)


def _of_money(chosen: SessionType, is_waived: bool) -> list[str]:
    charge = chosen.deposit or chosen.price
    if not charge:
        return []
    words = {"amount": amount(charge, chosen.currency)}
    if is_waived:
        return [_("Nobody has to pay the %(amount)s.") % words]
    if chosen.payment_order == PaymentOrder.BEFORE_SCHEDULING:
        return [_("The client pays %(amount)s first; then they, or you, choose a time.") % words]
    return [_("Once a time is chosen, a mail asks the client to pay %(amount)s.") % words]


class ClientLinkView(BookingAction):
    """The link to hand out. It lets anybody book who holds it, so only those who manage bookings see it."""

    name = "client_link"
    label = gettext_lazy("Link for the client")
    icon = "link"
    form_class = NoForm
    template_name = "wagtail_calendly/desk/client_link.html"
    http_method_names = ["get", "head", "options"]
    refusal = gettext_lazy("No link is needed any more.")

    @staticmethod
    def is_possible(held: Standing) -> bool:
        waiting = (Status.AWAITING_SCHEDULE, Status.AWAITING_PAYMENT)
        is_open = held.decision.status in waiting and held.decision.current is None
        return is_open and bool(held.facts.asked("invite"))

    def sentences(self, said: dict[str, Any]) -> list[str]:
        return []

    @cached_property
    def link(self) -> str:
        """To Calendly where a time may be chosen; else to the page where it is paid. Empty while there is none."""
        booking = self.booking
        if self.held.decision.status == Status.AWAITING_PAYMENT:
            site = booking.site or Site.objects.get(is_default_site=True)
            path = reverse("wagtail_calendly:status", args=[booking.token])
            return f"{site.root_url}{path}"
        if not booking.scheduling_link:
            return ""
        return address.tab(booking.scheduling_link, reference=booking.reference, tracking={})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "link": self.link,
            "until": moment(until) if (until := self.held.decision.next_check_at) else "",
            "is_to_pay": self.held.decision.status == Status.AWAITING_PAYMENT,
            "session": self.booking.terms.session_type.title,
            "book_url": reverse("bookings:book_time", args=[self.booking.pk])
            if for_clients.is_bookable(self.held)
            else "",
        }
