"""Endpoints of webhook subscriptions.

https://developer.calendly.com/api-docs/calendly-api/webhooks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wagtail_calendly.calendly import uris
from wagtail_calendly.calendly.calls import Calls, as_words
from wagtail_calendly.calendly.connection import Call
from wagtail_calendly.calendly.errors import CalendlyInvalidRequest, CalendlyUnexpectedResponse
from wagtail_calendly.calendly.schemas import WebhookSubscription


class WebhookSubscriptionCalls(Calls):
    """Scopes: `webhooks:write`, and the read scope of each subscribed family of events."""

    def webhook_subscriptions(
        self, *, organization: str, scope: str, user: str | None = None
    ) -> Iterator[WebhookSubscription]:
        """The subscriptions of a scope: `organization`, or `user` with its URI."""
        query = {"organization": organization, "scope": scope, "user": user}
        for page in self._pages(WebhookSubscription, "/webhook_subscriptions", query):
            yield from page

    def create_webhook_subscription(
        self,
        *,
        url: str,
        events: Sequence[str],
        organization: str,
        scope: str,
        signing_key: str,
        user: str | None = None,
    ) -> WebhookSubscription:
        """Have events delivered to `url`, signed with `signing_key`, which Calendly never gives back.

        Raises `CalendlyConflict` when this scope has a subscription with this URL.
        """
        body = {
            "url": url,
            "events": list(events),
            "organization": organization,
            "scope": scope,
            "signing_key": signing_key,
        }
        call = Call("POST", "/webhook_subscriptions", body=body | ({"user": user} if user else {}))
        try:
            return self._one(WebhookSubscription, call)
        except CalendlyInvalidRequest as error:
            raise _perhaps_scopes(error) from None

    def webhook_subscription(self, uri: str) -> WebhookSubscription:
        """One subscription."""
        path = "/webhook_subscriptions/{id}"
        return self._one(WebhookSubscription, Call("GET", path, (uris.subscription_id(uri),)))

    def delete_webhook_subscription(self, uri: str) -> None:
        """End a subscription. One that is gone already counts as done."""
        self._delete("/webhook_subscriptions/{id}", uris.subscription_id(uri))

    def sample_webhook_data(
        self, *, event: str, organization: str, scope: str, user: str | None = None
    ) -> dict[str, Any]:
        """A delivery made up by Calendly, unsigned: the envelope of `webhooks.WebhookEnvelope`, as JSON."""
        query = {"event": event, "organization": organization, "scope": scope, "user": user}
        data = self._send(Call("GET", "/sample_webhook_data", query=as_words(query))).data
        if not isinstance(data, dict):
            raise CalendlyUnexpectedResponse
        return data


def _perhaps_scopes(error: CalendlyInvalidRequest) -> CalendlyInvalidRequest:
    # Without the read scope of an event, Calendly answers 400 here and not 403.
    return CalendlyInvalidRequest(
        f"{error} If nothing is wrong with it, the access token lacks a scope: it needs webhooks:write, "
        "scheduled_events:read for invitees, and event_types:read for event types.",
        details=error.details,
        status=error.status,
        title=error.title,
        vendor_message=error.vendor_message,
    )
