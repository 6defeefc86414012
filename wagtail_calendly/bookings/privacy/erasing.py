"""Erases a person: what was booked and paid stays, and no longer says by whom. Late news does not bring it back.

To be called outside transactions.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_calendly import accounts
from wagtail_calendly.bookings import effects, health, log, personal, tombstones
from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    Effect,
    Note,
    Request,
    WebhookDelivery,
    Work,
    new_token,
)
from wagtail_calendly.bookings.privacy import hindrances, kept
from wagtail_calendly.bookings.privacy.kept import Kept
from wagtail_calendly.bookings.privacy.spelling import plain
from wagtail_calendly.bookings.retries import in_transaction
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.exceptions import NotConfigured, NotErasable

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

logger = logging.getLogger(__name__)

#: How long somebody waits for Calendly, in seconds.
SECONDS = 5.0
#: What is recorded while it is erased is found by looking once more.
TIMES = 3
_SALT = "wagtail_calendly.bookings.privacy.erasing"


@dataclass(frozen=True)
class Erased:
    """What was done, to so many bookings. `calendly_asked`: Calendly deletes, too. `paid`: Stripe keeps something."""

    bookings: int
    calendly_asked: bool
    paid: bool


def fingerprint(address: str) -> str:
    """By what the audit trail knows somebody: says nothing without this site's key."""
    return salted_hmac(_SALT, plain(address), algorithm="sha256").hexdigest()[:32]


def person(address: str, *, user: AbstractBaseUser | None = None) -> Erased:
    """Erase whoever booked or paid with this mail address, here and, where its plan allows that, at Calendly.

    Calendly is asked first, while the address is still known: nothing is queued that would have to keep it.
    Raises `NotErasable`; then nothing has changed.
    """
    found = kept.of_address(address)
    _refuse_while_needed(found)
    asked = _ask_calendly(address.strip()) if found else False
    done = _erase(partial(kept.of_address, address), user, person=fingerprint(address))
    return Erased(len(done.bookings), asked, _paid(done))


def booking(row: Booking, *, user: AbstractBaseUser | None = None) -> Erased:
    """Erase what this booking says of a person, with all the appointments of its chain. Raises `NotErasable`."""
    find = partial(kept.of_bookings, {row.pk})
    _refuse_while_needed(find())
    done = _erase(lambda: find() if _is_kept(row) else Kept(), user, because="booking")
    return Erased(len(done.bookings), False, _paid(done))


def at_once(found: Kept, *, because: str) -> None:
    """Erase all of this in one transaction. Raises `NotErasable`; then nothing has changed."""
    in_transaction(partial(_blank, found, None, {"because": because}))


def _refuse_while_needed(found: Kept) -> None:
    """Facts that nobody has decided upon yet may mean that money is owed."""
    with effects.in_a_hurry(SECONDS):
        for pk in found.all_bookings.values_list("pk", flat=True):
            settle(pk, because="erasing")
    _check(found)


def _check(found: Kept) -> None:
    steps = [str(hindrance.label) for hindrance in hindrances.of(found, timezone.now())]
    if steps:
        raise NotErasable(steps)


def _erase(find: Callable[[], Kept], user: AbstractBaseUser | None, **data: str) -> Kept:
    """Erase what is found, until nothing is found any more; returns what was found first."""
    first = found = find()
    for _ in range(TIMES):
        if not found:
            break
        in_transaction(partial(_blank, found, user, data))
        found = find()
    return first


def _blank(found: Kept, user: AbstractBaseUser | None, data: dict[str, str]) -> None:
    """Under the bookings' locks, which whoever records something about them takes first."""
    found.all_bookings.mark_due()
    _check(found)
    bookings = Booking.objects.filter(pk__in=found.bookings)
    personal.blank(found.all_payments)
    personal.blank(bookings)  # before its appointments, which may know the campaign that is counted
    tombstones.lay(found.invitees | _in_deliveries(found))
    personal.blank(Request.objects.filter(booking__in=found.bookings))
    Note.objects.filter(booking__in=found.bookings).delete()
    _drop_mails(found)
    for row in bookings:
        row.token = new_token()
        row.save(update_fields=["token"])
    deliveries = WebhookDelivery.objects.filter(pk__in=found.deliveries)
    deliveries.update(state=Work.State.IGNORED)
    personal.blank(deliveries)
    _write_down(found, user, data)


def _drop_mails(found: Kept) -> None:
    """Mails to the person that wait; those to staff say no name any more."""
    mails = Effect.objects.filter(booking__in=found.bookings, kind=Effect.Kind.NOTIFY)
    waiting = mails.filter(state=Work.State.OPEN).exclude(params__subject="staff")
    waiting.update(state=Work.State.IGNORED, finished_at=timezone.now())


def _in_deliveries(found: Kept) -> set[str]:
    """Whom deliveries tell of that were given up, so that nobody has recorded them."""
    named = set()
    held = WebhookDelivery.objects.filter(
        pk__in=found.deliveries, sender=WebhookDelivery.Sender.CALENDLY
    )
    for body in held.values_list("body", flat=True):
        try:
            named.add(str(json.loads(body)["payload"]["uri"]))
        except (ValueError, TypeError, KeyError):
            continue
    return named


def _write_down(found: Kept, user: AbstractBaseUser | None, data: dict[str, str]) -> None:
    for row in found.all_bookings:
        log.person(log.ERASED, row, user, **data)
    for unlinked in Appointment.objects.filter(pk__in=found.appointments, booking=None):
        log.person(log.ERASED, unlinked, user, **data)


def _ask_calendly(address: str) -> bool:
    """Whether every account has taken it on. No plan below Enterprise does; then staff do it by hand."""
    aliases = health.configured()
    answers = [_is_taken_on(alias, address) for alias in aliases]  # each is asked
    return bool(answers) and all(answers)


def _is_taken_on(alias: str, address: str) -> bool:
    try:
        accounts.calendly(alias).within(SECONDS).delete_invitee_data([address])
    except (CalendlyError, NotConfigured) as error:
        logger.warning("Calendly was asked to delete somebody's data, and did not: %s", error)
        return False
    return True


def _paid(found: Kept) -> bool:
    return found.all_payments.exclude(payment_intent="").exists()


def _is_kept(row: Booking) -> bool:
    """Whether anything of a person may be left in it."""
    left = row.appointments.filter(erased_at=None)
    return left.exists() or Booking.objects.filter(pk=row.pk, erased_at=None).exists()
