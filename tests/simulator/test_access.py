"""Tokens, scopes, roles, rate limits and parameters are refused as Calendly refuses them."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest


def test_without_a_valid_token_the_answer_is_401(simulator):
    simulator.token("revoked-token", valid=False)
    refused = [
        simulator.http.get("/users/me"),
        simulator.api("GET", "/users/me", token="unknown"),
        simulator.api("GET", "/users/me", token="revoked-token"),
        simulator.http.get("/users/me", headers={"Authorization": "Basic simulator-token"}),
    ]
    assert [response.status_code for response in refused] == [401] * 4
    assert refused[0].json()["title"] == "Unauthenticated"


def test_missing_scopes_are_named(simulator):
    simulator.token("narrow", scopes=["users:read"])
    assert simulator.api("GET", "/users/me", token="narrow").status_code == 200
    refused = simulator.api("GET", "/event_types", token="narrow")
    assert refused.status_code == 403
    assert refused.json()["title"] == "Insufficient scope"
    assert refused.json()["required_scopes"] == ["event_types:read"]


def test_write_implies_read(simulator):
    simulator.token("writer", scopes=["event_types:write"])
    params = {"user": simulator.user["uri"]}
    assert simulator.api("GET", "/event_types", token="writer", params=params).is_success


@pytest.mark.parametrize("path", ["/event_types", "/scheduled_events", "/organization_memberships"])
def test_a_member_sees_only_their_own(simulator, path):
    simulator.role("user")
    everybody = simulator.api("GET", path, params={"organization": simulator.organization})
    own = simulator.api("GET", path, params={"user": simulator.user["uri"]})
    assert (everybody.status_code, own.status_code) == (403, 200)
    assert everybody.json()["title"] == "Permission Denied"


@pytest.mark.parametrize("path", ["/event_types", "/scheduled_events", "/organization_memberships"])
def test_an_owner_of_the_list_is_required(simulator, path):
    refused = simulator.api("GET", path)
    assert refused.status_code == 400
    assert refused.json()["title"] == "Invalid Argument"
    assert refused.json()["details"][0]["parameter"] == "organization"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("made_up", "1"),
        ("count", "0"),
        ("count", "101"),
        ("count", "many"),
        ("page_token", "nonsense"),
        ("sort", "color:asc"),
        ("active", "maybe"),
        ("user", "ada"),
        ("user", "https://api.calendly.com@evil.example/users/1"),
    ],
)
def test_wrong_parameters_are_named(simulator, name, value):
    params = {"organization": simulator.organization, name: value}
    refused = simulator.api("GET", "/event_types", params=params)
    assert refused.status_code == 400
    assert [detail["parameter"] for detail in refused.json()["details"]] == [name]


def test_unknown_things_are_404(simulator):
    paths = ["/users/nobody", "/event_types/none", "/scheduled_events/none", "/users/a/b/c"]
    assert {simulator.api("GET", path).status_code for path in paths} == {404}
    assert simulator.api("DELETE", "/event_types").json()["title"] == "Resource Not Found"


def test_every_answer_carries_the_rate_limit(simulator):
    simulator.limits(per_minute=3)
    statuses, remaining = [], []
    for path in ["/users/me", "/event_types", "/users/nobody", "/users/me"]:
        response = simulator.api("GET", path)
        statuses.append(response.status_code)
        remaining.append(response.headers["X-RateLimit-Remaining"])
        assert response.headers["X-RateLimit-Limit"] == "3"
        assert 1 <= int(response.headers["X-RateLimit-Reset"]) <= 60
    assert statuses == [200, 400, 404, 429]
    assert remaining == ["2", "1", "0", "0"]
    assert simulator.http.get("/users/me").headers["X-RateLimit-Remaining"] == "2"


def test_booking_by_api_has_a_limit_of_its_own(simulator):
    simulator.limits(invitees_per_minute=0)
    assert simulator.api("POST", "/invitees", json={}).status_code == 429
    assert simulator.api("GET", "/users/me").status_code == 200


def test_the_date_follows_the_clock(simulator):
    before = parsedate_to_datetime(simulator.api("GET", "/users/me").headers["Date"])
    simulator.clock(86_400)
    after = parsedate_to_datetime(simulator.api("GET", "/users/me").headers["Date"])
    assert (after - before).days == 1
