"""Loads the facts of a booking from its rows, in the words of the rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from wagtail_calendly import conf
from wagtail_calendly.bookings import rules
from wagtail_calendly.bookings.models import Appointment, Booking, Effect, Payment
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.snippets.models import PaymentOrder, Terms


def key_prefix(booking: Booking) -> str:
    """What the keys of a booking's effects begin with: the rules name them within their booking only."""
    return f"{booking.pk}/"


def facts_of(booking: Booking) -> rules.BookingFacts:
    """Everything that decides about a booking."""
    dead = booking.effects.filter(state=Effect.State.DEAD)
    prefix = key_prefix(booking)
    return rules.BookingFacts(
        claimed_at=booking.claimed_at,
        terms=facts_of_terms(booking.terms),
        appointments=tuple(
            facts_of_appointment(row, row.start_time, row.end_time)
            for row in booking.appointments.all()
            if row.start_time and row.end_time
        ),
        payments=tuple(
            facts_of_payment(row) for row in booking.payments.prefetch_related("refunds")
        ),
        requests=tuple(
            rules.RequestFacts(
                kind=row.kind,
                at=row.at,
                is_staff=row.is_staff,
                total=row.total,
                until=row.until,
                code=row.code,
                failures_seen=row.failures_seen,
                is_met=row.met_at is not None,
                seen=tuple(row.seen),
            )
            for row in booking.requests.all()
        ),
        link_made_at=booking.link_made_at,
        dead=tuple(
            (row.key.removeprefix(prefix), row.finished_at or row.created_at) for row in dead
        ),
    )


def facts_of_terms(terms: Terms) -> rules.TermsFacts:
    seconds = conf.load().hold_seconds
    return rules.TermsFacts(
        charge=terms.charge,
        currency=terms.currency,
        is_paid_before=terms.payment_order == PaymentOrder.BEFORE_SCHEDULING,
        is_group=terms.event_type.is_group,
        hold=timedelta(seconds=seconds) if seconds else timedelta(minutes=terms.hold_minutes),
        link_valid_for=timedelta(days=terms.link_days),
        tiers=tuple((hours, percent) for hours, percent in terms.tiers),
    )


def facts_of_payment(row: Payment) -> rules.PaymentFacts:
    return rules.PaymentFacts(
        attempt=row.attempt,
        state=row.state,
        asked_at=row.asked_at,
        is_sent=row.sent_at is not None,
        subtotal=row.subtotal,
        currency=row.said_currency,
        captured=row.captured,
        settled_at=row.settled_at or row.observed_at,
        dispute=row.dispute,
        refunds=tuple(
            rules.RefundFacts(refund.refund_id, refund.effect, refund.amount, refund.state)
            for refund in row.refunds.all()
        ),
    )


def facts_of_appointment(
    row: Appointment, starts_at: datetime, ends_at: datetime
) -> rules.AppointmentFacts:
    location = row.location
    return rules.AppointmentFacts(
        invitee=row.invitee_uri,
        event=row.event_uri,
        old_invitee=row.old_invitee_uri,
        new_invitee=row.new_invitee_uri,
        created_at=row.invitee_created_at or row.recorded_at,
        recorded_at=row.recorded_at,
        starts_at=starts_at,
        ends_at=ends_at,
        is_canceled=CANCELED in (row.invitee_status, row.event_status),
        is_rescheduled=row.rescheduled,
        is_no_show=bool(row.no_show_uri),
        canceler=row.canceler_type,
        canceled_at=row.canceled_at or row.event_updated_at or row.recorded_at,
        # A conference is set up a moment after the booking; until then its address is missing.
        # https://developer.calendly.com/api-docs/calendly-api/scheduled-events
        awaits_join_url=bool(
            location.get("kind", "").endswith("_conference")
            and not location.get("join_url")
            and location.get("status") != "failed"
        ),
        is_given=bool(row.given_reference),
    )
