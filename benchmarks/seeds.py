"""Bookings of a busy site, written past the models: a million one by one would take the afternoon."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.factories import SessionTypeFactory, TermsFactory, default_site
from wagtail_calendly.models import Booking

SESSION_TYPES = 4
#: The first thousand come within six weeks, the others in ten years before: screens of today show as many rows.
BOOKINGS = """
    INSERT INTO wagtail_calendly_booking (reference, token, terms_id, account, site_id, page_id, tracking,
        claimed_invitee_uri, scheduling_link, status, payment_status, attention, calendly_event_uri,
        calendly_invitee_uri, starts_at, ends_at, version, created_at)
    SELECT md5(n::text), md5('t' || n), (%(terms)s::bigint[])[1 + (n * 7) %% %(session_types)s], 'default',
        %(site)s, 1 + n %% 40, '{}', '', '',
        CASE WHEN n %% 11 = 0 THEN 'canceled' WHEN starts > now() AND n %% 7 = 0 THEN 'awaiting_payment'
             WHEN starts > now() THEN 'confirmed' WHEN n %% 37 = 0 THEN 'no_show' ELSE 'completed' END,
        CASE WHEN n %% 3 = 0 THEN 'not_required' WHEN n %% 22 = 0 THEN 'refunded'
             WHEN n %% 500 = 1 THEN 'disputed' ELSE 'paid' END,
        CASE WHEN n %% 40 = 10 THEN 'effect_failed' ELSE '' END,
        'https://api.calendly.com/scheduled_events/E' || n,
        'https://api.calendly.com/scheduled_events/E' || n || '/invitees/I' || n,
        starts, starts + interval '30 minutes', 2, created
    FROM generate_series(1, %(count)s::bigint) n,
        LATERAL (SELECT now() - (least(n, 1000) * 60 + greatest(n - 1000, 0) * 5) * interval '1 minute') c(created),
        LATERAL (SELECT created + (1 + (n * 7919) %% 20000) * interval '1 minute') s(starts)
"""
APPOINTMENTS = """
    INSERT INTO wagtail_calendly_appointment (account, booking_id, event_type_id, event_type_uri, reference,
        given_reference, attention, recorded_at, invitee_uri, name, email, timezone, questions_and_answers,
        tracking, cancel_url, reschedule_url, invitee_status, rescheduled, old_invitee_uri, new_invitee_uri,
        canceler_type, cancel_reason, no_show_uri, invitee_created_at, invitee_updated_at, invitee_observed_at,
        invitee_digest, event_uri, event_status, start_time, end_time, location, hosts, event_updated_at,
        event_observed_at, event_digest)
    SELECT account, id, NULL, '', reference, '', '', created_at, calendly_invitee_uri,
        (ARRAY['Ada', 'Bela', 'Chloé', 'Dmitri', 'Esther'])[1 + id %% 5] || ' ' || initcap(translate(
            md5('s' || id), '0123456789', 'ghijklmnop')),
        'invitee' || id || '@example.org', 'Europe/Paris',
        '[{"question": "What about?", "answer": "Birds", "position": 0}]', '{}', '', '', 'active', false, '', '',
        '', '', '', created_at, created_at, created_at, '', calendly_event_uri, 'active', starts_at, ends_at,
        '{"kind": "physical", "location": "Main street 1"}', '[]', created_at, created_at, ''
    FROM wagtail_calendly_booking
"""
PAYMENTS = """
    INSERT INTO wagtail_calendly_payment (booking_id, attempt, provider, mode, amount, currency, asked_at,
        params, state, checkout_id, payment_intent, url, settled_at, subtotal, total, discount, tax, captured,
        said_currency, email, receipt_url, dispute, observed_at, digest)
    SELECT id, left(reference, 24), 'stripe', 'test', 6000, 'EUR', created_at, '{}', 'paid', 'cs_' || id,
        'pi_' || id, '', created_at, 6000, 6000, 0, 0, 6000, 'EUR', '', '', '', created_at, ''
    FROM wagtail_calendly_booking WHERE payment_status <> 'not_required'
"""
EFFECTS = """
    INSERT INTO wagtail_calendly_effect (state, tries, next_try_at, error, created_at, finished_at, booking_id,
        kind, key, params)
    SELECT 'done', 1, created_at, '', created_at, created_at, id, 'notify', id || '/mail', '{}'
    FROM wagtail_calendly_booking
"""
LOG = """
    INSERT INTO wagtailcore_modellogentry (label, action, data, timestamp, content_changed, deleted, object_id,
        content_type_id, uuid)
    SELECT reference, 'wagtail_calendly.booking.changed',
        '{"from": {"status": "pending"}, "to": {"status": "confirmed"}}', created_at, false, false, id::text,
        %(content_type)s, gen_random_uuid()
    FROM wagtail_calendly_booking
"""


def fill(count: int) -> None:
    """So many bookings, each with appointment, mail and log entry, and its payment where it has one."""
    types = [SessionTypeFactory(price=6000, currency="EUR") for _ in range(SESSION_TYPES)]
    given = {
        "count": count,
        "terms": [TermsFactory(session_type=one).pk for one in types],
        "session_types": SESSION_TYPES,
        "site": default_site().pk,
        "content_type": ContentType.objects.get_for_model(Booking).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows made of rows need no check
        for statement in (BOOKINGS, APPOINTMENTS, PAYMENTS, EFFECTS, LOG):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
