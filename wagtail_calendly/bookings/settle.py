"""Settles a booking: loads its facts, decides, writes the decision and the effects it names. Nobody else does."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from wagtail_calendly import conf, signals
from wagtail_calendly.bookings import log, rules
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Payment,
    PaymentStatus,
    Status,
)
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.calendly.schemas import CANCELED
from wagtail_calendly.snippets.models import PaymentOrder, Terms

logger = logging.getLogger(__name__)

TIMES = 3
POISONED_FOR = timedelta(minutes=15)
#: What a change of is worth an entry in the log; the rest follows from these.
TOLD = ("status", "payment_status", "attention", "starts_at")
#: Statuses of a booking that its visitor has not been told to be confirmed.
UNCONFIRMED = {
    Status.PENDING,
    Status.AWAITING_PAYMENT,
    Status.AWAITING_SCHEDULE,
    Status.ABANDONED,
    Status.EXPIRED,
}
UNPAID = {PaymentStatus.UNPAID, PaymentStatus.PROCESSING, PaymentStatus.NOT_REQUIRED}


def settle(booking_id: int, *, because: str, now: datetime | None = None) -> Booking:
    """Bring a booking in line with its facts, as of `now`. Safe to call at any time, by anyone, twice.

    `because` is a short code of what caused it, for the log. When others write faster, the booking stays
    marked as due and the clock settles it. Raises `Booking.DoesNotExist`.
    """
    for _ in range(TIMES):
        booking = _load(booking_id)
        decision = rules.decide(facts_of(booking), now or timezone.now())
        columns = _columns(decision)
        if not _differing(booking, columns):
            _insert(booking, decision)
            return booking
        if in_transaction(partial(_write, booking, decision, columns, because)):
            break
    return _load(booking_id)


def decide(booking: Booking, now: datetime) -> rules.Decision:
    """What this booking's facts mean at that time. Nothing is written."""
    return rules.decide(facts_of(booking), now)


def wanted(booking: Booking, effect: Effect, now: datetime) -> rules.EffectSpec | None:
    """This effect as the facts call for it at that time; None where they do not any more."""
    specs = decide(booking, now).effects
    return next((spec for spec in specs if _key(booking, spec) == effect.key), None)


def postpone(booking_id: int, now: datetime) -> None:
    """A booking that cannot be settled must not keep the clock from the others."""
    Booking.objects.filter(pk=booking_id).update(next_check_at=now + POISONED_FOR)


def facts_of(booking: Booking) -> rules.BookingFacts:
    """Everything that decides about a booking."""
    dead = booking.effects.filter(state=Effect.State.DEAD).values_list("key", flat=True)
    prefix = _prefix(booking)
    return rules.BookingFacts(
        claimed_at=booking.claimed_at,
        terms=facts_of_terms(booking.terms),
        appointments=tuple(
            facts_of_appointment(row, row.start_time, row.end_time)
            for row in booking.appointments.all()
            if row.start_time and row.end_time
        ),
        payments=tuple(
            _facts_of_payment(row) for row in booking.payments.prefetch_related("refunds")
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
            )
            for row in booking.requests.all()
        ),
        link_made_at=booking.link_made_at,
        dead=frozenset(key.removeprefix(prefix) for key in dead),
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


def _facts_of_payment(row: Payment) -> rules.PaymentFacts:
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


def _load(booking_id: int) -> Booking:
    return Booking.objects.select_related("terms__session_type", "terms__event_type").get(
        pk=booking_id
    )


def _columns(decision: rules.Decision) -> dict[str, Any]:
    current = decision.current
    return {
        "status": decision.status,
        "payment_status": decision.payment_status,
        "attention": " ".join(decision.attention),
        "calendly_event_uri": current.event if current else "",
        "calendly_invitee_uri": current.invitee if current else "",
        "hold_until": decision.hold_until,
        "starts_at": current.starts_at if current else None,
        "ends_at": current.ends_at if current else None,
        "next_check_at": decision.next_check_at,
    }


def _differing(booking: Booking, columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if getattr(booking, name) != value}


def _write(
    booking: Booking, decision: rules.Decision, columns: dict[str, Any], because: str
) -> bool:
    """Write by compare-and-set on the version that the facts were read after. False when it was overtaken."""
    unchanged = Booking.objects.filter(pk=booking.pk, version=booking.version)
    if not unchanged.update(version=booking.version + 1, **columns):
        return False
    _insert(booking, decision)
    differing = _differing(booking, columns)
    new = {name: differing[name] for name in TOLD if name in differing}
    if new:
        old = {name: getattr(booking, name) for name in new}
        log.changed(booking, old=_plain(old), new=_plain(new), because=because)
        tell = partial(_tell, booking.pk, old, new, decision, because)
        transaction.on_commit(tell, robust=True)
    return True


def _insert(booking: Booking, decision: rules.Decision) -> None:
    """Insert the effects named for the first time, and tell of them once that is committed."""
    specs = {_key(booking, spec): spec for spec in decision.effects}
    states = dict(booking.effects.filter(key__in=specs).values_list("key", "state"))
    for key, spec in specs.items():
        if states.get(key) in (Effect.State.OPEN, Effect.State.DEAD):
            continue
        if key in states and not _reopen(key, spec):
            continue
        fresh = Effect(
            booking=booking,
            kind=spec.kind,
            key=key,
            params=_params(spec),
            next_try_at=spec.due_at,
        )
        Effect.objects.bulk_create([fresh], ignore_conflicts=True)
        transaction.on_commit(partial(_announce, key, spec), robust=True)


def _reopen(key: str, spec: rules.EffectSpec) -> bool:
    """Wanted again, after it was done or dropped: time or a person has brought it back. Mails go out once."""
    over = Effect.objects.filter(key=key, state__in=(Effect.State.DONE, Effect.State.IGNORED))
    if spec.kind == Effect.Kind.NOTIFY:
        return False
    return bool(
        over.update(
            state=Effect.State.OPEN, tries=0, next_try_at=spec.due_at, finished_at=None, error=""
        )
    )


def _params(spec: rules.EffectSpec) -> dict[str, Any]:
    params: dict[str, Any] = {"subject": spec.subject, "amount": spec.amount}
    return {name: value for name, value in params.items() if value}


def _announce(key: str, spec: rules.EffectSpec) -> None:
    ids = list(Effect.objects.filter(key=key).values_list("pk", flat=True))
    signals.effects_due.send_robust(sender=Effect, effect_ids=ids, due_at=spec.due_at)


def _tell(
    booking_id: int,
    old: dict[str, Any],
    new: dict[str, Any],
    decision: rules.Decision,
    because: str,
) -> None:
    """Send the public signals of one change."""
    booking = _load(booking_id)
    before, after = old.get("status", decision.status), decision.status
    told: list[tuple[Any, dict[str, Any]]] = []
    if new.keys() & {"status", "payment_status", "attention"}:
        change = {"old_status": before, "new_status": after, "because": because}
        told.append((signals.booking_changed, change))
    if old.get("starts_at") and new.get("starts_at"):
        moved = {"old_start": old["starts_at"], "new_start": new["starts_at"]}
        told.append((signals.booking_rescheduled, moved))
    if new.get("payment_status") == PaymentStatus.PAID and old["payment_status"] in UNPAID:
        told.append((signals.booking_paid, {}))
    if before != after:
        told += _turning_points(before, after, decision)
    for signal, arguments in told:
        signal.send_robust(sender=Booking, booking=booking, **arguments)


def _turning_points(
    before: str, after: str, decision: rules.Decision
) -> list[tuple[Any, dict[str, Any]]]:
    if after == Status.CONFIRMED and before in UNCONFIRMED:
        return [(signals.booking_confirmed, {})]
    if after == Status.CANCELED:
        return [(signals.booking_canceled, {"canceled_by": decision.canceled_by})]
    if after == Status.EXPIRED:
        return [(signals.booking_expired, {})]
    if after == Status.COMPLETED:
        return [(signals.booking_completed, {})]
    if after == Status.NO_SHOW:
        return [(signals.booking_no_show, {})]
    return []


def _prefix(booking: Booking) -> str:
    return f"{booking.pk}/"


def _key(booking: Booking, spec: rules.EffectSpec) -> str:
    return _prefix(booking) + spec.key


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
