"""Claims effects, performs them, and keeps what became of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from wagtail_calendly import conf
from wagtail_calendly.bookings import health, installation, work
from wagtail_calendly.bookings.effects import (
    calendar,
    checkouts,
    for_clients,
    letters,
    no_shows,
    refunds,
)
from wagtail_calendly.bookings.effects.freezing import NotWanted
from wagtail_calendly.bookings.effects.patience import in_a_hurry, seconds_left
from wagtail_calendly.bookings.effects.vendors import Vendors
from wagtail_calendly.bookings.models import Booking, Connection, Effect
from wagtail_calendly.bookings.settle import settle, wanted
from wagtail_calendly.calendly import CalendlyRateLimited
from wagtail_calendly.exceptions import OtherInstallation, OtherMode
from wagtail_calendly.payments import PaymentRateLimited

logger = logging.getLogger(__name__)

#: How long to leave an account alone that does not work.
TROUBLE_WAIT = timedelta(minutes=5)
#: What belongs to another mode or installation is touched by nobody until somebody changes the settings.
OTHERS_WAIT = timedelta(hours=6)
#: After how many failures in a row an account's other effects wait for the next round.
ENOUGH = 3
#: What mails fail at, as accounts are named.
POST = "mail"

Kind = Effect.Kind
KINDS: Mapping[str, Callable[[Booking, Effect, Vendors], None]] = {
    Kind.LOOK_UP: calendar.look_up,
    Kind.LOOK_UP_SUCCESSOR: calendar.look_up_successor,
    Kind.REFRESH: calendar.refresh,
    Kind.CANCEL_EVENT: calendar.cancel_event,
    Kind.CREATE_LINK: calendar.create_link,
    Kind.OPEN_CHECKOUT: checkouts.open_checkout,
    Kind.LOOK_UP_PAYMENT: checkouts.look_up_payment,
    Kind.EXPIRE_CHECKOUT: checkouts.expire_checkout,
    Kind.REFUND: refunds.refund,
    Kind.NOTIFY: letters.notify,
    Kind.MARK_NO_SHOW: no_shows.mark,
    Kind.UNDO_NO_SHOW: no_shows.undo,
    Kind.BOOK: for_clients.book,
}
OF_PAYMENTS = {Kind.OPEN_CHECKOUT, Kind.LOOK_UP_PAYMENT, Kind.EXPIRE_CHECKOUT}


class Tried(NamedTuple):
    """An effect after a try. `account`: whose fault it was that it could not be performed."""

    effect: Effect
    account: str = ""


def perform(effect_id: int, *, seconds: float | None = None) -> Effect:
    """Perform one effect now, unless it is done or somebody else is at it.

    `seconds` is a visitor's patience; without it the calls yield to visitors. Whatever the vendors do is
    kept on the effect and its booking; nothing is raised but `RuntimeError` inside a transaction.
    """
    return _perform(effect_id, seconds).effect


def perform_now(booking: Booking, kind: str, seconds: float = 3.0) -> Booking:
    """Perform this booking's open effect of a kind before its time, for a visitor who waits.

    What follows from it is performed as well where there are no workers, if there is time left.
    """
    effect = booking.effects.filter(kind=kind, state=Effect.State.OPEN).order_by("-pk").first()
    if effect:
        with in_a_hurry(seconds):
            perform(effect.pk, seconds=seconds)
    return Booking.objects.get(pk=booking.pk)


def perform_due(
    now: datetime | None = None, limit: int = 100, ids: Iterable[int] | None = None
) -> int:
    """Perform what is due, of these effects or of all; returns how many were tried.

    An account that does not work is tried once and then left alone, so that its queue costs one call;
    one where several effects in a row of a round failed waits for the next round. What needs another
    account goes on.
    """
    now = now or timezone.now()
    waiting = work.due(Effect, now)
    if ids is not None:
        waiting = waiting.filter(pk__in=list(ids))
    failed: Counter[str] = Counter()
    tried = 0
    for pk, kind, account in list(waiting.values_list("pk", "kind", "booking__account")[:limit]):
        needed = _needs(kind, account)
        if any(failed[name] >= ENOUGH for name in needed) or seconds_left() == 0:
            continue
        tried += 1
        try:
            effect, concerned = _perform(pk, seconds_left(), due_at=now)
        except Exception:
            logger.exception("Effect %s could not be performed.", pk)
            continue
        if concerned:
            failed[concerned] += ENOUGH if _is_troubled(concerned) else 1
        elif not effect.error:
            for name in needed:
                failed[name] = 0
    return tried


def _needs(kind: str, account: str) -> set[str]:
    """The accounts without which it is not worth trying."""
    if kind == Kind.NOTIFY:
        return {POST}
    if kind == Kind.REFUND:  # looks at both first
        return {account, health.PAYMENTS}
    return {health.PAYMENTS if kind in OF_PAYMENTS else account}


def _is_troubled(account: str) -> bool:
    return Connection.objects.filter(account=account).exclude(problem="").exists()


def _perform(effect_id: int, seconds: float | None, *, due_at: datetime | None = None) -> Tried:
    effect = work.claim(Effect, effect_id, timezone.now(), due_at=due_at)
    if effect is None:
        return Tried(Effect.objects.get(pk=effect_id))
    booking = Booking.objects.select_related("terms__session_type", "terms__event_type").get(
        pk=effect.booking_id
    )
    account = ""
    if wanted(booking, effect, timezone.now()):
        account = _try(effect, booking, Vendors(booking.account, seconds))
    else:
        _drop(effect)
    return Tried(Effect.objects.get(pk=effect_id), account)


def _try(effect: Effect, booking: Booking, vendors: Vendors) -> str:
    """Perform it; returns whose fault it was that it could not be performed."""
    try:
        installation.guard(booking.account)
        KINDS[effect.kind](booking, effect, vendors)
    except NotWanted:
        _drop(effect)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row must be given back
        account = vendors.concerned(error) or (POST if effect.kind == Kind.NOTIFY else "")
        _not_performed(effect, error, account)
        return account
    else:
        for account in vendors.used:
            health.well(account)
        _answered(effect)
    return ""


def _not_performed(effect: Effect, error: Exception, account: str) -> None:
    now = timezone.now()
    if isinstance(error, (OtherMode, OtherInstallation)):
        health.problem(account, error)
        work.postpone(effect, error, OTHERS_WAIT, now)
    elif isinstance(error, health.TROUBLE):
        health.problem(account, error)
        work.postpone(effect, error, TROUBLE_WAIT, now)
    elif isinstance(error, (CalendlyRateLimited, PaymentRateLimited)):
        work.postpone(effect, error, timedelta(seconds=error.retry_after), now)
    else:
        _failed(effect, error)


def _answered(effect: Effect) -> None:
    """What was said is recorded; whether that was what we waited for, the rules know. A mail waits for nothing."""
    if effect.kind == Kind.NOTIFY:
        work.finish(effect, Effect.State.DONE, timezone.now())
        return
    booking = settle(effect.booking_id, because=effect.kind)
    if wanted(booking, effect, timezone.now()):
        work.not_yet(effect, timezone.now())
    else:
        work.finish(effect, Effect.State.DONE, timezone.now())


def _drop(effect: Effect) -> None:
    """Not wanted any more. An attempt that was never sent is over: asked for again, it is a new one."""
    if effect.kind == Kind.OPEN_CHECKOUT:
        checkouts.give_up(effect)
    if effect.kind == Kind.BOOK:
        for_clients.give_up(effect)
    work.finish(effect, Effect.State.IGNORED, timezone.now())
    if effect.kind != Kind.NOTIFY:
        settle(effect.booking_id, because=effect.kind)


def _failed(effect: Effect, error: Exception) -> None:
    tries = conf.load().effect_tries
    logger.warning("Effect %s failed: %s", effect.pk, work.told(error))
    if work.fail(effect, error, tries=tries, now=timezone.now()):
        Booking.objects.filter(pk=effect.booking_id).mark_due()
        settle(effect.booking_id, because="effect_failed")
