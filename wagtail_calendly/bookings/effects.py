"""Performs effects: claimed by a lease, called outside any transaction, their answers recorded as facts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health, lookup, record, work
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Booking, Connection, Effect
from wagtail_calendly.bookings.settle import settle, wants
from wagtail_calendly.calendly import CalendlyClient, CalendlyRateLimited

logger = logging.getLogger(__name__)

#: How long to leave an account alone that does not work.
TROUBLE_WAIT = timedelta(minutes=5)
#: After how many failures in a row an account's other effects wait for the next round.
ENOUGH = 3
#: What one effect may spend at Calendly, well within its lease.
SECONDS = 120.0


def perform(effect_id: int, *, seconds: float | None = None) -> Effect:
    """Perform one effect now, unless it is done or somebody else is at it.

    `seconds` is a visitor's patience; without it the call yields to visitors. Whatever Calendly does is
    kept on the effect and its booking; nothing is raised but `RuntimeError` inside a transaction.
    """
    effect = work.claim(Effect, effect_id, timezone.now())
    if effect is None:
        return Effect.objects.get(pk=effect_id)
    booking = Booking.objects.select_related("terms__event_type").get(pk=effect.booking_id)
    if not wants(booking, effect, timezone.now()):
        work.finish(effect, Effect.State.IGNORED, timezone.now())
    else:
        _try(effect, booking, seconds)
    return Effect.objects.get(pk=effect_id)


def perform_now(booking: Booking, kind: str, seconds: float = 3.0) -> Booking:
    """Perform this booking's open effect of a kind before its time, for a visitor who waits."""
    effect = booking.effects.filter(kind=kind, state=Effect.State.OPEN).order_by("-pk").first()
    if effect:
        perform(effect.pk, seconds=seconds)
    return Booking.objects.get(pk=booking.pk)


def perform_due(
    now: datetime | None = None, limit: int = 100, ids: Iterable[int] | None = None
) -> int:
    """Perform what is due, of these effects or of all; returns how many were tried.

    An account that does not work is tried once and then left alone, so that its queue costs one call;
    one where several effects in a row of a round failed waits for the next round.
    """
    waiting = work.due(Effect, now or timezone.now())
    if ids is not None:
        waiting = waiting.filter(pk__in=list(ids))
    failed: Counter[str] = Counter()
    tried = 0
    for pk, account in list(waiting.values_list("pk", "booking__account")[:limit]):
        if failed[account] >= ENOUGH:
            continue
        tried += 1
        try:
            effect = perform(pk)
        except Exception:
            logger.exception("Effect %s could not be performed.", pk)
            continue
        if effect.error:
            failed[account] += ENOUGH if _is_troubled(account) else 1
        else:
            failed[account] = 0
    return tried


def _is_troubled(account: str) -> bool:
    return Connection.objects.filter(account=account).exclude(problem="").exists()


def _try(effect: Effect, booking: Booking, seconds: float | None) -> None:
    try:
        _KINDS[effect.kind](booking, effect, _client(booking.account, seconds))
    except health.TROUBLE as error:
        health.problem(booking.account, error)
        work.postpone(effect, error, TROUBLE_WAIT, timezone.now())
    except CalendlyRateLimited as error:
        work.postpone(effect, error, timedelta(seconds=error.retry_after), timezone.now())
    except Exception as error:  # noqa: BLE001 - whatever it is, the row must be given back
        _failed(effect, error)
    else:
        health.well(booking.account)
        _answered(effect)


def _answered(effect: Effect) -> None:
    """What Calendly said is recorded; whether that was what we waited for, the rules know."""
    booking = settle(effect.booking_id, because=effect.kind)
    if wants(booking, effect, timezone.now()):
        work.not_yet(effect, timezone.now())
    else:
        work.finish(effect, Effect.State.DONE, timezone.now())


def _failed(effect: Effect, error: Exception) -> None:
    tries = conf.load().effect_tries
    logger.warning("Effect %s failed: %s", effect.pk, work.told(error))
    if work.fail(effect, error, tries=tries, now=timezone.now()):
        Booking.objects.filter(pk=effect.booking_id).mark_due()
        settle(effect.booking_id, because="effect_failed")


def _client(alias: str, seconds: float | None) -> CalendlyClient:
    client = accounts.calendly(alias)
    return client.within(seconds) if seconds else client.for_background().within(SECONDS)


def _look_up(booking: Booking, effect: Effect, client: CalendlyClient) -> None:
    found = lookup.find(
        references.read(booking.reference),
        booking.terms.event_type,
        client=client,
        invitee_uri=booking.claimed_invitee_uri,
    )
    if found:
        record.appointment(*found, account=booking.account)


def _look_up_successor(booking: Booking, effect: Effect, client: CalendlyClient) -> None:
    invitee, event = lookup.read(effect.params["subject"], client=client)
    record.appointment(invitee, event, account=booking.account)
    if invitee.new_invitee:
        successor = lookup.read(invitee.new_invitee, client=client)
        record.appointment(*successor, account=booking.account)


def _refresh(booking: Booking, effect: Effect, client: CalendlyClient) -> None:
    found = lookup.read(effect.params["subject"], client=client)
    record.appointment(*found, account=booking.account)


_KINDS: dict[str, Callable[[Booking, Effect, CalendlyClient], None]] = {
    Effect.Kind.LOOK_UP: _look_up,
    Effect.Kind.LOOK_UP_SUCCESSOR: _look_up_successor,
    Effect.Kind.REFRESH: _refresh,
}
