"""For monitoring: how healthy bookings are, for staff or for whoever has the token. Nothing in it is personal."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from ninja import Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import Field

from wagtail_calendly import conf
from wagtail_calendly.api.errors import failures
from wagtail_calendly.api.guards import staff
from wagtail_calendly.bookings import diagnosis
from wagtail_calendly.bookings.diagnosis import State

router = Router(tags=["Health"])

StateName = Literal["ok", "warning", "broken", "unknown"]


class FindingOut(Schema):
    """One subject, without words: those are in the admin and in `calendly_doctor`."""

    account: str = Field(description="An alias of the settings, `stripe`, or `site`")
    subject: str
    state: StateName
    when: datetime | None


class HealthOut(Schema):
    """The worst of all findings, and each of them as it was known last: nobody is asked for it."""

    state: StateName
    findings: list[FindingOut]


class HealthToken(HttpBearer):
    """The setting HEALTH_TOKEN; while it is empty, no token opens anything."""

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        expected = conf.load().health_token.get_secret_value()
        return bool(expected) and constant_time_compare(token, expected)


@router.get(
    "health",
    auth=[HealthToken(), staff("wagtail_calendly.configure_booking")],
    response={200: HealthOut, 503: HealthOut, **failures(403)},
    summary="How healthy everything is",
    url_name="health",
)
def health(request: HttpRequest) -> Status[HealthOut]:
    """200 while nothing is broken, else 503."""
    sections = diagnosis.report()
    state = diagnosis.worst(section.state for section in sections)
    findings = [
        FindingOut(
            account=section.key,
            subject=finding.subject,
            state=finding.state.value,
            when=finding.when,
        )
        for section in sections
        for finding in section.findings
    ]
    said = HealthOut(state=state.value, findings=findings)
    return Status(503 if state == State.BROKEN else 200, said)
