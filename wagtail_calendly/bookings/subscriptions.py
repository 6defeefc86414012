"""Where Calendly delivers to: an account's webhook subscription, its address, its state, and how to mend it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.addresses import apart, origin
from wagtail_calendly.bookings.models import Connection
from wagtail_calendly.calendly import (
    CalendlyClient,
    CalendlyConflict,
    CalendlyPermissionError,
    WebhookSubscription,
)
from wagtail_calendly.exceptions import NotConfigured

logger = logging.getLogger(__name__)

EVENTS = (
    "invitee.created",
    "invitee.canceled",
    "invitee_no_show.created",
    "invitee_no_show.deleted",
    "event_type.created",
    "event_type.updated",
    "event_type.deleted",
)

ACTIVE, DISABLED, OUTDATED, MISSING = "active", "disabled", "outdated", "missing"
#: There is one for this site's address, but at another host: it has moved, or its data were copied.
ELSEWHERE = "elsewhere"

_SALT = "wagtail_calendly.bookings.subscriptions"


@dataclass(frozen=True)
class Found:
    """The subscription an account should have. `state`: active, disabled, outdated, missing or elsewhere.

    Outdated is one that lacks events which this version needs. `others` are ours too, but lead to
    addresses no longer wanted, or come twice. `elsewhere` are the origins of other hosts with our path.
    """

    url: str
    state: str
    subscription: WebhookSubscription | None = None
    others: tuple[WebhookSubscription, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        return self.state == ACTIVE

    @property
    def is_failing(self) -> bool:
        """Calendly retries deliveries that were not accepted; after 24 hours it disables the subscription."""
        return bool(self.subscription and self.subscription.retry_started_at)


def signing_keys(alias: str) -> list[str]:
    """The keys that count for an account, the newest first."""
    keys = (key.get_secret_value() for key in conf.load().account(alias).webhook_signing_keys)
    return [key for key in keys if key]


def segments(alias: str) -> list[str]:
    """The unguessable end of an account's webhook path: one for each signing key, the newest first."""
    return [_segment(alias, key) for key in signing_keys(alias)]


def path(alias: str, segment: str) -> str:
    """The path of an account's webhook that ends in this segment."""
    return reverse("wagtail_calendly:calendly_webhook", args=[alias, segment])


def address(alias: str, base: str = "") -> str:
    """The exact URL that Calendly is given; a redirect would lose deliveries.

    `base` is the site's public origin; without it WAGTAILADMIN_BASE_URL counts, or the default site.
    Raises `NotConfigured` for an account without signing keys, and for an origin Calendly cannot use.
    """
    newest = next(iter(segments(alias)), None)
    if newest is None:
        raise NotConfigured(
            f"The Calendly account “{alias}” has no WEBHOOK_SIGNING_KEYS. "
            "Add one of at least 32 random characters: nothing unsigned is accepted."
        )
    return origin(base, sender="Calendly") + path(alias, newest)


def check(alias: str, *, base: str = "") -> Found:
    """Ask Calendly how the subscription stands, and keep the answer on the account's `Connection`.

    Raises `NotConfigured` or a `CalendlyError`.
    """
    found = _find(alias, address(alias, base), _all(alias))
    _keep(alias, found)
    return found


def look(alias: str) -> Found:
    """How it stands at whichever address of this site Calendly delivers to; nothing is kept. Raises as `check` does."""
    every = sorted(_all(alias), key=lambda one: not one.is_active)
    paths = [path(alias, segment) for segment in segments(alias)]
    base, away = apart([one.callback_url for one in every], paths)
    found = _find(alias, address(alias, base), every)
    is_away = away and found.state == MISSING and not found.others
    return replace(found, state=ELSEWHERE if is_away else found.state, elsewhere=away)


def create(alias: str, *, base: str = "") -> Found:
    """Subscribe. One that is there already is left as it is. Raises as `check` does."""
    url = address(alias, base)
    try:
        _subscribe(alias, url)
    except CalendlyConflict:
        logger.info("Calendly has a subscription for the account %s already.", alias)
    return check(alias, base=base)


def repair(alias: str, *, base: str = "") -> Found:
    """Leave exactly one subscription: active, for all events, at the address of the newest signing key.

    What is disabled cannot be enabled again, so that it is deleted and made anew. Raises as `check` does.
    """
    found = check(alias, base=base)
    client = accounts.calendly(alias)
    if found.subscription and not found.is_well:
        client.delete_webhook_subscription(found.subscription.uri)
    if not found.is_well:
        create(alias, base=base)
    # Last, so that a rotated key loses nothing: the old address works as long as its key is in the settings.
    for other in found.others:
        client.delete_webhook_subscription(other.uri)
    return check(alias, base=base)


def delete(alias: str, *, base: str = "") -> int:
    """End all subscriptions of ours. Returns how many there were. Raises as `check` does."""
    found = check(alias, base=base)
    ours = [*([found.subscription] if found.subscription else []), *found.others]
    for subscription in ours:
        accounts.calendly(alias).delete_webhook_subscription(subscription.uri)
    _keep(alias, Found(found.url, MISSING))
    return len(ours)


def _find(alias: str, url: str, every: Iterable[WebhookSubscription]) -> Found:
    """What leads to this site's webhook of this account, whatever key it was made for."""
    prefix = url[: -len(segments(alias)[0]) - 1]
    ours = [one for one in every if one.callback_url.startswith(prefix)]
    here = [one for one in ours if one.callback_url == url and _is_in_scope(alias, one)]
    best = next((one for one in here if _state(one) == ACTIVE), next(iter(here), None))
    others = tuple(one for one in ours if one is not best)
    return Found(url, _state(best) if best else MISSING, best, others)


def _all(alias: str) -> Iterator[WebhookSubscription]:
    """All subscriptions of an account that its token may see."""
    client, owner = accounts.calendly(alias), health.owner(alias)
    for scope in ("user", "organization"):
        user = owner.user_uri if scope == "user" else None
        try:
            yield from client.webhook_subscriptions(
                organization=owner.organization_uri, scope=scope, user=user
            )
        except CalendlyPermissionError:
            # A member may not see the organization's, and needs to only where that is the scope.
            if scope == conf.load().account(alias).scope:
                raise


def _subscribe(alias: str, url: str) -> WebhookSubscription:
    owner, scope = health.owner(alias), conf.load().account(alias).scope
    client: CalendlyClient = accounts.calendly(alias)
    try:
        return client.create_webhook_subscription(
            url=url,
            events=EVENTS,
            organization=owner.organization_uri,
            user=owner.user_uri if scope == "user" else None,
            scope=scope,
            signing_key=signing_keys(alias)[0],
        )
    except CalendlyPermissionError as error:
        if not error.missing_scopes:
            _refused(alias, str(error))
        raise


def _refused(alias: str, why: str) -> None:
    """Plan or role do not allow it. Calendly says so only now, so that it is kept."""
    row = health.connection(alias)
    Connection.objects.filter(pk=row.pk).update(said=row.said | {"refused": why})


def _is_in_scope(alias: str, subscription: WebhookSubscription) -> bool:
    return subscription.scope == conf.load().account(alias).scope


def _state(subscription: WebhookSubscription) -> str:
    if not subscription.is_active:
        return DISABLED
    return ACTIVE if set(EVENTS) <= set(subscription.events) else OUTDATED


def _keep(alias: str, found: Found) -> None:
    Connection.objects.update_or_create(
        account=alias,
        defaults={
            "subscription_uri": found.subscription.uri if found.subscription else "",
            "subscription_state": found.state,
            "checked_at": timezone.now(),
        },
    )


def _segment(alias: str, key: str) -> str:
    return salted_hmac(_SALT, alias, secret=key, algorithm="sha256").hexdigest()[:40]
