"""What the mails say of a booking, in the active language and the reader's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_calendly.bookings import calendars, when
from wagtail_calendly.bookings.mails import refunds
from wagtail_calendly.bookings.mails.sender import Sender
from wagtail_calendly.bookings.models import Attention, Booking, Payment
from wagtail_calendly.bookings.when import When
from wagtail_calendly.bookings.where import safe_link, where
from wagtail_calendly.payments import money
from wagtail_calendly.snippets.mail_texts import Mail

#: Letters of a name that staff are shown: names are typed by strangers.
_NAME = 80


@dataclass(frozen=True)
class Facts:
    """What templates read. Amounts and times are words already; empty where a mail does not say them.

    `url` is where the button leads. `calendar` is an iCalendar file to attach.
    """

    session: str
    url: str
    button: str
    when: When | None = None
    place: str = ""
    amount: str = ""
    price: str = ""
    pay_until: str = ""
    choose_until: str = ""
    paid: str = ""
    receipt_url: str = ""
    given_back: str = ""
    given_back_in_all: str = ""
    because: str = ""
    name: str = ""
    reasons: tuple[str, ...] = ()
    calendar: bytes = b""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Label and value of each fact, in the order in which they are read."""
        spoken = self.when and f"{self.when.day}, {self.when.hours} ({self.when.zone_name})"
        rows = [
            (_("Why"), "; ".join(self.reasons)),
            (_("Name"), self.name),
            (_("Session"), self.session),
            (_("When"), spoken),
            (_("Where"), self.place),
            (_("To pay now"), self.amount),
            (_("Whole price"), self.price),
            (_("Kept for you until"), self.pay_until),
            (_("Paid"), self.paid),
            (_("Choose a time by"), self.choose_until),
            (_("Given back"), self.given_back),
            (_("Given back in all"), self.given_back_in_all),
        ]
        return [(label, value) for label, value in rows if value]


def of(booking: Booking, mail: Mail, sender: Sender) -> Facts | None:
    """The facts for one mail; None where there is nothing to say any more."""
    found = _FACTS[mail](booking)
    if found is None:
        return None
    status = reverse("wagtail_calendly:status", args=[booking.token])
    common = {
        "session": booking.terms.session_type.title,
        "url": status,
        "button": _("See your booking"),
        "when": _when(booking),
    }
    given = {**common, **found}
    # Staff's screens may have a host of their own.
    admin = getattr(settings, "WAGTAILADMIN_BASE_URL", "") if mail == Mail.STAFF else ""
    return Facts(**{**given, "url": (admin or sender.site.root_url) + given["url"]})


def display(minor: int, currency: str) -> str:
    """An amount for readers of the active language."""
    return money.display(minor, currency, get_language() or "en")


def _complete_payment(booking: Booking) -> dict[str, Any]:
    terms = booking.terms
    amount = display(terms.charge, terms.currency)
    shown = _("%(amount)s plus tax") % {"amount": amount} if terms.adds_tax else amount
    return {
        "amount": shown,
        "price": display(terms.price, terms.currency) if terms.deposit else "",
        "pay_until": _moment(booking, booking.hold_until),
        "button": _("Pay now") if terms.adds_tax else _("Pay %(amount)s") % {"amount": amount},
    }


def _choose_time(booking: Booking) -> dict[str, Any]:
    payment = refunds.kept(booking)
    paid_at = payment and (payment.settled_at or payment.observed_at)
    until = paid_at + timedelta(days=booking.terms.link_days) if paid_at else None
    return {
        **_payment(payment),
        "choose_until": _moment(booking, until),
        "button": _("Choose a time"),
    }


def _paid(booking: Booking) -> dict[str, Any]:
    appointment = booking.current_appointment
    place = where(appointment.location) if appointment else None
    in_group = booking.terms.event_type.is_group and booking.starts_at
    return {
        **_payment(refunds.kept(booking)),
        "place": (place.public or place.text) if place else "",
        "calendar": calendars.of(booking) if in_group else b"",
    }


def _expired(booking: Booking) -> dict[str, Any]:
    session = booking.terms.session_type
    again = reverse("wagtail_calendly:session", args=[session.pk, session.slug])
    return {"url": again, "button": _("Choose another time")}


def _refunded(booking: Booking) -> dict[str, Any] | None:
    given = refunds.all_of(booking)
    if not given:
        return None
    last, currency = given[-1], given[-1].payment.currency
    back = sum(refund.amount for refund in given)
    paid = sum(_captured(payment) for payment in {refund.payment for refund in given})
    shown = {"back": display(back, currency), "paid": display(paid, currency)}
    return {
        "given_back": display(last.amount, currency),
        "given_back_in_all": _("%(back)s of %(paid)s") % shown,
        "because": refunds.because(booking, last),
    }


def _staff(booking: Booking) -> dict[str, Any] | None:
    if not booking.attention:
        return None
    appointment = booking.current_appointment
    name = " ".join(appointment.name.split()) if appointment else ""
    return {
        "reasons": tuple(Attention.in_words(booking.attention)),
        "name": name if len(name) <= _NAME else f"{name[:_NAME]}…",
        "url": reverse("bookings:inspect", args=[booking.pk]),
        "button": _("Open the booking"),
        "when": _when(booking, zone=""),
    }


_FACTS: dict[Mail, Callable[[Booking], dict[str, Any] | None]] = {
    Mail.COMPLETE_PAYMENT: _complete_payment,
    Mail.CHOOSE_TIME: _choose_time,
    Mail.CHOOSE_TIME_REMINDER: _choose_time,
    Mail.PAID: _paid,
    Mail.EXPIRED: _expired,
    Mail.REFUNDED: _refunded,
    Mail.STAFF: _staff,
}


def _payment(payment: Payment | None) -> dict[str, str]:
    """What was paid; empty where nothing was, as after a promotion code for all of it."""
    if payment is None or not _captured(payment):
        return {}
    amount = display(_captured(payment), payment.currency)
    return {"paid": amount, "receipt_url": safe_link(payment.receipt_url)}


def _captured(payment: Payment) -> int:
    return payment.captured or payment.total


def _when(booking: Booking, zone: str | None = None) -> When | None:
    """When the session is, in the invitee's zone unless another is named ("": the site's)."""
    if not (booking.starts_at and booking.ends_at):
        return None
    return when.for_visitor(
        booking.starts_at, booking.ends_at, _zone(booking) if zone is None else zone
    )


def _moment(booking: Booking, at: datetime | None) -> str:
    return when.moment(at, _zone(booking)) if at else ""


def _zone(booking: Booking) -> str:
    appointment = booking.current_appointment
    return appointment.timezone if appointment else ""
