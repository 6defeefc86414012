"""Every refusal becomes the error that says what to do, and tells nothing else."""

from __future__ import annotations

import pickle

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendly.conftest import answer
from wagtail_calendly.calendly import (
    CalendlyAuthenticationError,
    CalendlyClient,
    CalendlyConflict,
    CalendlyError,
    CalendlyInvalidRequest,
    CalendlyNotFound,
    CalendlyPermissionError,
    CalendlyRateLimited,
    CalendlyUnavailable,
    CalendlyUnexpectedResponse,
    InvalidCalendlyURI,
)
from wagtail_calendly.calendly.refusals import error_of

pytestmark = pytest.mark.usefixtures("one_attempt")

SECRETS = {"title": "Title", "message": "about secret-token of vi@example.org at EV"}


def raised(client, far_end, status, body=None, **headers):
    far_end.answers = [httpx.Response(status, json=SECRETS | (body or {}), headers=headers)]
    with pytest.raises(CalendlyError) as caught:
        client.current_user()
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, CalendlyInvalidRequest),
        (401, CalendlyAuthenticationError),
        (403, CalendlyPermissionError),
        (404, CalendlyNotFound),
        (409, CalendlyConflict),
        (422, CalendlyInvalidRequest),
        (424, CalendlyUnavailable),
        (429, CalendlyRateLimited),
        (500, CalendlyUnavailable),
        (502, CalendlyUnavailable),
        (503, CalendlyUnavailable),
        (301, CalendlyUnexpectedResponse),
        (418, CalendlyUnexpectedResponse),
    ],
)
def test_each_status_has_its_error(client, far_end, status, kind):
    error = raised(client, far_end, status)
    assert type(error) is kind
    assert (error.status, error.title) == (status, "Title")
    for private in ("secret", "vi@", "EV"):
        assert private not in str(error)
    assert str(error).endswith(".")
    assert len(str(error).split(". ")) > 1 or "; " in str(error), (
        "says what happened and what to do"
    )


def test_redirects_are_not_followed(client, far_end):
    raised(client, far_end, 302, Location="http://169.254.169.254/")
    assert len(far_end.requests) == 1


def test_missing_scopes_are_named(client, far_end):
    far_end.answers = [answer("error_insufficient_scope", 403)]
    with pytest.raises(CalendlyPermissionError, match="scheduled_events:write") as caught:
        client.current_user()
    assert caught.value.missing_scopes == ("scheduled_events:write",)


@pytest.mark.parametrize(
    "scopes", [None, "users:read", [1, {}, "<b>", "users:read\n"], [["users:read"]]]
)
def test_scopes_of_another_form_are_passed_over(client, far_end, scopes):
    error = raised(client, far_end, 403, {"required_scopes": scopes})
    assert error.missing_scopes == ()


def test_refused_parameters_are_named(client, far_end):
    far_end.answers = [answer("error_invalid_argument", 400)]
    with pytest.raises(CalendlyInvalidRequest, match="start_time") as caught:
        client.current_user()
    assert caught.value.details == (
        {"parameter": "start_time", "message": "must be in the future", "code": "invalid"},
    )
    assert "future" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "17"}, 17),
        ({"X-RateLimit-Reset": "16.2"}, 17),
        ({"X-RateLimit-Reset": "0"}, 1),
        ({"Retry-After": "9"}, 9),
        ({"X-RateLimit-Reset": "soon", "Retry-After": "9"}, 9),
        ({"X-RateLimit-Reset": "nan"}, 60),
        ({"X-RateLimit-Reset": "-5"}, 60),
        ({"Retry-After": "Sun, 22 Nov 2026 18:00:00 GMT"}, 60),
        ({}, 60),
    ],
)
def test_a_429_says_how_long_to_wait(client, far_end, headers, seconds):
    error = raised(client, far_end, 429, **headers)
    assert error.retry_after == seconds
    assert f"{seconds} seconds" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"resource": []}',
        b'{"resource": {"name": "x"}}',
        b"\xff",
        b'{"resource": NaN}',
    ],
)
def test_answers_that_cannot_be_read_are_unexpected(client, far_end, content):
    far_end.answers = [httpx.Response(200, content=content)]
    with pytest.raises(CalendlyUnexpectedResponse):
        client.current_user()


@given(
    st.integers(300, 599), st.binary(max_size=60) | st.just(b'{"details": [7, {"parameter": 1}]}')
)
def test_any_refusal_is_one_of_ours(status, content):
    assert isinstance(error_of(status, {}, content), CalendlyError)


@pytest.mark.parametrize("token", ["", "  ", "to ken", "tök", "a\nb", "a\0b"])
def test_a_token_that_cannot_be_one_is_refused_without_being_told(token):
    with pytest.raises(CalendlyAuthenticationError) as caught:
        CalendlyClient(token)
    assert not token.strip() or token not in str(caught.value)


def test_a_token_may_end_in_a_line_break(far_end):
    far_end.answers = [answer("user")]
    CalendlyClient("token\n", transport=far_end).current_user()
    assert far_end.last.headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    "error",
    [
        CalendlyError(status=418, title="Teapot"),
        CalendlyPermissionError(missing_scopes=("users:read",), status=403),
        CalendlyInvalidRequest(details=({"message": "x"},), status=400),
        CalendlyRateLimited(retry_after=17),
        CalendlyUnavailable(unsent=True),
        InvalidCalendlyURI(),
    ],
)
def test_errors_can_be_handed_to_another_process(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
