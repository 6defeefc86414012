"""How the account at Stripe stands: its key, its mode, what Stripe tells of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from wagtail_calendly import conf
from wagtail_calendly.bookings import payment_endpoint
from wagtail_calendly.bookings.diagnosis.findings import (
    STATE_OF_DELIVERY,
    Finding,
    State,
    joined,
)
from wagtail_calendly.bookings.diagnosis.of_calendly import delivery, poll
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.bookings.subscriptions import ACTIVE, DISABLED, ELSEWHERE, MISSING, OUTDATED
from wagtail_calendly.payments import mode_of
from wagtail_calendly.snippets.models import SessionType


def findings(row: Connection, now: datetime) -> Iterator[Finding]:
    """All that is known of it. Where payments are not set up, only whether they are needed."""
    payments = conf.load().payments
    if not payments.is_ready:
        yield _not_ready(payments)
        return
    yield _access(row)
    yield _mode(payments)
    yield _endpoint(row)
    yield delivery(row)
    yield poll(row, now)


def _not_ready(payments: conf.Payments) -> Finding:
    title = _("Payments")
    if payments.lacks_sdk and payments.is_configured:
        words = _("Stripe’s library is not installed, so that nothing can be paid.")
        step = "pip install wagtail-calendly[stripe]"
        return Finding("access", title, State.BROKEN, words, step)
    if SessionType.objects.filter(live=True, price__gt=0).exists():
        words = _("Sessions with a price are kept from visitors: payments are not set up.")
        step = _("Set PAYMENTS, or make the sessions free.")
        return Finding("access", title, State.BROKEN, words, step)
    words = _("Payments are not set up; free sessions need none.")
    return Finding("access", title, State.OK, words)


def _access(row: Connection) -> Finding:
    title, error = _("Access"), row.said.get("error", "")
    if row.problem:
        return Finding("access", title, State.BROKEN, row.problem, "", row.checked_at)
    if error:
        words = _("Stripe could not be asked: %(error)s What follows is of earlier.")
        return Finding(
            "access", title, State.WARNING, words % {"error": error}, "", row.examined_at
        )
    if not row.examined_at:
        return Finding("access", title, State.UNKNOWN, _("Nobody has looked yet."), _("Check now."))
    return Finding("access", title, State.OK, _("Stripe accepts the key."), "", row.examined_at)


def _mode(payments: conf.Payments) -> Finding:
    title, mode = _("Mode"), mode_of(payments.secret_key.get_secret_value())
    if mode == "live":
        state = State.WARNING if settings.DEBUG else State.OK
        step = _("In development, use a test key.") if settings.DEBUG else ""
        return Finding("mode", title, state, _("Live: real money is taken."), step)
    if mode == "test":
        state = State.OK if settings.DEBUG else State.WARNING
        step = "" if settings.DEBUG else _("Before you go live, set a live key.")
        return Finding("mode", title, state, _("Test: nobody is charged."), step)
    return Finding("mode", title, State.UNKNOWN, _("The key does not tell its mode."))


def _endpoint(row: Connection) -> Finding:
    title, more = _("Webhook endpoint"), row.said.get("endpoint", {})
    if not payment_endpoint.secrets():
        words = _("No signing secret is set, so that what Stripe delivers is refused.")
        step = _("Create the endpoint and put its secret into WEBHOOK_SECRETS.")
        if row.subscription_state == ACTIVE:
            step = _("Copy it from Stripe’s dashboard into WEBHOOK_SECRETS.")
        return Finding("endpoint", title, State.BROKEN, words, step)
    if more.get("problem"):
        return Finding("endpoint", title, State.WARNING, more["problem"])
    state = row.subscription_state
    if not state:
        return Finding("endpoint", title, State.UNKNOWN, _("Nobody has looked yet."))
    if state == ACTIVE and more.get("others"):
        words = _("Stripe delivers here, and to earlier addresses of this site as well.")
        return Finding("endpoint", title, State.WARNING, words, _("Repair it."))
    if state == MISSING and more.get("others"):
        words = _("Stripe delivers to an earlier address of this site, as long as its key is set.")
        return Finding("endpoint", title, State.WARNING, words, _("Repair it."))
    words = {
        ACTIVE: _("Stripe delivers here, all that is needed."),
        DISABLED: _("The endpoint is switched off at Stripe."),
        OUTDATED: _outdated(more.get("lacks", []), more.get("version", "")),
        MISSING: _("Stripe does not deliver here. Payments are found by polling, only later."),
        ELSEWHERE: _("Stripe delivers to %(elsewhere)s, and not here."),
    }[state] % {"elsewhere": joined(more.get("elsewhere", ()))}
    steps = {ACTIVE: "", MISSING: _("Create it."), ELSEWHERE: _("Create it.")}
    return Finding(
        "endpoint", title, STATE_OF_DELIVERY[state], words, steps.get(state, _("Repair it."))
    )


def _outdated(lacks: list[str], version: str) -> str:
    said = []
    if lacks:
        said.append(_("The endpoint does not hear of %(events)s.") % {"events": joined(lacks)})
    if version == "?":
        said.append(_("The endpoint has no API version of its own."))
    elif version:
        said.append(_("The endpoint is of the API version %(version)s.") % {"version": version})
    return " ".join(said) or _("The endpoint hears of more than is needed.")
