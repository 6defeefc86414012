"""Deletion of invitees' data, for owners and admins of an Enterprise plan."""

from __future__ import annotations

PATH = "/data_compliance/deletion/invitees"


def test_plan_scope_and_parameters_may_refuse(simulator):
    body = {"emails": ["vi@example.org"]}
    assert simulator.api("POST", PATH, json=body).status_code == 403
    simulator.plan(deletion=True)
    assert simulator.api("POST", PATH, json={"emails": ["nobody"]}).status_code == 400
    simulator.token("narrow", scopes=["users:read"])
    assert simulator.api("POST", PATH, json=body, token="narrow").status_code == 403
    simulator.role("user")
    assert simulator.api("POST", PATH, json=body).status_code == 403


def test_who_is_deleted_is_anonymous_from_then_on(simulator):
    simulator.plan(deletion=True)
    uri = simulator.book(email="vi@example.org")["invitee"]["uri"]
    other = simulator.book(email="else@example.org")["invitee"]["uri"]
    answered = simulator.api("POST", PATH, json={"emails": ["vi@example.org"]})
    assert (answered.status_code, answered.json()) == (202, {})
    path = uri.removeprefix("https://api.calendly.com")
    said = simulator.api("GET", path).json()["resource"]
    assert said["email"].endswith("@deleted.calendly.com")
    assert (said["name"], said["questions_and_answers"]) == ("", [])
    kept = simulator.api("GET", other.removeprefix("https://api.calendly.com")).json()["resource"]
    assert kept["email"] == "else@example.org"
