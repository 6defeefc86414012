"""Endpoint by which an organization has invitees' data deleted. Enterprise plans only.

https://developer.calendly.com/api-docs/calendly-api/data-compliance
"""

from __future__ import annotations

from collections.abc import Sequence

from wagtail_calendly.calendly.calls import Calls
from wagtail_calendly.calendly.connection import Call


class DataComplianceCalls(Calls):
    """Scope: `data_compliance:write`, of an organization's owner or admin."""

    def delete_invitee_data(self, emails: Sequence[str]) -> None:
        """Have everything deleted that Calendly keeps of these invitees; it takes up to seven days.

        Raises `CalendlyPermissionError` where plan, role or scopes do not allow it.
        """
        self._send(
            Call("POST", "/data_compliance/deletion/invitees", body={"emails": list(emails)})
        )
