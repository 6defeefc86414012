"""What is kept of a person: every column of every row that is about one, and what stays of it once they are erased.

A test holds this page to the models. What the site's own staff write of what they offer is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Concat, Left
from django.utils import timezone

from wagtail_calendly.bookings import campaigns
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Note,
    Payment,
    Refund,
    Request,
    WebhookDelivery,
)

#: A digest of somebody's name and address could be guessed. The lowest one, so that whatever is said again counts.
NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Columns:
    """The columns of a model, relations aside.

    `personal`: what is left in place of each. `kept`: what happened, when, for how much; it stays, without saying
    to whom. `technical`: of no use to the person it is about, so that it is not exported.
    """

    personal: Mapping[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    technical: tuple[str, ...] = ()

    @property
    def exported(self) -> tuple[str, ...]:
        return (*self.kept, *self.personal)


_WORK = ("id", "tries", "next_try_at", "claimed_until", "error")

INVENTORY: Mapping[type[Model], Columns] = {
    Booking: Columns(
        personal={"tracking": campaigns.alone(), "claimed_invitee_uri": "", "scheduling_link": ""},
        kept=(
            *("reference", "account", "page_id", "created_at", "claimed_at", "link_made_at"),
            *("status", "payment_status", "attention", "hold_until", "starts_at", "ends_at"),
            *("calendly_event_uri", "calendly_invitee_uri", "erased_at"),
        ),
        # The token is the address of the visitor's page: it is replaced by another one.
        technical=("id", "token", "version", "counted_version", "next_check_at"),
    ),
    Appointment: Columns(
        personal={
            **dict.fromkeys(("name", "email", "timezone", "cancel_reason"), ""),
            **dict.fromkeys(("cancel_url", "reschedule_url"), ""),
            "questions_and_answers": [],
            "tracking": {},
            # A phone number, an address, or whatever the invitee proposed.
            "location": {},
        },
        kept=(
            *("account", "event_type_uri", "reference", "given_reference", "attention"),
            *("recorded_at", "invitee_uri", "invitee_status", "rescheduled", "old_invitee_uri"),
            *("new_invitee_uri", "canceler_type", "canceled_at", "no_show_uri"),
            *("invitee_created_at", "event_uri", "event_status", "start_time", "end_time"),
            *("hosts", "erased_at"),
        ),
        technical=(
            *("id", "invitee_updated_at", "invitee_observed_at", "invitee_digest"),
            *("event_updated_at", "event_observed_at", "event_digest"),
        ),
    ),
    Payment: Columns(
        # `params` holds the address that the payment page was filled in with.
        personal={"email": "", "params": {}, "url": "", "receipt_url": ""},
        kept=(
            *("provider", "mode", "amount", "currency", "asked_at", "state", "checkout_id"),
            *("payment_intent", "expires_at", "settled_at", "subtotal", "total", "discount"),
            *("tax", "captured", "said_currency", "dispute", "erased_at"),
        ),
        technical=("id", "attempt", "sent_at", "observed_at", "digest"),
    ),
    Refund: Columns(
        kept=("refund_id", "amount", "state", "created_at"), technical=("id", "effect", "params")
    ),
    Request: Columns(
        # What staff write, they may write about a person.
        personal={"reason": "", "details": {}},
        kept=("kind", "is_staff", "at", "total", "until", "code", "met_at"),
        technical=("id", "failures_seen", "seen"),
    ),
    # Deleted as a whole: what staff wrote of a person is of no use without them.
    Note: Columns(personal={"text": ""}, kept=("at",), technical=("id",)),
    # A mail is written when it is sent, from the rows above; what waits holds nothing of a person.
    Effect: Columns(
        kept=("kind", "state", "created_at", "finished_at", "params"), technical=("key", *_WORK)
    ),
    # Emptied as soon as it is worked on.
    WebhookDelivery: Columns(
        personal={"body": ""},
        kept=("sender", "event", "created_at", "state"),
        technical=("account", "digest", "finished_at", *_WORK),
    ),
}


def blank(rows: QuerySet[Any]) -> int:
    """Leave nothing of a person in these rows; returns how many there are."""
    left = dict(INVENTORY[rows.model].personal)
    names = {column.name for column in rows.model._meta.concrete_fields}
    if "erased_at" in names:
        left["erased_at"] = timezone.now()
    return rows.update(**left, **_digests(rows.model))


def _digests(model: type[Model]) -> dict[str, Any]:
    if model is Appointment:
        return {"invitee_digest": NO_DIGEST, "event_digest": NO_DIGEST}
    if model is Payment:
        # Its first character says how a dispute stands.
        return {"digest": Concat(Left("digest", 1), Value(NO_DIGEST[1:]))}
    return {}
