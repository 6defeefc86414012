"""Where Stripe delivers to: the webhook endpoint of the payment account, its address, its state, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from wagtail_calendly import accounts, conf
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.addresses import apart, origin
from wagtail_calendly.bookings.subscriptions import ACTIVE, DISABLED, ELSEWHERE, MISSING, OUTDATED
from wagtail_calendly.payments import API_VERSION, EVENTS, Endpoint

#: What the payment provider's deliveries are filed under, beside the aliases of Calendly's accounts.
ALIAS = health.PAYMENTS

_SALT = "wagtail_calendly.bookings.payment_endpoint"


@dataclass(frozen=True)
class Found:
    """The endpoint that this site should have. `state`: active, disabled, outdated, missing or elsewhere.

    Outdated is one with other events, or of another API version. `others` lead to this site too, by an
    address no longer wanted, or twice. `endpoint.secret` is there only when it was made just now. `elsewhere` are the
    origins of other hosts with our path.
    """

    url: str
    state: str
    endpoint: Endpoint | None = None
    others: tuple[Endpoint, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        return self.state == ACTIVE

    @property
    def lacks(self) -> tuple[str, ...]:
        """Events that the endpoint does not hear of."""
        return tuple(sorted(set(EVENTS) - set(self.endpoint.events))) if self.endpoint else ()


def secrets() -> list[str]:
    """The signing secrets that count at present."""
    known = (secret.get_secret_value() for secret in conf.load().payments.webhook_secrets)
    return [secret for secret in known if secret.strip()]


def segments() -> list[str]:
    """The unguessable end of the webhook's path: one for each SECRET_KEY of the site, the current first.

    Stripe makes the signing secret only when it is told the address, so that the one cannot follow from the other.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(_SALT, ALIAS, secret=key, algorithm="sha256").hexdigest()[:40] for key in keys
    ]


def path(segment: str) -> str:
    """The path of the webhook that ends in this segment."""
    return reverse("wagtail_calendly:stripe_webhook", args=[segment])


def address(base: str = "") -> str:
    """The exact URL that Stripe is given; a redirect would lose deliveries.

    `base` is the site's public origin. Raises `NotConfigured` for one that Stripe cannot use.
    """
    return origin(base, sender="Stripe") + path(segments()[0])


def check(*, base: str = "") -> Found:
    """Ask Stripe how the endpoint stands. Raises `NotConfigured` or a `PaymentError`, as all below."""
    return _find(address(base), accounts.payments().endpoints())


def look() -> Found:
    """How it stands at whichever address of this site Stripe delivers to."""
    every = sorted(accounts.payments().endpoints(), key=lambda one: not one.is_enabled)
    base, away = apart([one.url for one in every], [path(segment) for segment in segments()])
    found = _find(address(base), every)
    is_away = away and found.state == MISSING and not found.others
    return replace(found, state=ELSEWHERE if is_away else found.state, elsewhere=away)


def _find(url: str, every: Iterable[Endpoint]) -> Found:
    prefix = url[: -len(segments()[0]) - 1]
    ours = [one for one in every if one.url.startswith(prefix)]
    here = [one for one in ours if one.url == url]
    best = next((one for one in here if _state(one) == ACTIVE), next(iter(here), None))
    others = tuple(one for one in ours if one is not best)
    return Found(url, _state(best) if best else MISSING, best, others)


def create(*, base: str = "") -> Found:
    """Make the endpoint. One that is there already is left as it is."""
    found = check(base=base)
    return found if found.endpoint else _make(found)


def repair(*, base: str = "") -> Found:
    """Leave one active endpoint, for exactly our events, at the present address.

    One of our version is changed, so that its secret stays. Otherwise a new one is made, and the old ones go on
    delivering until the new secret is in the settings and this is run again.
    """
    found = check(base=base)
    provider = accounts.payments()
    if found.is_well:
        for other in found.others:
            provider.delete_endpoint(other.id)
        return check(base=base)
    ours = [*([found.endpoint] if found.endpoint else []), *found.others]
    usable = next((one for one in ours if one.api_version == API_VERSION), None)
    if usable is None:
        return _make(found)
    provider.update_endpoint(usable.id, found.url)
    return check(base=base)


def delete(*, base: str = "") -> int:
    """End all endpoints that lead to this site. Returns how many there were."""
    found = check(base=base)
    ours = [*([found.endpoint] if found.endpoint else []), *found.others]
    for endpoint in ours:
        accounts.payments().delete_endpoint(endpoint.id)
    return len(ours)


def _make(found: Found) -> Found:
    made = accounts.payments().create_endpoint(found.url)
    others = (*([found.endpoint] if found.endpoint else []), *found.others)
    return Found(found.url, _state(made), made, others)


def _state(endpoint: Endpoint) -> str:
    if not endpoint.is_enabled:
        return DISABLED
    fits = set(endpoint.events) == set(EVENTS) and endpoint.api_version == API_VERSION
    return ACTIVE if fits else OUTDATED
