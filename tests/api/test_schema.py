"""The API against its own OpenAPI document: whatever is sent, no crash, and only what is documented."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Visitor, address, be_well, make_session_type
from tests.fixtures.simulator import Simulator

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


schema = schemathesis.openapi.from_wsgi(address("openapi-json"), WSGIHandler())


@pytest.fixture
def visit(transactional_db: None, site: Any, calendly: Simulator, settings: Any) -> dict[str, Any]:
    """Somebody who may do everything, so that nothing is refused at the door; and something to find."""
    settings.WAGTAIL_CALENDLY |= {"VISITOR_POSTS_PER_MINUTE": 10_000}
    for _number in range(3):
        make_session_type()
    be_well()
    visitor = Visitor()
    visitor.force_login(User.objects.create_superuser("root"))
    token = visitor.ask("csrf").json()["csrf_token"]
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    return {"headers": {"X-CSRFToken": token}, "cookies": cookies}


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent(case: schemathesis.Case, visit: dict[str, Any]) -> None:
    case.call_and_validate(checks=CHECKS, **visit)
