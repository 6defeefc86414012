"""The client of Calendly's API: synchronous, typed, and safe to share between threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wagtail_calendly.calendly import uris
from wagtail_calendly.calendly.budget import RateBudget
from wagtail_calendly.calendly.connection import Call, Connection
from wagtail_calendly.calendly.data_compliance import DataComplianceCalls
from wagtail_calendly.calendly.event_types import EventTypeCalls
from wagtail_calendly.calendly.retries import Patience
from wagtail_calendly.calendly.scheduled_events import ScheduledEventCalls
from wagtail_calendly.calendly.schemas import OrganizationMembership, User
from wagtail_calendly.calendly.scopes import ScopeCalls
from wagtail_calendly.calendly.subscriptions import WebhookSubscriptionCalls

if TYPE_CHECKING:
    import httpx

#: A worker can sit out one of Calendly's windows of a minute.
BACKGROUND_RETRY_BUDGET = 65.0


class CalendlyClient(
    EventTypeCalls,
    ScheduledEventCalls,
    WebhookSubscriptionCalls,
    DataComplianceCalls,
    ScopeCalls,
):
    """One account's access to Calendly.

    `timeout` bounds each wait of one attempt, `retry_budget` the time in which a call may be tried again
    (both seconds). `background` calls yield to visitors' when the `budget` runs low. Resources are named by
    their URIs at https://api.calendly.com, whatever the `base_url`. Every method raises a `CalendlyError`
    when Calendly does not do what was asked, and `InvalidCalendlyURI` for a URI of another form.
    """

    def __init__(
        self,
        token: str,
        base_url: str = uris.ORIGIN,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
        retry_budget: float = 10.0,
        budget: RateBudget | None = None,
        background: bool = False,
    ) -> None:
        connection = Connection(
            token, base_url=base_url, transport=transport, budget=budget or RateBudget()
        )
        super().__init__(connection, Patience(timeout, retry_budget, background))

    def __repr__(self) -> str:
        return f"<CalendlyClient of {self._connection.base_url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, for all clients that share it."""
        self._connection.close()

    @property
    def budget(self) -> RateBudget:
        return self._connection.budget

    def for_background(self) -> CalendlyClient:
        """The same connection and budget, for work that yields to visitors and has time to wait."""
        return self._with(
            replace(self._patience, background=True, retry_budget=BACKGROUND_RETRY_BUDGET)
        )

    def within(self, seconds: float) -> CalendlyClient:
        """The same connection and budget; from now on, all its calls have so many seconds in total."""
        return self._with(self._patience.within(seconds))

    def current_user(self) -> User:
        """The owner of the token. Scope: `users:read`."""
        return self._one(User, Call("GET", "/users/me"))

    def organization_memberships(
        self, *, user: str | None = None, organization: str | None = None
    ) -> Iterator[OrganizationMembership]:
        """Who belongs to an organization, or where a user belongs. Scope: `organizations:read`."""
        if not (organization or user):
            raise ValueError("Name an organization or a user.")
        query = {"user": user, "organization": organization}
        for page in self._pages(OrganizationMembership, "/organization_memberships", query):
            yield from page

    def _with(self, patience: Patience) -> CalendlyClient:
        client = CalendlyClient.__new__(CalendlyClient)
        super(CalendlyClient, client).__init__(self._connection, patience)
        return client
