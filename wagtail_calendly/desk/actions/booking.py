"""What staff may do with one booking, and the words that all of it shares."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_calendly.bookings import requests, when
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.bookings.rules import PaymentFacts
from wagtail_calendly.desk.actions.confirming import ConfirmedView
from wagtail_calendly.snippets.price_words import amount


class BookingAction(ConfirmedView):
    """One thing to do with a booking. `answers` are the reasons for attention that it may settle."""

    breadcrumbs_items = [
        *ConfirmedView.breadcrumbs_items,
        {"url": reverse_lazy("bookings:index"), "label": gettext_lazy("Bookings")},
    ]
    answers: ClassVar[frozenset[str]] = frozenset()

    @staticmethod
    def is_possible(held: Standing) -> bool:
        """Whether the facts allow it now."""
        raise NotImplementedError

    @cached_property
    def held(self) -> Standing:
        """How the booking stands when the page is asked for."""
        try:
            return requests.standing(self.kwargs["pk"], timezone.now())
        except Booking.DoesNotExist:
            raise Http404 from None

    @property
    def booking(self) -> Booking:
        return self.held.booking

    def is_open(self) -> bool:
        return self.is_possible(self.held)

    def back_url(self) -> str:
        return reverse("bookings:inspect", args=[self.booking.pk])

    def about(self) -> str:
        current = self.booking.current_appointment
        return (current and current.name) or self.booking.terms.session_type.title

    def charge(self) -> str:
        """What is to be paid here."""
        terms = self.booking.terms
        return amount(terms.charge, terms.currency)


def moment(at: datetime) -> str:
    """In the zone of who reads it."""
    return when.moment(at, timezone.get_current_timezone_name())


def session_of(held: Standing) -> str:
    """The session and when it is."""
    title = held.booking.terms.session_type.title
    current = held.decision.current
    return f"{title}, {moment(current.starts_at)}" if current else title


def of_total(total: int, keeper: PaymentFacts) -> str:
    """What stands refunded afterwards."""
    words = {
        "total": amount(total, keeper.currency),
        "refunded": amount(keeper.refunded, keeper.currency),
        "captured": amount(keeper.captured, keeper.currency),
    }
    if not total:
        return _("Nothing of %(captured)s is given back.") % words
    if keeper.refunded:
        return (
            _(
                "After this, %(total)s of %(captured)s are given back; %(refunded)s of it are already."
            )
            % words
        )
    return _("After this, %(total)s of %(captured)s are given back.") % words
