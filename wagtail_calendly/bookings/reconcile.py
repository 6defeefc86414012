"""The clock: finds what no webhook and no browser told of, and does what is due. It reads only due rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from wagtail_calendly import conf, limits
from wagtail_calendly.bookings import (
    effects,
    examine,
    health,
    hints,
    inbox,
    installation,
    numbers,
    polling,
)
from wagtail_calendly.bookings.models import Booking, Connection
from wagtail_calendly.bookings.privacy import retention
from wagtail_calendly.bookings.settle import postpone, settle
from wagtail_calendly.bookings.watch import watch
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.payments import PaymentError
from wagtail_calendly.snippets import sync

logger = logging.getLogger(__name__)

#: Seconds. Calendly tries for a day before it disables a subscription, and polling bridges the gap.
WATCH_INTERVAL = 3600


@dataclass(frozen=True)
class TickReport:
    """What one tick of the clock did."""

    deliveries: int = 0
    bookings: int = 0
    effects: int = 0
    polled: int = 0
    synced: int = 0
    watched: int = 0
    examined: int = 0
    purged: int = 0
    erased: int = 0
    counted: bool = False

    @property
    def has_worked(self) -> bool:
        return any(
            (self.deliveries, self.bookings, self.effects, self.purged, self.erased, self.counted)
        )

    def __str__(self) -> str:
        return (
            f"{self.deliveries} deliveries, {self.bookings} bookings, {self.effects} effects, "
            f"{self.polled} accounts polled, {self.synced} synced, {self.watched} subscriptions checked, "
            f"{self.examined} accounts examined, {self.purged} old deliveries deleted, "
            f"{self.erased} old bookings erased"
            f"{', the report is up to date' if self.counted else ''}"
        )


def tick(now: datetime | None = None, *, limit: int = 500) -> TickReport:
    """Do what is due, at most `limit` rows of each kind. What fails is logged and blocks nothing else."""
    now = now or timezone.now()
    health.worker_seen(now)
    limits.purge(now)
    return TickReport(
        deliveries=inbox.work_due(now, limit),
        bookings=_settle_due(now, limit),
        effects=effects.perform_due(now, limit),
        synced=_each_account(now, "sync", _sync_if_due),
        watched=_each_account(now, "subscription", _watch_if_due),
        polled=_each_account(now, "poll", _poll_if_due)
        + _each_account(now, "poll", _poll_payments_if_due, health.payment_accounts()),
        examined=_each_account(
            now, "health", _examine_if_due, [*health.configured(), *health.payment_accounts()]
        ),
        purged=inbox.purge(now),
        erased=retention.erase_due(now),
        counted=_count_if_due(now),
    )


def _settle_due(now: datetime, limit: int) -> int:
    due = Booking.objects.filter(next_check_at__lte=now).order_by("next_check_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            settle(pk, because="clock", now=now)
        except Exception:
            logger.exception("Booking %s could not be settled.", pk)
            postpone(pk, now)
    return len(ids)


def _count_if_due(now: datetime) -> bool:
    try:
        return numbers.count_if_due(now)
    except Exception:
        logger.exception("The numbers of the report could not be counted.")
        return False


def _each_account(
    now: datetime,
    what: str,
    work: Callable[[str, datetime], bool],
    aliases: Iterable[str] | None = None,
) -> int:
    """Do something for each of these accounts, or all of Calendly's; returns for how many it was due and worked."""
    done = 0
    for alias in health.configured() if aliases is None else aliases:
        try:
            done += work(alias, now)
        except health.TROUBLE as error:
            health.problem(alias, error)
        except (CalendlyError, PaymentError) as error:
            logger.warning("The %s of the account “%s” failed: %s", what, alias, error)
        except Exception:
            logger.exception("The %s of the account “%s” failed.", what, alias)
    return done


def _poll_if_due(alias: str, now: datetime) -> bool:
    if not _takes_turn(alias, "poll_turn_at", now, conf.load().poll_interval):
        return False
    installation.guard(alias)
    polling.poll(alias, now=now)
    return True


def _poll_payments_if_due(alias: str, now: datetime) -> bool:
    if not _takes_turn(alias, "poll_turn_at", now, conf.load().poll_interval):
        return False
    installation.guard(alias)
    hints.poll(now=now)
    return True


def _sync_if_due(alias: str, now: datetime) -> bool:
    if not _takes_turn(alias, "sync_turn_at", now, conf.load().sync_interval):
        return False
    sync.sync(alias, now=now)
    return True


def _watch_if_due(alias: str, now: datetime) -> bool:
    if not _takes_turn(alias, "checked_at", now, WATCH_INTERVAL):
        return False
    installation.guard(alias)
    watch(alias)
    return True


def _examine_if_due(alias: str, now: datetime) -> bool:
    if not _takes_turn(alias, "examine_turn_at", now, WATCH_INTERVAL):
        return False
    installation.guard(alias)
    examine.one(alias)
    return True


def _takes_turn(alias: str, column: str, now: datetime, interval: int) -> bool:
    """Whether the interval is over and no other worker was faster; its turn begins now."""
    over = Q(**{column: None}) | Q(**{f"{column}__lte": now - timedelta(seconds=interval)})
    return bool(Connection.objects.filter(over, account=alias).update(**{column: now}))
