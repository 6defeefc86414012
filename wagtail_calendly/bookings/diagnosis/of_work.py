"""How the site's own work stands: whether the clock runs, what waits in inbox and outbox, what was given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_calendly.bookings.acts import again
from wagtail_calendly.bookings.diagnosis.findings import Finding, State
from wagtail_calendly.bookings.models import Connection, Effect, WebhookDelivery, Work

#: Cron every five minutes may miss a turn or two.
QUIET = timedelta(minutes=15)
SILENT = timedelta(hours=1)


def findings(rows: Iterable[Connection], now: datetime) -> Iterator[Finding]:
    """The clock, then inbox and outbox: what waits for longer than it should, and what was given up."""
    yield _worker(
        max((row.worker_seen_at for row in rows if row.worker_seen_at), default=None), now
    )
    yield _backlog("inbox", _("Inbox"), WebhookDelivery, now)
    yield _dead_deliveries()
    yield _backlog("outbox", _("Outbox"), Effect, now)
    yield _dead_effects()


def _worker(seen: datetime | None, now: datetime) -> Finding:
    title = _("Clock")
    step = _(
        "Let cron run “manage.py calendly_work” every five minutes, or keep it running with --loop."
    )
    if seen is None:
        words = _("calendly_work was never seen: what webhooks and browsers lose stays lost.")
        return Finding("worker", title, State.BROKEN, words, step)
    if seen < now - SILENT:
        words = _("calendly_work has stopped: times that are not paid stay taken.")
        return Finding("worker", title, State.BROKEN, words, step, seen)
    if seen < now - QUIET:
        words = _("calendly_work was not seen for some minutes.")
        return Finding("worker", title, State.WARNING, words, step, seen)
    return Finding("worker", title, State.OK, _("calendly_work runs."), "", seen)


def _backlog(subject: str, title: str, rows: type[Work], now: datetime) -> Finding:
    late = rows._default_manager.filter(state=Work.State.OPEN, next_try_at__lte=now - QUIET)
    said = late.aggregate(count=Count("pk"), since=Min("next_try_at"))
    if not said["count"]:
        return Finding(subject, title, State.OK, _("Nothing waits for longer than it should."))
    words = ngettext(
        "%(count)s item waits to be worked on.",
        "%(count)s items wait to be worked on.",
        said["count"],
    )
    step = _("See that calendly_work runs; what it says is in the site’s log.")
    return Finding(subject, title, State.WARNING, words % said, step, said["since"])


def _dead_deliveries() -> Finding:
    title = _("Deliveries set aside")
    count = WebhookDelivery.objects.filter(state=Work.State.DEAD).count()
    if not count:
        return Finding("inbox_failed", title, State.OK, _("None."))
    words = ngettext(
        "%(count)s delivery could not be worked on.",
        "%(count)s deliveries could not be worked on.",
        count,
    )
    step = _("Try again, or discard with a reason.")
    return Finding("inbox_failed", title, State.WARNING, words % {"count": count}, step)


def _dead_effects() -> Finding:
    title = _("Work given up")
    count = again.given_up().count()
    if not count:
        return Finding("outbox_failed", title, State.OK, _("None."))
    words = ngettext(
        "%(count)s piece of work failed too often at Calendly, at Stripe or by mail.",
        "%(count)s pieces of work failed too often at Calendly, at Stripe or by mail.",
        count,
    )
    step = _("Try again, or discard with a reason.")
    return Finding("outbox_failed", title, State.WARNING, words % {"count": count}, step)
