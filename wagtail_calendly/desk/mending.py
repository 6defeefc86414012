"""What staff do about the connection: look again, make or repair webhooks, sync, try a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wagtail_calendly import tasks
from wagtail_calendly.bookings import (
    examine,
    health,
    log,
    payment_endpoint,
    subscriptions,
    trial,
)
from wagtail_calendly.bookings.addresses import origin_of
from wagtail_calendly.snippets import sync as syncing

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True)
class Done:
    """What came of it, in words. `secret` is to be shown once and kept nowhere."""

    words: str
    is_well: bool = True
    secret: str = field(default="", repr=False)


def check(*, user: AbstractBaseUser) -> Done:
    """Ask both vendors how everything stands."""
    if tasks.examine_connections.enqueue().is_finished:
        return Done(_("Calendly and Stripe were asked. This is how everything stands now."))
    return Done(_("Calendly and Stripe are being asked. Look again in a moment."))


def subscription(*, alias: str, user: AbstractBaseUser) -> Done:
    """Make or repair an account's subscription, at the address of this site that it had. Raises as `repair` does."""
    found = subscriptions.repair(alias, base=origin_of(subscriptions.look(alias).url))
    log.mended(health.connection(alias), user)
    examine.account(alias)
    if found.is_well:
        return Done(_("Calendly delivers here now."))
    return Done(_("Calendly did not do it. What it says is below."), is_well=False)


def endpoint(*, user: AbstractBaseUser) -> Done:
    """Make or repair the endpoint at Stripe. A new one has a signing secret, told only now. Raises as `repair` does."""
    found = payment_endpoint.repair(base=origin_of(payment_endpoint.look().url))
    log.mended(health.connection(health.PAYMENTS), user)
    examine.payments()
    secret = found.endpoint.secret if found.endpoint else ""
    if secret:
        return Done(
            _("The endpoint is made. Put its signing secret into the settings now."), secret=secret
        )
    if found.is_well and not payment_endpoint.secrets():
        words = _("Stripe tells the signing secret once only. Copy it from Stripe’s dashboard.")
        return Done(words, is_well=False)
    if found.is_well:
        return Done(_("Stripe delivers here now."))
    return Done(_("Stripe did not do it. What it says is below."), is_well=False)


def sync(*, alias: str, user: AbstractBaseUser) -> Done:
    """Read an account's event types."""
    syncing.announce(alias)
    if tasks.sync_event_types.enqueue(alias).is_finished:
        return Done(_("Calendly was asked for its event types. What came of it is below."))
    return Done(_("Event types are being read. Look again in a moment."))


def test(*, alias: str, user: AbstractBaseUser) -> Done:
    """Have Calendly's sample delivered to us by ourselves. Raises as `trial.send` does."""
    error = trial.send(alias).error
    if error:
        words = _(
            "Calendly’s sample was signed, verified and stored, but not understood: %(error)s"
        )
        return Done(words % {"error": error}, is_well=False)
    return Done(
        _(
            "Calendly’s sample was signed, verified, stored and read as a delivery would be; nothing was booked. "
            "Whether Calendly reaches this site shows in “Last delivery”."
        )
    )
