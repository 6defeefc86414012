"""Pages are followed by their tokens, to the end, and never in a circle."""

from __future__ import annotations

import httpx
import pytest

from tests.calendly.conftest import payload
from wagtail_calendly.calendly import (
    CalendlyUnexpectedResponse,
)

API = "https://api.calendly.com"
USER = f"{API}/users/USER"


def paged(name, token, next_page=None):
    body = payload(name)
    body["pagination"] |= {"next_page_token": token, "next_page": next_page}
    return httpx.Response(200, json=body)


@pytest.mark.survives("foreign-address")
def test_pages_follow_tokens_and_never_addresses(client, far_end):
    evil = "http://169.254.169.254/event_types?page_token=EVIL"
    far_end.answers = [paged("event_types", "T1", evil), paged("event_types", None)]
    assert len(list(client.event_type_pages(user=USER))) == 2
    first, second = far_end.requests
    assert second.url.host == "api.calendly.com"
    assert second.url.params["page_token"] == "T1"
    assert "page_token" not in first.url.params


def test_pages_are_asked_for_only_when_wanted(client, far_end):
    far_end.answers = [paged("event_types", "T1")]
    next(client.event_type_pages(user=USER))
    assert len(far_end.requests) == 1


def test_a_thousand_event_types_are_ten_calls(client, far_end):
    item = payload("event_types")["collection"][0]
    for page in range(10):
        token = None if page == 9 else f"T{page}"
        pagination = {"count": 100, "next_page": None, "next_page_token": token}
        body = {"collection": [item] * 100, "pagination": pagination}
        far_end.answers.append(httpx.Response(200, json=body))
    assert len(list(client.event_types(user=USER))) == 1000
    assert len(far_end.requests) == 10


def test_a_token_that_comes_again_ends_in_an_error_and_not_in_a_circle(client, far_end):
    far_end.answers = [paged("event_types", token) for token in ("T1", "T2", "T1")]
    with pytest.raises(CalendlyUnexpectedResponse):
        list(client.event_type_pages(user=USER))
    assert len(far_end.requests) == 3


@pytest.mark.parametrize("pagination", [None, {"next_page": "https://api.calendly.com/x"}])
def test_a_list_is_never_taken_for_complete_without_proof(client, far_end, pagination):
    far_end.answers = [httpx.Response(200, json={"collection": [], "pagination": pagination})]
    with pytest.raises(CalendlyUnexpectedResponse):
        list(client.event_types(user=USER))
