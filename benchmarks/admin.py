"""The screens of the desk: among 1,000 bookings and among 1,000,000, on PostgreSQL."""

from __future__ import annotations

import time
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from benchmarks import databases, seeds
from benchmarks.host import Host
from benchmarks.measure import Result, Side, at_most, ratio
from wagtail_calendly.desk.saved_views import of_day
from wagtail_calendly.models import Booking

MARK = 1.5
SMALL, LARGE = 1_000, 1_000_000
LIST = "/admin/calendly/bookings/"
CALENDAR = "/admin/calendly/calendar/"
REPORT = "/admin/reports/bookings/"
#: One that both databases have, recent and paid.
BOOKING = 10


def run(*, quick: bool = False) -> list[Result]:
    """One row for each screen. Needs an empty, migrated PostgreSQL as the default database."""
    large = 10_000 if quick else LARGE
    empty = connection.settings_dict["NAME"]
    connection.settings_dict["CONN_MAX_AGE"] = None
    cookie = f"{settings.SESSION_COOKIE_NAME}={_sign_in()}"
    for name, count in (("small", SMALL), ("large", large)):
        databases.copy(empty, name)
        seeds.fill(count)
    host = Host()
    rows = []
    for what, path in _screens().items():
        show = partial(
            host.ask,
            path.partition("?")[0],
            QUERY_STRING=path.partition("?")[2],
            HTTP_COOKIE=cookie,
        )
        cost = ratio(
            Side(show, lambda times: databases.use("large")),
            Side(show, lambda times: databases.use("small")),
            rounds=3 if quick else 15,
            times=2,
            clock=time.perf_counter,
        )
        rows.append(at_most(f"{what} among {large:,} bookings, to among {SMALL:,}", cost, MARK))
    return rows


def _sign_in() -> str:
    """A session of somebody who may do everything."""
    user = User.objects.create_superuser("owner", password="secret")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _screens() -> dict[str, str]:
    """What is opened, by what it is called."""
    today = timezone.localdate()
    known = Booking.objects.get(pk=BOOKING)
    appointment = known.appointments.get()
    first, surname = appointment.name.split()
    session_type = known.terms.session_type_id
    return {
        "List": LIST,
        "List, filtered by status, payment and session type": (
            f"{LIST}?status=confirmed&payment_status=paid&session_type={session_type}"
        ),
        "List of what needs attention": f"{LIST}?attention=needed",
        "List of a day": f"{LIST}?{urlencode(of_day(today))}",
        "List, ordered by status": f"{LIST}?ordering=-status",
        "Search by surname": f"{LIST}?q={surname}",
        "Search by a first name of many": f"{LIST}?q=ada",
        "Search by e-mail": f"{LIST}?q={appointment.email}",
        "Search by two names in another order": f"{LIST}?{urlencode({'q': f'{surname} {first}'})}",
        "Search by the domain that all have": f"{LIST}?q=example.org",
        "Search by the end of a reference": f"{LIST}?q={known.reference_end}",
        "Detail": f"{LIST}inspect/{BOOKING}/",
        "Download of a day": f"{LIST}?{urlencode(of_day(today))}&export=csv",
        "Report of thirty days": REPORT,
        "Calendar of a week": f"{CALENDAR}week/{today}/",
        "Calendar of a month": f"{CALENDAR}month/{today}/",
        "First page of the admin": "/admin/",
    }
