"""Every operation, walked: what is unsafe needs a token, and every failure has the one shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.api.conftest import Visitor, address, code
from wagtail_calendly.api.endpoints import api
from wagtail_calendly.snippets.models import SessionType

pytestmark = pytest.mark.django_db

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def operations() -> list[tuple[str, str]]:
    """(method, path) of all operations, with placeholders filled."""
    paths = api.get_openapi_schema()["paths"]
    return [
        (method.upper(), path.replace("{session_type_id}", "1").replace("{token}", "x"))
        for path, methods in paths.items()
        for method in methods
    ]


UNSAFE = [item for item in operations() if item[0] not in SAFE]


def send(client: Client, method: str, path: str, **more: Any) -> HttpResponse:
    body = {"content_type": "application/json", "data": "{}"} | more
    return client.generic(method, path, **body)


def test_the_walk_finds_them() -> None:
    assert len(operations()) >= 8
    assert {path for _method, path in UNSAFE} == {
        "/calendly/api/bookings/confirm",
        "/calendly/api/bookings/x/cancel",
        "/calendly/api/bookings/x/checkout",
        "/calendly/api/event-types/sync",
        "/calendly/api/orders",
        "/calendly/api/scheduling-links",
    }


@pytest.mark.survives("cross-site-post")
@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("token", ["", "x" * 32, "x" * 64])
def test_without_the_token_nothing_can_be_posted(method: str, path: str, token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    client.get(address("csrf"))
    response = send(client, method, path, headers={"X-CSRFToken": token} if token else {})
    assert (response.status_code, code(response)) == (403, "csrf_failed")


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_the_token_of_another_visit_does_not_help(method: str, path: str) -> None:
    foreign = Client().get(address("csrf")).json()["csrf_token"]
    client = Client(enforce_csrf_checks=True)
    client.get(address("csrf"))
    response = send(client, method, path, headers={"X-CSRFToken": foreign})
    assert code(response) == "csrf_failed"


@pytest.mark.survives("cross-site-post")
@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, "cross_site"),
        ({"Origin": "https://evil.example"}, "csrf_failed"),
        ({"Origin": "null"}, "csrf_failed"),
    ],
)
def test_a_foreign_page_cannot_post_even_with_the_token(
    visitor: Visitor, method: str, path: str, headers: dict[str, str], expected: str
) -> None:
    token = visitor.ask("csrf").json()["csrf_token"]
    response = send(visitor, method, path, headers={"X-CSRFToken": token, **headers})
    assert (response.status_code, code(response)) == (403, expected)


@pytest.mark.survives("cross-site-post")
@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_what_forms_can_send_is_refused(
    visitor: Visitor, method: str, path: str, content_type: str
) -> None:
    token = visitor.ask("csrf").json()["csrf_token"]
    headers = {"X-CSRFToken": token}
    response = send(visitor, method, path, headers=headers, content_type=content_type)
    assert (response.status_code, code(response)) == (415, "unsupported_media_type")


@pytest.mark.parametrize(("method", "path"), operations())
def test_no_operation_is_cached_or_needs_a_login(
    settings: Any, method: str, path: str, site: object
) -> None:
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    response = send(Client(), method, path)
    assert response.status_code != 302
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", sorted({path for _method, path in operations()}))
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_refused_in_the_one_shape(
    visitor: Visitor, path: str, method: str
) -> None:
    response = send(visitor, method, path)
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) <= {"GET", "POST"}
    if method != "HEAD":
        assert code(response) == "method_not_allowed"


def test_below_the_api_everything_fails_in_the_one_shape(visitor: Visitor) -> None:
    response = visitor.get("/calendly/api/nothing/here")
    assert (response.status_code, code(response)) == (404, "not_found")


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', "[" * 100_000, "\x00", "{}"])
def test_a_body_that_is_none_is_refused(visitor: Visitor, body: str) -> None:
    token = visitor.ask("csrf").json()["csrf_token"]
    response = send(
        visitor, "POST", address("scheduling_links"), data=body, headers={"X-CSRFToken": token}
    )
    assert response.status_code == 400
    assert code(response) in {"bad_request", "invalid"}


def test_a_huge_body_is_refused(visitor: Visitor, settings: Any) -> None:
    token = visitor.ask("csrf").json()["csrf_token"]
    body = json.dumps({"session_type": 1, "page": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    response = send(
        visitor, "POST", address("scheduling_links"), data=body, headers={"X-CSRFToken": token}
    )
    assert (response.status_code, code(response)) == (413, "too_large")


@pytest.mark.usefixtures("within_a_minute")
def test_a_visitor_has_a_share_of_each_minute(
    settings: Any, visitor: Visitor, session_type: SessionType
) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"VISITOR_POSTS_PER_MINUTE": 2}
    answers = [
        visitor.say("scheduling_links", session_type=session_type.pk).status_code for _ in range(3)
    ]
    assert answers == [200, 200, 429]
    other = Visitor(REMOTE_ADDR="192.0.2.7")
    assert other.say("scheduling_links", session_type=session_type.pk).status_code == 200


def test_the_token_is_minted_only_when_it_is_asked_for(visitor: Visitor) -> None:
    assert not visitor.ask("session_types").cookies
    response = visitor.ask("csrf")
    assert "csrftoken" in response.cookies
    assert "no-store" in response["Cache-Control"]


def test_the_addresses_stay_where_others_expect_them() -> None:
    assert reverse("wagtail_calendly:api:confirm") == "/calendly/api/bookings/confirm"
