"""Who may call the stand-in Stripe, and how its errors look to Stripe's own client."""

from __future__ import annotations

import pytest
import stripe

from tests.fixtures.stripe import order, stripe_client


def test_a_key_that_is_wrong_or_revoked(simulator, stripe_api):
    for key in ("sk_test_other", "pk_test_simulator"):
        with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
            stripe_client(simulator.url, key).v1.refunds.list()
    simulator.stripe.key(valid=False)
    with pytest.raises(stripe.AuthenticationError) as refused:
        stripe_api.v1.refunds.list()
    assert refused.value.error.code == "api_key_expired"
    assert simulator.http.get("/v1/refunds").status_code == 401


def test_a_restricted_key_may_do_only_what_it_was_given(simulator, stripe_api):
    made = stripe_api.v1.checkout.sessions.create(order())
    simulator.stripe.key(
        "rk_test_narrow", permissions=["checkout_session_write", "payment_intent_read"]
    )
    narrow = stripe_client(simulator.url, "rk_test_narrow").v1
    read = narrow.checkout.sessions.retrieve
    assert read(made.id, {"expand": ["payment_intent"]}).id == made.id
    assert narrow.checkout.sessions.expire(made.id).status == "expired"
    with pytest.raises(stripe.PermissionError, match="rak_charge_read"):
        read(made.id, {"expand": ["payment_intent.latest_charge"]})
    with pytest.raises(stripe.PermissionError, match="rak_refund_write"):
        narrow.refunds.create({"charge": "ch_none"})


@pytest.mark.parametrize(("code", "means"), [("", "rate_limit"), ("lock_timeout", "lock_timeout")])
def test_too_many_requests_and_locked_objects(simulator, stripe_api, code, means):
    simulator.fault("GET /v1/refunds", status=429, code=code)
    with pytest.raises(stripe.RateLimitError) as refused:
        stripe_api.v1.refunds.list()
    assert refused.value.error.code == means
    assert refused.value.request_id.startswith("req_")


def test_another_version_of_the_api_is_not_played(simulator):
    old = stripe.StripeClient(
        simulator.stripe.secret_key,
        stripe_version="2024-06-20",
        base_addresses={"api": simulator.url},
    )
    with pytest.raises(stripe.InvalidRequestError, match="Stripe API version"):
        old.v1.refunds.list()


def test_an_unknown_address_and_a_body_that_is_no_form(simulator):
    headers = {"Authorization": f"Bearer {simulator.stripe.secret_key}"}
    unknown = simulator.http.get("/v1/customers", headers=headers)
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "invalid_request_error")
    as_json = simulator.http.post("/v1/refunds", json={"charge": "ch_1"}, headers=headers)
    assert (as_json.status_code, "content type" in as_json.text) == (400, True)
    torn = simulator.http.post("/v1/refunds", data={"a": "1", "a[b]": "2"}, headers=headers)
    assert (torn.status_code, "two ways" in torn.text) == (400, True)


def test_calls_are_logged_as_nested_values_without_the_key(simulator, stripe_api):
    stripe_api.v1.checkout.sessions.create(order())
    [call] = simulator.requests()
    assert (call["path"], call["status"]) == ("/v1/checkout/sessions", 200)
    assert call["body"]["line_items"][0]["price_data"]["unit_amount"] == "5000"
    assert simulator.stripe.secret_key not in str(call)
