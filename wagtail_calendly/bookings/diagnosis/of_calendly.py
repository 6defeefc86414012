"""How an account at Calendly stands: its token, what it may do, what Calendly tells of, when things last happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.bookings.diagnosis.findings import (
    STATE_OF_DELIVERY,
    Finding,
    State,
    joined,
)
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.bookings.subscriptions import ACTIVE, DISABLED, ELSEWHERE, MISSING, OUTDATED

#: After so many of its intervals, what the clock does by turns is late.
LATE = 4
#: Below this share of the calls a minute, background work waits for visitors.
FEW_CALLS = 0.1


def findings(row: Connection, now: datetime) -> Iterator[Finding]:
    """All that is known of it. Without a token, only that."""
    if not conf.load().account(row.account).is_configured:
        yield _no_token()
        return
    yield _access(row)
    yield _owner(row)
    yield _scopes(row)
    yield _plan(row)
    yield _subscription(row)
    yield delivery(row)
    yield _sync(row, now)
    yield poll(row, now)
    yield _budget(row)


def _no_token() -> Finding:
    return Finding(
        "access",
        _("Access"),
        State.BROKEN,
        _("No token is set, so that nothing can be booked."),
        _("Make a personal access token at Calendly, under “Integrations”, and set TOKEN."),
    )


def _access(row: Connection) -> Finding:
    title, error = _("Access"), row.said.get("error", "")
    if row.problem:
        return Finding("access", title, State.BROKEN, row.problem, "", row.checked_at)
    if error:
        words = _("Calendly could not be asked: %(error)s What follows is of earlier.")
        return Finding(
            "access", title, State.WARNING, words % {"error": error}, "", row.examined_at
        )
    if not row.examined_at:
        return Finding("access", title, State.UNKNOWN, _("Nobody has looked yet."), _("Check now."))
    words = _("Calendly accepts the token.")
    return Finding("access", title, State.OK, words, "", row.examined_at)


def _owner(row: Connection) -> Finding:
    title, name = _("Whose it is"), row.said.get("name", "")
    if not name:
        return Finding("owner", title, State.UNKNOWN, _("Not known yet."))
    if conf.load().account(row.account).scope == "organization":
        words = _(
            "The token is %(name)s’s; the whole organization’s event types and bookings are read."
        )
    else:
        words = _("The token is %(name)s’s; only their own event types and bookings are read.")
    return Finding("owner", title, State.OK, words % {"name": name})


def _scopes(row: Connection) -> Finding:
    title, known = _("Permissions of the token"), row.said.get("scopes", {})
    of = {
        standing: joined(name for name, said in sorted(known.items()) if said == standing)
        for standing in ("granted", "missing", "refused")
    }
    if not known:
        return Finding("scopes", title, State.UNKNOWN, _("Not known yet."))
    if of["missing"]:
        words = _("Missing: %(missing)s. Granted: %(granted)s.")
        step = _("Make a token that has them all, and put it in place of the old one.")
        values = {"missing": of["missing"], "granted": of["granted"] or "–"}
        return Finding("scopes", title, State.BROKEN, words % values, step)
    if of["refused"]:
        words = _("Calendly refuses the token’s owner what these are for: %(refused)s.")
        step = _("Make them an administrator of the organization, or set SCOPE to “user”.")
        return Finding("scopes", title, State.BROKEN, words % of, step)
    return Finding("scopes", title, State.OK, _("Granted: %(granted)s.") % of)


def _plan(row: Connection) -> Finding:
    """Calendly does not tell the plan; it refuses what the plan lacks."""
    title = _("Plan")
    if row.said.get("refused"):
        words = _("Calendly refused to deliver webhooks: %(error)s")
        step = _("Bookings are found by polling, only later. Check the plan at Calendly.")
        return Finding("plan", title, State.WARNING, words % {"error": row.said["refused"]}, step)
    if row.subscription_state == ACTIVE:
        return Finding("plan", title, State.OK, _("Everything that is used is part of the plan."))
    words = _("Calendly tells when a subscription is made.")
    return Finding("plan", title, State.UNKNOWN, words)


def _subscription(row: Connection) -> Finding:
    title, more = _("Webhook subscription"), row.said.get("subscription", {})
    if more.get("problem"):
        return Finding("subscription", title, State.BROKEN, more["problem"])
    if not row.subscription_state:
        return Finding("subscription", title, State.UNKNOWN, _("Nobody has looked yet."))
    if row.subscription_state == ACTIVE:
        return _delivered(title, more.get("failing_since", ""), more.get("others", 0))
    if row.subscription_state == MISSING and more.get("others"):
        words = _(
            "Calendly delivers to an earlier address of this site, as long as its key is set."
        )
        return Finding("subscription", title, State.WARNING, words, _("Repair it."))
    words = {
        DISABLED: _("Calendly has given up delivering here: it failed for a day."),
        OUTDATED: _("Calendly does not tell of everything that this version needs."),
        MISSING: _("Calendly does not deliver here. Bookings are found by polling, only later."),
        ELSEWHERE: _("Calendly delivers to %(elsewhere)s, and not here."),
    }[row.subscription_state] % {"elsewhere": joined(more.get("elsewhere", ()))}
    step = _("Create it.") if row.subscription_state in (MISSING, ELSEWHERE) else _("Repair it.")
    state = STATE_OF_DELIVERY[row.subscription_state]
    return Finding("subscription", title, state, words, step)


def _delivered(title: str, failing_since: str, others: int) -> Finding:
    if failing_since:
        words = _("Deliveries fail at present; Calendly gives up after 24 hours.")
        step = _("Look for refusals in the site’s log, then repair it.")
        when = parse_datetime(failing_since)
        return Finding("subscription", title, State.BROKEN, words, step, when)
    if others:
        words = _("Calendly delivers here, and to earlier addresses of this site as well.")
        return Finding("subscription", title, State.WARNING, words, _("Repair it."))
    return Finding("subscription", title, State.OK, _("Calendly delivers here."))


def delivery(row: Connection) -> Finding:
    """When the sender last delivered; there may be nothing to tell for weeks."""
    title = _("Last delivery")
    if not row.last_delivery_at:
        return Finding("delivery", title, State.UNKNOWN, _("Nothing was delivered yet."))
    words = _("Worked on when it came.")
    return Finding("delivery", title, State.OK, words, "", row.last_delivery_at)


def _sync(row: Connection, now: datetime) -> Finding:
    title, note = _("Last sync of event types"), row.last_sync
    if note.get("state") == "failed":
        words = _("The last sync failed: %(error)s") % {"error": note.get("problem", "")}
        return Finding("sync", title, State.BROKEN, words, _("Sync now."), row.last_sync_at)
    if not row.last_sync_at:
        words = _("Event types were never read from Calendly.")
        return Finding("sync", title, State.WARNING, words, _("Sync now."))
    if is_late(row.last_sync_at, conf.load().sync_interval, now):
        words = _("It is long ago; the clock should sync by itself.")
        step = _("See that calendly_work runs, or sync now.")
        return Finding("sync", title, State.WARNING, words, step, row.last_sync_at)
    return Finding("sync", title, State.OK, _("All of them were read."), "", row.last_sync_at)


def poll(row: Connection, now: datetime) -> Finding:
    """When the sender was last asked for what it may have told in vain."""
    title = _("Last look for what no webhook told")
    if not row.last_poll_at:
        step = _("Let cron run calendly_work.")
        return Finding("poll", title, State.WARNING, _("It never happened."), step)
    if is_late(row.last_poll_at, conf.load().poll_interval, now):
        words = _("It is long ago: what a lost webhook should have told is missing.")
        step = _("See that calendly_work runs.")
        return Finding("poll", title, State.WARNING, words, step, row.last_poll_at)
    return Finding("poll", title, State.OK, _("Nothing stays lost."), "", row.last_poll_at)


def _budget(row: Connection) -> Finding:
    title = _("Calls to Calendly")
    left, allowed = row.said.get("calls") or (None, None)
    if left is None or not allowed:
        return Finding("budget", title, State.UNKNOWN, _("Not known yet."))
    words = _("%(left)s of %(allowed)s calls a minute were left.")
    values = {"left": left, "allowed": allowed}
    if left < FEW_CALLS * allowed:
        step = _("Nothing is lost; work waits. Raise the intervals of polling if it stays so.")
        return Finding("budget", title, State.WARNING, words % values, step, row.examined_at)
    return Finding("budget", title, State.OK, words % values, "", row.examined_at)


def is_late(at: datetime, interval: int, now: datetime) -> bool:
    """Whether what happens every so many seconds has not happened for long; never under half an hour."""
    return at < now - max(timedelta(seconds=LATE * interval), timedelta(minutes=30))
