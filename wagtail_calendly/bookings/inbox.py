"""The inbox: what a sender posted is stored first, then worked on as often as it takes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health, hints, record, work
from wagtail_calendly.bookings.models import Connection, WebhookDelivery
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.calendly import CalendlyRateLimited, WebhookEnvelope
from wagtail_calendly.payments import PaymentRateLimited, read_hint
from wagtail_calendly.snippets import sync

logger = logging.getLogger(__name__)

INVITEE_EVENTS = frozenset(
    {
        "invitee.created",
        "invitee.canceled",
        "invitee_no_show.created",
        "invitee_no_show.deleted",
    }
)
EVENT_TYPE_EVENTS = frozenset({"event_type.created", "event_type.updated", "event_type.deleted"})
#: A sample that staff send through the inbox: read as any other, and never recorded.
TEST = "wagtail_calendly.test"
TROUBLE_WAIT = timedelta(minutes=5)


def accept(*, sender: str, account: str, body: bytes, event: str) -> WebhookDelivery | None:
    """Store a verified delivery: one insert, nothing else. None when the same body was here before.

    To be worked on once this is committed: `tasks.work_delivery`.
    """
    try:
        with transaction.atomic():
            return WebhookDelivery.objects.create(
                sender=sender,
                account=account,
                digest=hashlib.sha256(body).hexdigest(),
                event=event.replace("\0", "")[:100],
                body=body.decode(errors="replace").replace("\0", ""),
            )
    except IntegrityError:
        return None


def work_on(delivery_id: int, *, now: datetime | None = None) -> WebhookDelivery:
    """Work on one delivery, unless it is done or somebody else is at it.

    What fails is kept with its error and tried again later, until it is given up; nothing is raised but
    `RuntimeError` inside a transaction.
    """
    now = now or timezone.now()
    delivery = work.claim(WebhookDelivery, delivery_id, now)
    if delivery is not None:
        _try(delivery, now)
    return WebhookDelivery.objects.get(pk=delivery_id)


def work_due(now: datetime, limit: int) -> int:
    """Work on what is due; returns how many."""
    ids = list(work.due(WebhookDelivery, now).values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            work_on(pk, now=now)
        except Exception:
            logger.exception("Delivery %s could not be worked on.", pk)
    return len(ids)


def purge(now: datetime) -> int:
    """Delete deliveries that were finished longer ago than the retention allows, with the bodies of those given up."""
    limit = now - timedelta(days=conf.load().delivery_retention)
    deleted, _ = WebhookDelivery.objects.filter(finished_at__lt=limit).delete()
    return deleted


def _try(delivery: WebhookDelivery, now: datetime) -> None:
    try:
        state = _handle(delivery)
    except health.TROUBLE as error:
        health.problem(delivery.account, error)
        work.postpone(delivery, error, TROUBLE_WAIT, now)
    except (CalendlyRateLimited, PaymentRateLimited) as error:
        work.postpone(delivery, error, timedelta(seconds=error.retry_after), now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row must be given back
        logger.warning("Delivery %s failed: %s", delivery.pk, work.told(error))
        work.fail(delivery, error, tries=conf.load().delivery_tries, now=now)
    else:
        # Who it is about is recorded; that it was here, its digest tells.
        work.finish(delivery, state, now, body="")


def _handle(delivery: WebhookDelivery) -> WebhookDelivery.State:
    health.connection(delivery.account)
    if delivery.event != TEST:
        row = Connection.objects.filter(account=delivery.account)
        row.update(last_delivery_at=delivery.created_at)
    is_ours = _HANDLERS[WebhookDelivery.Sender(delivery.sender)](delivery)
    return WebhookDelivery.State.DONE if is_ours else WebhookDelivery.State.IGNORED


def _of_calendly(delivery: WebhookDelivery) -> bool:
    if delivery.event in INVITEE_EVENTS:
        _record(delivery)
    elif delivery.event in EVENT_TYPE_EVENTS:
        sync.apply(WebhookEnvelope.from_body(delivery.body), account=delivery.account)
    else:
        if delivery.event == TEST:
            WebhookEnvelope.from_body(delivery.body).invitee()
        return False
    return True


def _of_stripe(delivery: WebhookDelivery) -> bool:
    """A hint: what it names is read again."""
    payment = hints.take(read_hint(delivery.body), because=delivery.event)
    health.well(health.PAYMENTS)
    return payment is not None


def _record(delivery: WebhookDelivery) -> None:
    """Record the invitee as Calendly sent it: signed, so no call is spent."""
    invitee = WebhookEnvelope.from_body(delivery.body).invitee()
    event = invitee.scheduled_event
    if event is None:
        # Deliveries before 2023 came without the event.
        event = accounts.calendly(delivery.account).for_background().scheduled_event(invitee.event)
    appointment = record.appointment(invitee, event, account=delivery.account)
    if appointment and appointment.booking_id:
        settle(appointment.booking_id, because=delivery.event)


_HANDLERS: Mapping[WebhookDelivery.Sender, Callable[[WebhookDelivery], bool]] = {
    WebhookDelivery.Sender.CALENDLY: _of_calendly,
    WebhookDelivery.Sender.STRIPE: _of_stripe,
}
