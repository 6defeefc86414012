"""A tick of `calendly_work` with nothing due: among 1,000 settled bookings and among 1,000,000, on PostgreSQL."""

from __future__ import annotations

import io
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks import databases
from benchmarks.measure import Result, Side, at_most, ratio
from tests.factories import TermsFactory, default_site
from wagtail_calendly.models import Connection

MARK = 1.2
SMALL, LARGE = 1_000, 1_000_000

#: Written past the models: a million rows one by one would take the afternoon.
BOOKINGS = """
    INSERT INTO wagtail_calendly_booking (reference, token, terms_id, account, site_id, tracking,
        claimed_invitee_uri, status, payment_status, attention, calendly_event_uri, calendly_invitee_uri,
        starts_at, ends_at, version, counted_version, created_at)
    SELECT md5(n::text), md5('t' || n), %s, 'default', %s, '{}', '', 'completed', 'not_required', '',
        'https://api.calendly.com/scheduled_events/E' || n,
        'https://api.calendly.com/scheduled_events/E' || n || '/invitees/I' || n,
        now() - n * interval '1 minute', now() - n * interval '1 minute', 2, 2, now() - n * interval '1 minute'
    FROM generate_series(1, %s) n
"""
APPOINTMENTS = """
    INSERT INTO wagtail_calendly_appointment (account, booking_id, event_type_id, event_type_uri, reference,
        attention, recorded_at, invitee_uri, name, email, timezone, questions_and_answers, tracking, cancel_url,
        reschedule_url, invitee_status, rescheduled, old_invitee_uri, new_invitee_uri, canceler_type,
        cancel_reason, no_show_uri, invitee_created_at, invitee_updated_at, invitee_observed_at, invitee_digest,
        event_uri, event_status, start_time, end_time, location, hosts, event_updated_at, event_observed_at,
        event_digest)
    SELECT account, id, %s, 'https://api.calendly.com/event_types/ET', reference, '', created_at,
        calendly_invitee_uri, 'Vi Sitor', 'vi@example.org', 'Europe/Paris', '[]', '{}', '', '', 'active', false,
        '', '', '', '', '', created_at, created_at, created_at, '', calendly_event_uri, 'active', starts_at,
        ends_at, '{}', '[]', created_at, created_at, ''
    FROM wagtail_calendly_booking
"""
DELIVERIES = """
    INSERT INTO wagtail_calendly_webhookdelivery (state, tries, next_try_at, error, created_at, finished_at,
        sender, account, digest, event, body)
    SELECT 'done', 1, now(), '', now(), now(), 'calendly', 'default', md5(id::text), 'invitee.created', '{}'
    FROM wagtail_calendly_booking
"""


def run(*, quick: bool = False) -> list[Result]:
    """One row. Needs an empty, migrated PostgreSQL as the default database."""
    large = 10_000 if quick else LARGE
    empty = connection.settings_dict["NAME"]
    _fill("small", SMALL, template=empty)
    _fill("large", large, template=empty)
    cost = ratio(
        Side(_tick, lambda times: databases.use("large")),
        Side(_tick, lambda times: databases.use("small")),
        rounds=3 if quick else 31,
        times=5 if quick else 20,
        clock=time.perf_counter,
    )
    what = f"Tick with nothing due at {large:,} settled bookings, to one at {SMALL:,}"
    return [at_most(what, cost, MARK)]


def _tick() -> None:
    said = io.StringIO()
    call_command("calendly_work", stdout=said)
    assert said.getvalue().startswith("0 deliveries, 0 bookings, 0 effects, 0 accounts polled"), (
        said
    )


def _fill(name: str, count: int, *, template: str) -> None:
    """A database of so many settled bookings, whose account is not to be polled or synced today."""
    databases.copy(template, name)
    terms, later = TermsFactory(), timezone.now() + timedelta(days=1)
    Connection.objects.create(account="default", poll_turn_at=later, sync_turn_at=later)
    with connection.cursor() as cursor:
        cursor.execute(BOOKINGS, [terms.pk, default_site().pk, count])
        cursor.execute(APPOINTMENTS, [terms.event_type_id])
        cursor.execute(DELIVERIES)
        cursor.execute("VACUUM ANALYZE")
