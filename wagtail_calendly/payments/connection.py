"""One way to Stripe: the official SDK over one pool of connections, its answers as plain JSON, its errors as ours."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import stripe

from wagtail_calendly import __version__
from wagtail_calendly.payments.attempts import Attempts
from wagtail_calendly.payments.errors import PaymentUnavailable
from wagtail_calendly.payments.refusals import error_of
from wagtail_calendly.payments.stripe_params import API_VERSION

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What came back: plain JSON, when Stripe said it, and whether it is the stored answer to an earlier request."""

    data: dict[str, Any]
    observed_at: datetime
    is_replay: bool = False


class Connection:
    """One account's access to Stripe. Safe to share between threads."""

    def __init__(
        self,
        secret_key: str,
        *,
        base_url: str,
        timeout: float,
        retries: int,
        transport: httpx.BaseTransport,
        ends_at: float = math.inf,
    ) -> None:
        self._transport = transport
        self._ends_at = ends_at
        self._again = partial(
            Connection,
            secret_key,
            base_url=base_url,
            timeout=timeout,
            retries=retries,
            transport=transport,
        )
        _say_who_we_are()
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": base_url.rstrip("/")},
            max_network_retries=retries,
            http_client=Attempts(transport, timeout=timeout, ends_at=ends_at),
        )

    def within(self, seconds: float) -> Connection:
        """The same account and pool; from now on all its calls have so many seconds in total."""
        ends_at = min(self._ends_at, time.monotonic() + seconds)
        return self._again(ends_at=ends_at)

    def close(self) -> None:
        self._transport.close()

    def ask(self, call: Callable[[stripe.StripeClient], stripe.StripeObject]) -> Answer:
        """Make one call. Raises a `PaymentError`."""
        return self._call(lambda client: _answer(call(client)))

    def listed(
        self, call: Callable[[stripe.StripeClient], stripe.ListObject[Any]]
    ) -> list[dict[str, Any]]:
        """Everything on all pages of a list. Raises a `PaymentError`."""
        return self._call(
            lambda client: [item.to_dict() for item in call(client).auto_paging_iter()]
        )

    def _call(self, call: Callable[[stripe.StripeClient], T]) -> T:
        try:
            return call(self._client)
        except stripe.StripeError as error:
            refusal = error_of(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, its traceback would show the key
            refusal = PaymentUnavailable(
                f"Stripe's answer was not understood ({type(error).__name__}). Try again in a minute."
            )
        # Out here, so that no traceback leads to the SDK: it holds the key, what was sent and what was answered.
        raise refusal


def _answer(said: stripe.StripeObject) -> Answer:
    response = said.last_response
    headers = response.headers if response else {}
    return Answer(said.to_dict(), _date(headers), _is_replay(headers))


def _say_who_we_are() -> None:
    """Stripe's support sees who is calling. A global of the SDK: what the site itself has set stays."""
    if stripe.app_info is None:
        stripe.set_app_info("wagtail-calendly", version=__version__)


def _is_replay(headers: Mapping[str, str]) -> bool:
    """https://docs.stripe.com/api/idempotent_requests"""
    return headers.get("idempotent-replayed") == "true"


def _date(headers: Mapping[str, str]) -> datetime:
    try:
        date = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
