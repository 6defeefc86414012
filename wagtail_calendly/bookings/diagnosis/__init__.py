"""How healthy the whole is, in plain words, from the database alone: no vendor is asked."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.diagnosis import of_calendly, of_payments, of_work
from wagtail_calendly.bookings.diagnosis.findings import Finding, Section, State, worst
from wagtail_calendly.bookings.models import Connection

__all__ = ["Finding", "Section", "State", "report", "worst"]


def report(now: datetime | None = None) -> list[Section]:
    """One section for each account at Calendly, one for Stripe, one for the site's own work; a few queries."""
    now = now or timezone.now()
    rows = {row.account: row for row in Connection.objects.all()}
    aliases = list(conf.load().accounts) or ["default"]
    return [
        *(_calendly(alias, rows, now, len(aliases) > 1) for alias in aliases),
        _payments(rows, now),
        Section("site", _("This site"), tuple(of_work.findings(rows.values(), now))),
    ]


def _calendly(
    alias: str, rows: dict[str, Connection], now: datetime, is_one_of_many: bool
) -> Section:
    title = _("Calendly: %(account)s") % {"account": alias} if is_one_of_many else "Calendly"
    row = rows.get(alias) or Connection(account=alias)
    return Section(alias, title, tuple(of_calendly.findings(row, now)), row.examined_at)


def _payments(rows: dict[str, Connection], now: datetime) -> Section:
    row = rows.get(health.PAYMENTS) or Connection(account=health.PAYMENTS)
    return Section(
        health.PAYMENTS, "Stripe", tuple(of_payments.findings(row, now)), row.examined_at
    )
