"""API: deletion of invitees' data, which is done by the time the answer is read (Calendly takes days).

https://developer.calendly.com/api-docs/calendly-api/data-compliance
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.errors import ApiError
from wagtail_calendly.simulator.calendly.params import Field, email, list_of


async def delete_invitees(call: Call) -> Response:
    sent = await call.body({"emails": Field(list_of(email), required=True)})
    if not (call.calendly.deletion_in_plan and call.is_admin):
        raise ApiError(403, "Please upgrade to an Enterprise account.")
    for invitee in call.calendly.invitees.values():
        if invitee.email in sent["emails"]:
            invitee.name = ""
            invitee.email = f"{invitee.id[:14]}@deleted.calendly.com".lower()
            invitee.answers = []
    return JSONResponse({}, status_code=202)
