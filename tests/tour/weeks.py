"""Weeks of ordinary bookings, so that lists, calendar and report have something to show: the same in each run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from tests.tour.cast import Stage
from tests.tour.past import Story
from wagtail_calendly.bookings import numbers
from wagtail_calendly.bookings.models import DailyTotal
from wagtail_calendly.snippets.models import SessionType

FIRST_NAMES = (
    "Ada Bruno Carla Dario Edda Femi Greta Hakan Ida Jan Kaja Luca Mira Nils Olga Pavel".split()
)
SURNAMES = "Adler Berg Costa Dahl Eder Fink Gallo Holm Ivanov Jansen Kraus Lund Moser Novak".split()
CAMPAIGNS = (
    {},
    {},
    {},
    {"utm_source": "newsletter", "utm_campaign": "summer"},
    {"utm_source": "museums.example"},
)
HOURS = (9, 10, 11, 13, 14, 15, 16)


def live_through(stage: Stage, sessions: list[SessionType], pages: list[int], weeks: int) -> None:
    """Bookings of the last weeks, and the numbers of the report up to last night."""
    chance = Random(7)  # noqa: S311 - the same weeks each time
    for made in _moments(stage, weeks, chance):
        _live(stage, chance, made, chance.choice(sessions), chance.choice(pages))
    numbers.recount(stage.now)
    for total in DailyTotal.objects.order_by("pk"):
        total.opened = 2 * total.booked + chance.randint(1, 4)
        total.save()


def _moments(stage: Stage, weeks: int, chance: Random) -> Iterator[datetime]:
    """When somebody books: more often as the weeks go by, and rarely at the weekend."""
    for days in range(-7 * weeks, 0):
        is_weekend = stage.at(days, 12).weekday() > 4
        for _ in range(chance.randint(0, 1 if is_weekend else 3)):
            yield stage.at(days, chance.randint(8, 20), chance.randint(0, 59))


def _live(stage: Stage, chance: Random, made: datetime, session: SessionType, page: int) -> None:
    starts = made + timedelta(days=chance.randint(2, 7))
    starts = starts.replace(hour=chance.choice(HOURS), minute=chance.choice((0, 30)))
    if starts.weekday() > 4:
        starts += timedelta(days=2)
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(SURNAMES)}"
    story = Story(session, name, made, starts, page, dict(chance.choice(CAMPAIGNS)))
    booking = story.book()
    fate = chance.random()
    canceled_at = starts - timedelta(hours=chance.choice((20, 30, 60)))
    if fate < 0.12 and made + timedelta(hours=1) < canceled_at < stage.now:
        story.cancel(canceled_at)
    elif fate > 0.95 and starts < stage.now:
        booking.appointments.update(no_show_uri="https://api.calendly.com/invitee_no_shows/N")
    story.learn(stage.now)
