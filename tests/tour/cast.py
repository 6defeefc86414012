"""The bookings that have a part in a picture: one for each thing that staff meet and do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from tests.factories import API, AppointmentFactory, BookingFactory
from tests.tour.past import Story, happen, name_of
from wagtail_calendly.bookings import log
from wagtail_calendly.bookings.models import Booking, Effect, Note, Payment, WebhookDelivery
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

#: By the name of a part the key of its row.
Parts = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """What the bookings are made of. `priced` is paid after choosing a time, `group` before."""

    now: datetime
    user: Any
    free: SessionType
    priced: SessionType
    group: SessionType
    page_id: int

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """So many days from today, at this hour of the reader's zone."""
        day = timezone.localtime(self.now) + timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def story(self, session: SessionType, name: str, starts: datetime, **more: Any) -> Story:
        """Booked two days ago or a little earlier, each name at another time."""
        made = self.now - timedelta(days=2, minutes=17 * len(name) + 3 * ord(name[0]))
        more = {"made": made, "page_id": self.page_id, **more}
        return Story(session, name, starts=starts, **more)


def all_parts(stage: Stage) -> Parts:
    """Play all of them; the rows by the names of their parts."""
    return {name: play(stage) for name, play in PLAYS.items()}


def _paid(stage: Stage) -> int:
    """Everything as it should be, with a story to tell."""
    made = stage.at(-5, 16, 12)
    story = stage.story(
        stage.priced,
        "Marta Lindqvist",
        stage.at(1, 14),
        made=made,
        tracking={"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "summer"},
        answers=[
            {"question": "Which page shall we begin with?", "answer": "The timetable, please."},
            {"question": "How many people work on the site?", "answer": "Three editors"},
        ],
    )
    booking = story.book()
    note = Note(booking=booking, user=stage.user, at=stage.at(-1, 11), text="Send her the report.")
    note.save()
    with time_machine.travel(note.at):
        log.noted(booking, stage.user)
    return int(booking.pk)


def _waiting(stage: Stage) -> int:
    """A time is kept, and not paid yet."""
    story = stage.story(stage.priced, "Jonas Weber", stage.at(4, 11))
    story.made = stage.now - timedelta(minutes=12)
    return int(story.book(is_paid=False).pk)


def _unpaid(stage: Stage) -> int:
    """Booked past the payment, so somebody must decide."""
    story = stage.story(stage.priced, "Ines Carvalho", stage.at(6, 10))
    booking = story.book(is_paid=False)
    booking.appointments.update(given_reference=booking.reference)
    return int(happen(booking).pk)


def _disputed(stage: Stage) -> int:
    story = stage.story(stage.priced, "Paul Okafor", stage.at(-9, 15), made=stage.at(-14, 9, 40))
    booking = story.book(is_paid=False)
    story.pay(after=timedelta(minutes=5), dispute="open")
    return int(story.learn(stage.now).pk or booking.pk)


def _refund_failed(stage: Stage) -> int:
    """Canceled by the host, and Stripe could not give the money back."""
    story = stage.story(stage.priced, "Yuki Tanaka", stage.at(2, 9))
    booking = story.book()
    story.cancel(stage.at(-1, 17), by="host", reason="Our train is on strike.")
    refunds = Payment.objects.get(booking=booking).refunds
    refunds.update(state="failed")
    return int(settle(booking.pk, because="webhook").pk)


def _given_up(stage: Stage) -> int:
    """Calendly could not be reached for hours: it still stands there."""
    story = stage.story(stage.free, "Lena Brandt", stage.at(3, 13))
    booking = story.book()
    asked = stage.now - timedelta(hours=9)
    with time_machine.travel(asked):
        booking.requests.create(kind="cancel", user=stage.user, is_staff=True, total=0)
        settle(booking.pk, because="cancel")
    booking.effects.filter(kind=Effect.Kind.CANCEL_EVENT).update(
        state=Effect.State.DEAD,
        tries=8,
        error="CalendlyUnavailable: Calendly did not answer.",
        finished_at=stage.now - timedelta(hours=1),
    )
    return int(settle(booking.pk, because="effect").pk)


def _over(stage: Stage) -> int:
    """This morning; nobody has said yet whether they came."""
    story = stage.story(stage.free, "Amina Yilmaz", stage.now - timedelta(minutes=50))
    story.book()
    return int(story.learn(stage.now).pk)


def _absent(stage: Stage) -> int:
    starts = stage.now - timedelta(days=1)
    story = stage.story(stage.free, "Tomasz Nowak", starts, made=starts - timedelta(days=2))
    booking = story.book()
    booking.appointments.update(
        no_show_uri=f"{API}/invitee_no_shows/{name_of('')}",
        invitee_updated_at=starts + timedelta(minutes=20),
    )
    return int(story.learn(stage.now).pk)


def _group(stage: Stage) -> int:
    """Three people on one event."""
    event = f"{API}/scheduled_events/{name_of('')}"
    names = ("Chiara Ricci", "David Mensah", "Eline de Vries")
    stories = [stage.story(stage.group, one, stage.at(8, 10), event=event) for one in names]
    for number, story in enumerate(stories):
        story.made -= timedelta(hours=7 * number)
    booked = [story.book() for story in stories]
    return int(booked[0].pk)


def _client(stage: Stage) -> int:
    """Begun by staff for somebody on the phone, who need not pay. Only a reference that was minted can be linked."""
    with time_machine.travel(stage.at(-1, 9, 30)):
        booking = BookingFactory(terms=terms_for(stage.priced), token=name_of("t"))
        for kind in ("invite", "waive"):
            booking.requests.create(kind=kind, user=stage.user, is_staff=True)
        return int(happen(booking).pk)


def _stray(stage: Stage) -> int:
    """Booked past this site, at Calendly itself."""
    starts = stage.at(5, 15)
    appointment = AppointmentFactory(
        booking=None,
        event_type=stage.priced.event_type,
        name="Rosa Almeida",
        email="rosa.almeida@example.org",
        start_time=starts,
        end_time=starts + timedelta(minutes=stage.priced.event_type.duration),
        attention="not_through_site",
    )
    return int(appointment.pk)


def _delivery(stage: Stage) -> int:
    """What Calendly posted and nobody could make sense of."""
    delivery = WebhookDelivery(
        sender="calendly",
        event="invitee.created",
        digest=name_of(""),
        state="dead",
        tries=5,
        error="InvalidPayload: payload.scheduled_event is missing.",
        created_at=stage.now - timedelta(hours=20),
    )
    delivery.save()
    return int(delivery.pk)


PLAYS: dict[str, Callable[[Stage], int]] = {
    play.__name__.removeprefix("_"): play
    for play in (
        _paid,
        _waiting,
        _unpaid,
        _disputed,
        _refund_failed,
        _given_up,
        _over,
        _absent,
        _group,
        _client,
        _stray,
        _delivery,
    )
}


def today(stage: Stage) -> list[Booking]:
    """The sessions that are still to come today."""
    later = [
        (stage.priced, "Samuel Brooks", 90),
        (stage.free, "Klara Nilsen", 200),
        (stage.free, "Noor Haddad", 260),
    ]
    return [
        stage.story(session, name, stage.now + timedelta(minutes=minutes)).book()
        for session, name, minutes in later
    ]
