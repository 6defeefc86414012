"""What an access token may do, found out by calls that change nothing.

https://developer.calendly.com/api-docs/overview/api/scopes
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from wagtail_calendly.calendly.calls import Calls, as_words
from wagtail_calendly.calendly.connection import Call
from wagtail_calendly.calendly.errors import CalendlyInvalidRequest, CalendlyPermissionError

#: refused: the scope is not what is missing, but the owner's role or plan.
Standing = Literal["granted", "missing", "refused"]

#: What this package does, and the endpoint that tells whether it may.
#: Calendly tells a token's scopes to nobody but OAuth apps. A post without any content makes nothing.
ENDPOINTS: Mapping[str, tuple[str, str]] = {
    "event_types:read": ("GET", "/event_types"),
    "scheduled_events:read": ("GET", "/scheduled_events"),
    "scheduled_events:write": ("POST", "/invitee_no_shows"),
    "scheduling_links:write": ("POST", "/scheduling_links"),
    "webhooks:write": ("POST", "/webhook_subscriptions"),
}


class ScopeCalls(Calls):
    """Every scope that this package asks for, but `users:read`, without which nobody knows whose the token is."""

    def standing(
        self, scope: str, *, user: str | None = None, organization: str | None = None
    ) -> Standing:
        """How the token stands to one scope of `ENDPOINTS`, for a user or an organization (URIs)."""
        method, path = ENDPOINTS[scope]
        query = as_words({"user": user, "organization": organization, "count": "1"})
        call = Call("GET", path, query=query) if method == "GET" else Call(method, path, body={})
        try:
            self._send(call)
        except CalendlyPermissionError as error:
            return "missing" if scope in error.missing_scopes else "refused"
        except CalendlyInvalidRequest:
            pass  # it may, and what it asked for was nothing
        return "granted"
