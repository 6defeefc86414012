"""How the SDK's requests reach Stripe: single attempts, within a time budget, logged without ids.

The SDK has no budget of its own, opens a session for each thread, and lets the environment (.netrc, proxies)
change what is sent. So it is given an HTTP client over httpx, as for Calendly.
https://docs.stripe.com/error-low-level
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import httpx
import stripe

logger = logging.getLogger(__name__)

#: All that may stand in a logged path; everything else is an id.
_NAMES = frozenset("v1 checkout sessions expire refunds disputes events webhook_endpoints".split())


class Attempts(stripe.HTTPClient):
    """The SDK's HTTP client: makes single attempts; when to repeat them is the SDK's to say, while time is left."""

    name = "httpx"

    def __init__(self, transport: httpx.BaseTransport, *, timeout: float, ends_at: float) -> None:
        super().__init__()
        self._transport = transport
        self._timeout = timeout
        self._ends_at = ends_at

    def request(  # type: ignore[override] # the SDK hands on bytes, whatever its types say
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: str | None = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[bytes, int, httpx.Headers]:
        """One attempt, its timeout cut to the time left."""
        seconds = min(self._timeout, self._ends_at - time.monotonic())
        if seconds <= 0:
            raise _no_answer("no time left", should_retry=False)
        request = httpx.Request(
            method,
            url,
            headers={**(headers or {}), "Accept-Encoding": "gzip, deflate"},
            content=post_data,
            extensions={"timeout": httpx.Timeout(seconds).as_dict()},
        )
        response = self._send(request)
        return response.content, response.status_code, response.headers

    def close(self) -> None:
        """The pool is shared; whoever made it closes it."""

    def _send(self, request: httpx.Request) -> httpx.Response:
        started, outcome, request_id = time.monotonic(), "no answer", "none"
        try:
            response = self._transport.handle_request(request)
            try:
                response.read()
            finally:
                response.close()
            outcome = str(response.status_code)
            request_id = response.headers.get("request-id", "none")
        except httpx.HTTPError as error:
            failure = type(error).__name__
        else:
            return response
        finally:
            milliseconds = (time.monotonic() - started) * 1000
            path = _without_ids(request.url.path)
            logger.info(
                "Stripe %s %s: %s in %d ms, request %s",
                request.method,
                path,
                outcome,
                milliseconds,
                request_id,
            )
        # Named and not chained: httpx's errors carry the whole request.
        raise _no_answer(failure, should_retry=True)

    def _should_retry(
        self,
        response: tuple[Any, int, Mapping[str, str] | None] | None,
        api_connection_error: stripe.APIConnectionError | None,
        num_retries: int,
        max_network_retries: int | None,
    ) -> bool:
        """As the SDK decides, unless its pause would outlast the time that is left."""
        pause = min(self.INITIAL_DELAY * 2**num_retries, self.MAX_DELAY)
        if time.monotonic() + pause >= self._ends_at:
            return False
        return bool(
            super()._should_retry(response, api_connection_error, num_retries, max_network_retries)
        )


def _no_answer(what: str, *, should_retry: bool) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(what, should_retry=should_retry)  # type: ignore[no-untyped-call]


def _without_ids(path: str) -> str:
    parts = path.strip("/").split("/")
    return "/" + "/".join(part if part in _NAMES else "{id}" for part in parts)
