"""One way to Calendly: builds each request from parsed ids, sends it, retries what may be repeated.

It calls the httpx transport and not `httpx.Client`, because the latter writes every full URL, with ids and
queries, to the log. Nothing is lost: redirects, cookies, proxies and .netrc of the environment are unwanted here.

httpx is imported where it is first needed: with the command line that it brings along, it takes longer to load
than all of this package, and most processes of a site never call Calendly.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from wagtail_calendly.calendly.budget import RateBudget, seconds_to_wait
from wagtail_calendly.calendly.errors import (
    CalendlyAuthenticationError,
    CalendlyError,
    CalendlyUnavailable,
)
from wagtail_calendly.calendly.parsing import parse_json
from wagtail_calendly.calendly.refusals import error_of
from wagtail_calendly.calendly.retries import Patience

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Call:
    """One endpoint to be called. `path` has `{id}` where `ids` go, so that it can be logged without them."""

    method: str
    path: str
    ids: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    #: Calls with limits of their own say nothing of the account's budget.
    counts: bool = True

    @property
    def can_be_repeated(self) -> bool:
        return self.method in {"GET", "DELETE"}

    @property
    def target(self) -> str:
        return self.path.replace("{id}", "%s") % self.ids


@dataclass(frozen=True)
class Answer:
    """What came back from a successful call: decoded JSON, and when Calendly said it."""

    data: Any
    observed_at: datetime


class Connection:
    """The token, the transport and the budget of one account. Safe to share between threads."""

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        transport: httpx.BaseTransport | None,
        budget: RateBudget,
    ) -> None:
        import httpx

        self.base_url = base_url.rstrip("/")
        self.budget = budget
        self._transport = transport or httpx.HTTPTransport(trust_env=False)
        token = token.strip()
        if not _TOKEN.fullmatch(token):
            raise CalendlyAuthenticationError
        # httpx hides this header's value in its repr, so that no traceback shows the token.
        self._headers = httpx.Headers(
            {
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "User-Agent": "wagtail-calendly",
            }
        )

    def close(self) -> None:
        self._transport.close()

    def send(self, call: Call, patience: Patience) -> Answer:
        """Make one call, within the patience given. Raises a `CalendlyError`."""
        for attempt in patience.attempts(can_be_repeated=call.can_be_repeated):
            with attempt:
                seconds = patience.seconds_for_attempt()
                self.budget.admit(background=patience.background)
                return self._send_once(call, seconds)
        raise AssertionError("unreachable")

    def _send_once(self, call: Call, seconds: float) -> Answer:
        started = time.monotonic()
        outcome = "no answer"
        try:
            response = self._exchange(call, seconds)
            outcome = str(response.status_code)
        finally:
            logger.info(
                "Calendly %s %s: %s in %d ms, %s calls left",
                call.method,
                call.path,
                outcome,
                (time.monotonic() - started) * 1000,
                "unknown" if (left := self.budget.remaining) is None else left,
            )
        if not response.is_success:
            raise error_of(response.status_code, response.headers, response.content)
        data = parse_json(response.content) if response.content else None
        return Answer(data, observed_at=_date(response.headers))

    def _exchange(self, call: Call, seconds: float) -> httpx.Response:
        import httpx

        request = httpx.Request(
            call.method,
            self.base_url + call.target,
            params=dict(call.query),
            headers=self._headers,
            json=call.body,
            extensions={"timeout": httpx.Timeout(seconds).as_dict()},
        )
        try:
            response = self._transport.handle_request(request)
            try:
                response.read()
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise _unavailable(error) from None
        self._learn(call, response)
        return response

    def _learn(self, call: Call, response: httpx.Response) -> None:
        if not call.counts:
            return
        self.budget.learn(response.headers)
        if response.status_code == 429:
            self.budget.exhaust(seconds_to_wait(response.headers))


def _unavailable(error: httpx.HTTPError) -> CalendlyError:
    """The cause is named and not chained: httpx's errors carry the whole request."""
    import httpx

    what = type(error).__name__
    # Raised before anything of the request has left this machine.
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return CalendlyUnavailable(
            f"Calendly cannot be reached ({what}). Check the network, and try again.", unsent=True
        )
    return CalendlyUnavailable(
        f"Calendly did not answer completely ({what}). Try again in a minute."
    )


def _date(headers: Mapping[str, str]) -> datetime:
    try:
        date = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
