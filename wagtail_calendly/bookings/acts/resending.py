"""Staff have a mail sent once more, with the way to the booking and its payment: what it says is what is so now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wagtail.models import Site

from wagtail_calendly.bookings import settle
from wagtail_calendly.bookings.acts.doing import do, refuse_unless
from wagtail_calendly.bookings.mails import Mail, recipients
from wagtail_calendly.bookings.mails.sender import sender_of
from wagtail_calendly.bookings.models import Booking, Effect, Request
from wagtail_calendly.bookings.requests import Standing, ask

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: Nobody gets the same mail sooner after it was asked for, or more often within a day.
PAUSE = timedelta(minutes=10)
MOST_A_DAY = 3
#: What staff get themselves, and what says the same as another one.
LEFT_OUT = {Mail.STAFF, Mail.CHOOSE_TIME_REMINDER}


def offered(held: Standing) -> list[Mail]:
    """The mails that were sent and still say what is so, and that may be sent once more by now."""
    named = {one.subject for one in held.decision.effects if one.kind == Effect.Kind.NOTIFY}
    sent = held.booking.effects.filter(kind=Effect.Kind.NOTIFY, state=Effect.State.DONE)
    named &= {effect.params.get("subject") for effect in sent}
    return [mail for mail in Mail if mail in named - LEFT_OUT and _has_room(held, mail)]


def masked_address(booking: Booking, mail: Mail) -> str:
    """To whom it goes, as far as staff need to know them again: “v…@example.org”. Empty where to nobody."""
    sender = sender_of(booking.site or Site.objects.get(is_default_site=True))
    name, at, host = recipients.of(booking, mail, sender).rpartition("@")
    return f"{name[:1]}…{at}{host}" if at else ""


def send_again(booking: Booking, mail: Mail, *, user: AbstractBaseUser) -> bool:
    """Whether it went out at once; else it goes out as soon as the mail server takes it. Raises `NotPossible`."""
    ask_for(booking, mail, user=user)
    do(booking, Request.Kind.RESEND, Effect.Kind.NOTIFY)
    last = booking.effects.filter(kind=Effect.Kind.NOTIFY, key__contains=f"/{mail}/again/").last()
    return bool(last and last.state == Effect.State.DONE)


def ask_for(booking: Booking, mail: Mail, *, user: AbstractBaseUser) -> None:
    """Have it sent in a moment. Raises `NotPossible` for one that is not true any more, or was sent too often."""

    def check(held: Standing) -> dict[str, Any]:
        refuse_unless(mail in offered(held), "It is not true any more, or was sent a moment ago.")
        return {"code": mail}

    ask(booking, Request.Kind.RESEND, check, user=user)
    settle.settle(booking.pk, because=Request.Kind.RESEND)


def _has_room(held: Standing, mail: Mail) -> bool:
    ages = [held.now - one.at for one in held.facts.asked("resend") if one.code == mail]
    today = [age for age in ages if age < timedelta(days=1)]
    return len(today) < MOST_A_DAY and all(age >= PAUSE for age in today)
